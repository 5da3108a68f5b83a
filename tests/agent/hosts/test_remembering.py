from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.history import History
from agent.hosts.local import LocalHost
from agent.hosts.remembering import RememberingHost, remember, series
from agent.survey import Survey
from checks.catalogue import catalogue
from checks.check import HOUR
from checks.fact import Fact, Missing, Snapshot, recipes
from checks.facts.filesystem_growth import FilesystemGrowth
from checks.facts.filesystems import Filesystem, Filesystems
from checks.facts.interfaces import Interfaces
from checks.source import File, Usage
from checks.source import History as Remembered
from checks.text import words

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
GROWTH = series([FilesystemGrowth])
((USED,),) = GROWTH.values()


def host(tmp_path: Path) -> RememberingHost:
    return RememberingHost(LocalHost(), History(tmp_path / "history.db", 400), NOW.timestamp)


def filled(used: int, mount: str = "/") -> Snapshot:
    one = Filesystem(mount, "/dev/vda1", "ext4", 1 << 40, used, 1 << 39, 1000, 500)
    return Snapshot({Filesystems: Filesystems((one,))})


def test_everything_else_is_asked_of_the_host(tmp_path: Path) -> None:
    assert host(tmp_path).read(File("/proc/version")) == Path("/proc/version").read_text()


def test_without_a_daemon_it_says_how_long_it_will_take(tmp_path: Path) -> None:
    with pytest.raises(Missing) as missing:
        host(tmp_path).read(USED)
    assert words(missing.value.reason, "en") == (
        "needs 7 days of samples, and there are none yet; `pantau-agent run` gathers them"
    )


def test_in_its_first_days_it_says_how_long_it_will_take_still(tmp_path: Path) -> None:
    remembering = host(tmp_path)
    for hour in range(24 * 2 + 1):
        remember(remembering.memory, GROWTH, filled(hour), NOW - timedelta(hours=hour))
    with pytest.raises(Missing, match=r"needs 7 days of samples; there are 2.0 so far, 5.0 to go"):
        remembering.read(USED)
    assert Survey(remembering).outcome(FilesystemGrowth).missing is not None


def test_what_surveys_read_becomes_a_trend_of_this_very_machine(tmp_path: Path) -> None:
    remembering = host(tmp_path)
    mount = LocalHost().read(Usage(Filesystems)).filesystems[0].mount
    for hour in range(24 * 10, -1, -1):
        remember(remembering.memory, GROWTH, filled((240 - hour) << 20, mount), NOW - timedelta(hours=hour))
    fact = Survey(remembering).outcome(FilesystemGrowth).fact
    assert isinstance(fact, FilesystemGrowth)
    growth = {one.mount: one.growth for one in fact.mounts}[mount]
    assert growth is not None
    assert growth.slope == pytest.approx(24 << 20)
    assert (growth.days, growth.points) == (10.0, 241)


def test_a_history_that_is_damaged_is_missing_and_said(tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"garbage " * 1000)
    with pytest.raises(Missing, match="history cannot be read"):
        host(tmp_path).read(USED)


def test_a_file_that_may_not_be_read_is_missing(tmp_path: Path) -> None:
    (tmp_path / "history.db").mkdir()
    with pytest.raises(Missing, match="history cannot be read"):
        host(tmp_path).read(USED)


def test_every_fact_that_is_remembered_is_read_often_enough_to_fill_its_steps() -> None:
    found = catalogue()
    for fact, sources in series(found.facts.values()).items():
        every = min(check.every for check in found.taking[fact])
        for source in sources:
            if not source.needs:  # a memory that holds no quantity of which a trend would be made
                continue
            assert every <= 6 * HOUR
            assert source.days * 86400 / max(every, source.step) >= 20 * source.days / source.needs
            assert source.days * 86400 / source.step <= 2160  # points of one subject


def test_a_series_means_the_same_to_all_who_ask_for_it() -> None:
    seen: dict[str, Remembered[Fact]] = {}
    for fact in catalogue().facts.values():
        for recipe in recipes(fact):
            for source in recipe.sources:
                if isinstance(source, Remembered):
                    assert seen.setdefault(source.series, source) == source
    assert {"Filesystems.used", "Interfaces.received", "Interfaces.sent"} <= set(seen)


def test_facts_that_nobody_remembers_cost_nothing(tmp_path: Path) -> None:
    remember(History(tmp_path / "history.db", 1), GROWTH, Snapshot({Interfaces: Interfaces(())}), NOW)
    assert not (tmp_path / "history.db").exists()
