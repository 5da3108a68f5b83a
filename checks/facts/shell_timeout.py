"""TMOUT: after how many idle seconds a shell ends by itself."""

from __future__ import annotations

import re

from checks.fact import Fact, Missing, reads
from checks.source import File, FileText, Glob
from checks.text import Text

SETTING = re.compile(r"(?:^|[\s;])(?:(?:readonly|export|declare|typeset)(?:\s+-[a-z]+)*\s+)?TMOUT=[\"']?(\d{1,9})")
READONLY = re.compile(r"(?:readonly\s+|(?:declare|typeset)\s+-[a-z]*r[a-z]*\s+)(?:\w+\s+)*TMOUT\b")


class ShellTimeout(Fact, frozen=True):
    """All values given to TMOUT by the start-up files of all shells, sorted; empty where none. 0 means never.

    `fixed`: some file makes it readonly, so that users cannot switch it off. Absent: no /etc/profile.
    """

    seconds: tuple[int, ...] = ()
    fixed: bool = False


@reads(File("/etc/profile"), Glob("/etc/profile.d/*.sh"), Glob("/etc/bash.bashrc"), Glob("/etc/bashrc"))
def shell_timeout(
    profile: str, profile_d: tuple[FileText, ...], debian: tuple[FileText, ...], el: tuple[FileText, ...]
) -> ShellTimeout:
    if not profile.strip():
        raise Missing(Text("/etc/profile kosong", "/etc/profile is empty"))
    seconds: set[int] = set()
    fixed = False
    for text in (profile, *(file.text for file in (*profile_d, *debian, *el))):
        for raw in text.splitlines():
            line = raw.strip()
            if not line.startswith("#"):
                seconds.update(int(value) for value in SETTING.findall(line))
                fixed = fixed or bool(READONLY.search(line))
    return ShellTimeout(tuple(sorted(seconds))[:10], fixed)
