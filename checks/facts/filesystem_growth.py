"""How fast file systems fill: from what the agent remembers of them, before that from what sysstat recorded."""

from __future__ import annotations

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts import clock
from checks.facts.filesystems import Filesystems
from checks.facts.sysstat import SPACE, space
from checks.source import History, Samples, Usage
from checks.text import Text
from checks.trend import Basis, Trend, trend


class Mount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file system: bytes `free` now, and its growth in bytes a day; None while it is known for too short a time.

    `basis`: the agent's own samples, or sysstat's archives.
    """

    mount: str
    free: int
    growth: Trend | None
    basis: Basis = "samples"


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


@reads(Usage(Filesystems), SPACE, clock.CLOCK)
def growth_by_sysstat(now: Filesystems, archived: str, printed: str) -> FilesystemGrowth:
    at = clock.moment(printed)
    points = space(archived, at)
    found = []
    for one in now.filesystems:
        known = points.get(one.device, [])
        moving = trend([*known, (at.timestamp(), float(one.used))]) if known else None
        found.append(Mount(one.mount, one.free, moving, "sysstat" if moving else "samples"))
    if not any(one.growth for one in found):
        raise Missing(Text("arsip sysstat terlalu pendek", "sysstat's archives are too short"))
    return FilesystemGrowth(tuple(found))
