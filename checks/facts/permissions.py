"""Owner, group and mode of files, as other facts hold them. No fact of its own."""

from __future__ import annotations

import msgspec

from checks.fact import Missing
from checks.source import FileStat
from checks.text import Text


class Permissions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One path: permission bits, owner (root, or its number) and group (its name, or its number)."""

    path: str
    mode: int
    owner: str
    group: str

    @property
    def words(self) -> str:
        """These permissions as `ls` and `chmod` speak of them: "0640 root:shadow"."""
        return f"{self.mode:04o} {self.owner}:{self.group}"

    def within(self, mode: int, groups: tuple[str, ...]) -> bool:
        """Owned by root, by one of `groups`, and no bit beyond `mode`?"""
        return self.owner == "root" and self.group in groups and not self.mode & ~mode


def permissions(files: tuple[FileStat, ...], etc_group: str) -> tuple[Permissions, ...]:
    """`files` with names from /etc/group. Links are left out: their own mode says nothing."""
    names = group_names(etc_group)
    return tuple(
        Permissions(
            file.path, file.mode, "root" if file.uid == 0 else str(file.uid), names.get(file.gid, str(file.gid))
        )
        for file in files
        if file.kind == "file"
    )


def group_names(etc_group: str) -> dict[int, str]:
    """Names of groups by their numbers. Raises Missing if the text has no group root."""
    names: dict[int, str] = {}
    for line in etc_group.splitlines():
        fields = line.split(":")
        if len(fields) == 4 and fields[2].isdecimal():
            names.setdefault(int(fields[2]), fields[0])
    if names.get(0) != "root":
        raise Missing(Text("/etc/group tidak memuat grup root", "/etc/group does not name the group root"))
    return names
