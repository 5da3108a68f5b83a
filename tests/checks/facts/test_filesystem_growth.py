from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.filesystem_growth import Mount, filesystem_growth, growth_by_sysstat
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


HEADER = "# hostname;interval;timestamp;FILESYSTEM;MBfsfree;MBfsused;%fsused;%ufsused;Ifree;Iused;%Iused\n"


def archived(device: str, days: int, per_day: float) -> str:
    """What sadf prints of a device that filled by so many MiB a day until the 23rd of November."""
    lines = []
    for number in range(days):
        used = 50 * 1024 - per_day * (days - number)
        at = f"2026-11-{23 - days + number:02} "
        lines += [
            f"vm;3600;{at}{hour:02}:00:01 UTC;{device};9;{used + per_day * hour / 24:.0f};50.00;50.00;9;9;50.00\n"
            for hour in range(24)
        ]
    return HEADER + "".join(lines)


def test_on_a_new_agent_sysstat_tells_the_growth_where_it_records_file_systems() -> None:
    found = growth_by_sysstat(mounted("/a", "/b"), archived("/dev/a", 14, 240), "1795420000 2026-11-23\n")
    growth = {one.mount: one.growth for one in found.mounts}

    assert growth["/a"] is not None
    assert (growth["/a"].slope, growth["/a"].days) == (pytest.approx(240 << 20, rel=0.02), pytest.approx(14.3, abs=0.2))
    assert found.mounts[0].basis == "sysstat"
    assert found.mounts[1] == Mount("/b", 50 * GIB, None)


@pytest.mark.parametrize("text", ["", HEADER, archived("/dev/a", 4, 1), archived("/dev/other", 14, 1)])
def test_archives_that_say_too_little_are_missing(text: str) -> None:
    with pytest.raises(Missing):
        growth_by_sysstat(mounted("/a"), text, "1795420000 2026-11-23\n")
