from __future__ import annotations

from checks.facts.filesystem_growth import Mount, filesystem_growth
from checks.facts.filesystems import Filesystem, Filesystems
from checks.source import Samples

GIB = 1 << 30


def mounted(*mounts: str) -> Filesystems:
    return Filesystems(
        tuple(Filesystem(mount, f"/dev{mount}", "ext4", 100 * GIB, 50 * GIB, 50 * GIB, 9, 9) for mount in mounts)
    )


def hourly(subject: str, days: int, per_day: float) -> Samples:
    return Samples(subject, tuple((1.7e9 + hour * 3600, per_day * hour / 24) for hour in range(24 * days + 1)))


def test_each_mount_has_its_own_growth_and_a_new_one_none_yet() -> None:
    found = filesystem_growth(
        mounted("/", "/home", "/new", "/unseen"),
        (hourly("/", 30, 0.0), hourly("/home", 8, GIB), hourly("/new", 6, GIB), hourly("/gone", 30, 1.0)),
    )
    growth = {one.mount: one.growth and (one.growth.slope, one.growth.days) for one in found.mounts}
    assert growth == {"/": (0.0, 30.0), "/home": (float(f"{GIB:.6g}"), 8.0), "/new": None, "/unseen": None}
    assert found.mounts[2] == Mount("/new", 50 * GIB, None)
