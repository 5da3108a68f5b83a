"""File systems: how full they are, and what their disks do."""

from __future__ import annotations

import msgspec

from checks.fact import Fact, reads
from checks.facts.processor import SHORT
from checks.source import Usage


class Filesystem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mounted file system on a device; sizes in bytes. `used` and `free` are as an unprivileged process sees them."""

    mount: str
    device: str
    kind: str
    size: int
    used: int
    free: int
    inodes: int
    inodes_free: int
    options: tuple[str, ...] = ()


class Filesystems(Fact, frozen=True):
    """All file systems that store data (no pseudo, read-only or container overlay mounts). Never absent."""

    filesystems: tuple[Filesystem, ...]


class Disk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One disk over `DiskActivity.window`: mean wait per operation in seconds, share of the time it was busy (0 to 1)."""

    name: str
    operations: int
    wait: float
    busy: float


class DiskActivity(Fact, frozen=True):
    """What the disks did in the last `window` seconds. Absent: no disk that the kernel counts.

    The window reaches back to the survey before; where there was none it is a sample of half a second.
    """

    window: float
    disks: tuple[Disk, ...]

    @property
    def short(self) -> bool:
        """Is the window too short to say more than what happened just then?"""
        return self.window < SHORT


@reads(Usage(Filesystems))
def filesystems(reading: Filesystems) -> Filesystems:
    return reading


@reads(Usage(DiskActivity))
def disk_activity(reading: DiskActivity) -> DiskActivity:
    return reading
