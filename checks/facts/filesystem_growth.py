"""How fast file systems fill, from what the agent remembers of them."""

from __future__ import annotations

import msgspec

from checks.fact import Fact, reads
from checks.facts.filesystems import Filesystems
from checks.source import History, Samples, Usage
from checks.trend import Trend, trend


class Mount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file system: bytes `free` now, and its growth in bytes a day; None while it is known for too short a time."""

    mount: str
    free: int
    growth: Trend | None


class FilesystemGrowth(Fact, frozen=True):
    """Growth of all file systems that store data, over up to 30 days. Never absent."""

    mounts: tuple[Mount, ...]


def _used(found: Filesystems) -> dict[str, float]:
    return {one.mount: one.used for one in found.filesystems}


@reads(Usage(Filesystems), History(Filesystems, "used", _used))
def filesystem_growth(now: Filesystems, remembered: tuple[Samples, ...]) -> FilesystemGrowth:
    points = {one.subject: one.points for one in remembered}
    return FilesystemGrowth(
        tuple(Mount(one.mount, one.free, trend(points.get(one.mount, ()))) for one in now.filesystems)
    )
