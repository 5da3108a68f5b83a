from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.power_events import PowerEvents, apcupsd, upsmon
from checks.facts.ups import UpsNames
from checks.source import FileStat
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real

KEPT = (FileStat("/var/log/journal/ab/system.journal", "file", 0o640, 0, 0, 8 << 20, 0.0),)
EVENTS, JOURNAL = "linux/apcupsd.events", "linux/journalctl-upsmon.txt"


def moments(events: PowerEvents) -> list[str]:
    return [at.isoformat() for at in events.failures]


def test_apcupsd_notes_each_failure() -> None:
    assert moments(apcupsd(real(EVENTS))) == ["2026-11-20T06:54:17+07:00", "2026-10-02T06:54:12+07:00"]


def test_upsmon_notes_each_failure_under_its_old_and_new_name() -> None:
    assert moments(upsmon(KEPT, real(JOURNAL))) == ["2026-11-20T02:00:10+07:00", "2026-11-19T08:11:05+07:00"]
    assert upsmon(KEPT, "-- No entries --\n") == PowerEvents(())


def test_it_is_asked_only_where_nut_knows_a_ups() -> None:
    assert upsmon.given is UpsNames


def test_a_journal_that_ends_with_the_boot_cannot_tell() -> None:
    with pytest.raises(Missing, match="over restarts"):
        upsmon((FileStat("/", "directory", 0o755, 0, 0, 0, 0.0),), "-- No entries --\n")


@pytest.mark.parametrize("printed", ["", "\n", "Permission denied\n", real(EVENTS)])
def test_what_is_no_journal_is_missing(printed: str) -> None:
    with pytest.raises(Missing):
        upsmon(KEPT, printed)


@pytest.mark.parametrize("text", ["", "Power failure.\n", "2026-13-45 06:54:17 +0700  Power failure.\n"])
def test_what_is_no_log_of_events_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        apcupsd(text)


@given(
    mixed(
        "2026-11-20 06:54:17 +0700  Power failure.\n", "2026-11-20T02:00:10+0700 h upsmon[1]: UPS a on battery\n", "99"
    )
)
def test_no_text_breaks_it(text: str) -> None:
    gives_or_says_why(apcupsd, text)
    gives_or_says_why(upsmon, KEPT, text)
