"""Whether programs that crash may leave their memory on disk."""

from __future__ import annotations

import re

from checks.fact import Fact, Missing, Recipe
from checks.source import File, FileStat, FileText, Glob, Stat
from checks.text import Text

HARD = re.compile(r"^[ \t]*\*[ \t]+(?:hard|-)[ \t]+core[ \t]+(\d+|unlimited|infinity|-1)[ \t]*(?:#.*)?$", re.MULTILINE)


class CoreDumps(Fact, frozen=True):
    """`suid_dumpable` as the kernel has it; `hard_limit`: everybody's hard limit of core files ("" if none is set);
    `storage`: what systemd-coredump does with them ("" where it is not installed). Never absent.
    """

    suid_dumpable: int
    hard_limit: str = ""
    storage: str = ""


def _core_dumps(
    suid: str,
    handler: tuple[FileStat, ...],
    limits: tuple[FileText, ...],
    more_limits: tuple[FileText, ...],
    *coredump: tuple[FileText, ...],
) -> CoreDumps:
    if suid.strip() not in {"0", "1", "2"}:
        raise Missing(Text("fs.suid_dumpable tidak terbaca", "fs.suid_dumpable cannot be read"))
    found = [match for file in (*limits, *more_limits) for match in HARD.findall(file.text)]
    installed = any(one.path != "/" for one in handler)
    return CoreDumps(int(suid), found[-1] if found else "", _storage(coredump) if installed else "")


def _storage(groups: tuple[tuple[FileText, ...], ...]) -> str:
    """The last Storage= by coredump.conf(5); a drop-in in /etc hides the vendor's of the same name."""
    main, *drop_ins = groups
    by_name = {file.path.rsplit("/", 1)[-1]: file.text for group in drop_ins for file in group}
    storage = "external"
    for text in (*(file.text for file in main), *(by_name[name] for name in sorted(by_name))):
        for value in re.findall(r"^[ \t]*Storage[ \t]*=[ \t]*(\w*)", text, re.MULTILINE):
            storage = value.lower() or "external"
    return storage[:20]


core_dumps = Recipe(
    CoreDumps,
    (
        File("/proc/sys/fs/suid_dumpable"),
        Stat(("/", "/usr/lib/systemd/systemd-coredump", "/lib/systemd/systemd-coredump")),
        Glob("/etc/security/limits.conf"),
        Glob("/etc/security/limits.d/*.conf"),
        Glob("/etc/systemd/coredump.conf"),
        Glob("/usr/lib/systemd/coredump.conf.d/*.conf"),
        Glob("/etc/systemd/coredump.conf.d/*.conf"),
    ),
    _core_dumps,
)
