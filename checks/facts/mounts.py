"""What is mounted where, with which options."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Fact, Missing, reads
from checks.source import File
from checks.text import Text

KEPT = ("/", "/boot", "/dev/shm", "/home", "/opt", "/srv", "/tmp", "/var", "/var/log", "/var/log/audit", "/var/tmp")  # noqa: S108


class Mount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mount: file system type and options."""

    kind: str
    options: tuple[str, ...]


class Mounts(Fact, frozen=True):
    """The mounts on the paths of `KEPT`, by path; a path that is not here is no mount of its own. Never absent."""

    mounts: dict[str, Mount]


@reads(File("/proc/1/mounts"), root=True)
def of_init(text: str) -> Mounts:
    """As init sees them: a service may have a private /tmp."""
    return _mounts(text)


@reads(File("/proc/self/mounts"))
def of_this_process(text: str) -> Mounts:
    return _mounts(text)


def _mounts(text: str) -> Mounts:
    mounts: dict[str, Mount] = {}
    for line in text.splitlines():
        fields = line.split(" ")
        if len(fields) != 6 or not fields[1].startswith("/"):
            raise Missing(
                Text(
                    f"daftar mount tidak dapat dibaca: {line[:60]!r}",
                    f"the list of mounts cannot be read: {line[:60]!r}",
                )
            )
        path = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1])
        if path in KEPT:  # the last mount on a path hides the earlier ones
            mounts[path] = Mount(fields[2], tuple(sorted(fields[3].split(",")))[:20])
    if "/" not in mounts:
        raise Missing(Text("daftar mount tidak memuat /", "the list of mounts has no root"))
    return Mounts(mounts)
