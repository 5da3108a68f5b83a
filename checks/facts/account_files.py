"""Who may read and change the files that hold accounts."""

from __future__ import annotations

from checks.fact import Fact, Missing, reads
from checks.facts.permissions import Permissions, permissions
from checks.source import File, FileStat, Stat
from checks.text import Text

PATHS = tuple(f"/etc/{name}{backup}" for name in ("passwd", "shadow", "group", "gshadow") for backup in ("", "-"))


class AccountFiles(Fact, frozen=True):
    """Permissions of passwd, shadow, group, gshadow and their backups, those that exist. Never absent."""

    files: tuple[Permissions, ...]


@reads(Stat(PATHS), File("/etc/group"))
def account_files(files: tuple[FileStat, ...], etc_group: str) -> AccountFiles:
    found = permissions(files, etc_group)
    if not {"/etc/passwd", "/etc/shadow", "/etc/group"} <= {file.path for file in found}:
        raise Missing(
            Text(
                "/etc/passwd, /etc/shadow, atau /etc/group bukan berkas biasa",
                "/etc/passwd, /etc/shadow or /etc/group is not a regular file",
            )
        )
    return AccountFiles(found)
