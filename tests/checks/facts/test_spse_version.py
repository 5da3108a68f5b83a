from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agent.history import History
from agent.hosts.local import LocalHost
from agent.hosts.remembering import RememberingHost, remember, series
from agent.survey import Survey
from checks.fact import Snapshot
from checks.facts.backups import Backups, Guard, Series
from checks.facts.spse_version import SpseVersion, spse_version
from checks.source import Answer, Http, Samples, Source
from tests.checks.facts.fuzzing import gives_or_says_why
from tests.checks.real import real
from tests.checks.trees import plant
from tests.spse_stand_in import spse

T = TypeVar("T")
NOW = datetime.now(UTC).replace(microsecond=0)
TEXT = real("spse/metrics.txt")
REMEMBERED = series([SpseVersion])
CONFIG = "application.mode=prod\nhttp.path=/eproc4\nhttp.port="


def ago(**hours: float) -> datetime:
    return NOW - timedelta(**hours)


def dump(made: datetime) -> Backups:
    one = Series("/var/backups/epns_prod-#.dump", 1, made.timestamp(), 1 << 20, 0, 1, 1)
    return Backups((one,), Guard(1, 0, 0, 0, 0, 0))


def told(memory: History, root: Path, release: str) -> SpseVersion:
    """What an agent with this memory reads of an SPSE that says this release."""
    with spse(allow=("127.0.0.1",), metrics=TEXT.replace('version="4.5"', f'version="{release}"')) as server:
        plant(root, "/home/appserv/spse/webapp/conf/application.conf", f"{CONFIG}{server.port}\n")
        fact = Survey(RememberingHost(Rooted(str(root)), memory, NOW.timestamp)).outcome(SpseVersion).fact
    assert isinstance(fact, SpseVersion)
    return fact


class Rooted(LocalHost):
    """Files below a root of the test; SPSE is asked on loopback as ever."""

    def read(self, source: Source[T]) -> T:
        return LocalHost().read(source) if isinstance(source, Http) else super().read(source)


def keep(memory: History, at: datetime, release: str, made: datetime | None = None) -> None:
    facts = {SpseVersion: SpseVersion((release,))} | ({Backups: dump(made)} if made else {})
    remember(memory, REMEMBERED, Snapshot(facts), at)


def test_without_a_memory_nothing_is_known_of_changes(tmp_path: Path) -> None:
    found = told(History(tmp_path / "history.db", 400), tmp_path / "root", "4.5")
    assert found == SpseVersion(("4.5",))


def test_a_release_that_stays_is_watched_since_the_first_time(tmp_path: Path) -> None:
    memory = History(tmp_path / "history.db", 400)
    for hours in range(50, -1, -1):
        keep(memory, ago(hours=hours), "4.5")
    assert told(memory, tmp_path / "root", "4.5") == SpseVersion(("4.5",), ago(hours=50))


def test_a_change_is_placed_between_two_readings_with_the_backup_before_it(tmp_path: Path) -> None:
    memory = History(tmp_path / "history.db", 400)
    for hours in range(50, -1, -1):
        made = ago(hours=30) if hours > 2 else ago(hours=2)  # the later dump replaced the one from before
        keep(memory, ago(hours=hours), "4.4" if hours > 10 else "4.5", made)
    found = told(memory, tmp_path / "root", "4.5")
    assert found.change is not None
    assert (found.change.until, found.change.since, found.change.dump) == (
        ago(hours=11), ago(hours=10), ago(hours=30),
    )  # fmt: skip


def test_a_change_that_was_only_just_made_has_no_later_end(tmp_path: Path) -> None:
    memory = History(tmp_path / "history.db", 400)
    keep(memory, ago(hours=2), "4.4")
    found = told(memory, tmp_path / "root", "4.5")
    assert found.change is not None
    assert (found.change.until, found.change.since, found.change.dump) == (ago(hours=2), None, None)


def test_a_reading_in_which_spse_did_not_say_its_release_is_not_remembered(tmp_path: Path) -> None:
    memory = History(tmp_path / "history.db", 400)
    keep(memory, ago(hours=3), "4.5")
    keep(memory, ago(hours=2), "")
    assert told(memory, tmp_path / "root", "4.5").change is None


@given(
    st.lists(st.tuples(st.floats(), st.floats()), max_size=8), st.lists(st.tuples(st.floats(), st.floats()), max_size=4)
)
def test_whatever_was_remembered_gives_a_fact_that_can_be_sent(
    seen: list[tuple[float, float]], dumps: list[tuple[float, float]]
) -> None:
    found = gives_or_says_why(
        spse_version, Answer(200, {}, TEXT), (), (Samples("", tuple(seen)),), (Samples("", tuple(dumps)),)
    )
    assert isinstance(found, SpseVersion)
    assert msgspec.json.decode(msgspec.json.encode(found), type=SpseVersion) == found
