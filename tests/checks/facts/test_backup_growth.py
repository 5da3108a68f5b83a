from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts.backup_growth import BackupGrowth, kept, with_growth, with_growth_by_dates
from checks.facts.backups import PLACES
from checks.source import FileStat, FileText, Samples
from checks.trend import DAY

PASSWD = (FileText("/etc/passwd", "root:x:0:0\n"),)
MIB = 1 << 20


def copy(name: str, day: float, size: int, uid: int = 0) -> FileStat:
    return FileStat(f"/backup/{name}-{int(day):02}.dump", "file", 0o600, uid, 0, size, 1.76e9 + day * DAY)


def test_each_new_copy_that_is_larger_lets_all_that_are_kept_grow() -> None:
    prod = [copy("epns_prod", day, (100 + day) * MIB) for day in range(14)]
    small = [copy("epns_lat", day, MIB) for day in range(3)]
    found = with_growth_by_dates((*prod, *small), (), PASSWD)

    assert found.growth is not None
    assert (found.basis, found.total) == ("backups", sum(one.size for one in (*prod, *small)))
    assert found.growth.slope == pytest.approx(14 * MIB, rel=1e-5)  # 14 copies, each a MiB a day larger
    assert (found.growth.points, found.growth.days) == (14, 13.0)


def test_too_few_copies_tell_the_total_and_no_growth() -> None:
    found = with_growth_by_dates(tuple(copy("epns_prod", day, MIB) for day in range(6)), (), PASSWD)
    assert found == BackupGrowth(6 * MIB)


def test_a_series_that_is_the_smaller_part_does_not_speak_for_all() -> None:
    large = [copy("epns_prod", day, 900 * MIB) for day in range(2)]
    found = with_growth_by_dates((*large, *(copy("epns_lat", day, day * MIB) for day in range(1, 15))), (), PASSWD)
    assert found.growth is None


def test_own_history_wins_as_soon_as_it_is_long_enough() -> None:
    files = tuple(copy("epns_prod", day, 100 * MIB) for day in range(14))
    points = tuple((1.76e9 + n * DAY / 4, 1e9 + n * 25e6) for n in range(40))
    found = with_growth(files, (), PASSWD, (Samples("", points),))
    assert found.growth is not None
    assert (found.basis, found.growth.slope) == ("samples", pytest.approx(1e8))
    with pytest.raises(Missing, match="not known yet"):
        with_growth(files, (), PASSWD, (Samples("", points[:10]),))


def test_nothing_to_count_is_missing() -> None:
    with pytest.raises(Missing):
        with_growth_by_dates((), (), PASSWD)


def test_real_files_with_real_dates_tell_it(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    folder.mkdir()
    for day in range(10):
        path = folder / f"epns_prod-2026-11-{day + 1:02}.dump"
        path.write_bytes(b"x" * (100_000 + 5000 * day))
        at = time.time() - (10 - day) * DAY
        os.utime(path, (at, at))
    found = with_growth_by_dates(LocalHost(str(tmp_path)).read(PLACES), (), PASSWD)
    assert found.growth is not None
    assert found.growth.slope == pytest.approx(10 * 5000, rel=1e-3)
    assert found.growth.grows


@given(
    st.lists(
        st.lists(st.tuples(st.floats(0, 4e9), st.floats(1, 1e15)), max_size=12).map(lambda one: tuple(sorted(one))),
        max_size=4,
    )
)
def test_the_interval_holds_the_slope_whatever_the_copies(series: list[tuple[tuple[float, float], ...]]) -> None:
    moving = kept(series, int(sum(size for points in series for _, size in points)))
    if moving is not None:
        assert moving.low <= moving.slope <= moving.high
