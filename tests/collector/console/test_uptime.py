from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from checks.verdict import Status
from collector.console.uptime import DAYS, HEIGHT, Day, Stretch, stretch, uptime
from collector.surveillance.state import Segment

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # noon in WIB
HOUR = timedelta(hours=1)


def segment(status: Status, since: float, until: float) -> Segment:
    """From so many hours ago until so many hours ago."""
    return Segment(status, NOW - since * HOUR, NOW - until * HOUR, 2)


def test_availability_is_a_share_of_what_was_observed_and_the_rest_stands_beside_it() -> None:
    segments = [segment(Status.PASS, 10, 4), segment(Status.FAIL, 4, 2)]  # and nobody looked for two hours
    found = stretch(segments, NOW - 12 * HOUR, NOW)
    assert (found.up, found.down, found.unobserved) == (6 * 3600, 2 * 3600, 4 * 3600)
    assert found.availability == 0.75
    assert found.unobserved_share == 4 / 12


def test_what_could_not_be_told_is_unobserved() -> None:
    found = stretch([segment(Status.UNKNOWN, 5, 0)], NOW - 5 * HOUR, NOW)
    assert found.availability is None
    assert found.unobserved_share == 1.0


def test_days_are_days_in_wib_and_the_last_one_ends_now() -> None:
    found = uptime([segment(Status.PASS, 48, 0)], NOW - timedelta(days=90), NOW, WIB)
    assert len(found.days) == DAYS
    assert found.days[-1].on == date(2026, 11, 23)
    assert found.days[-1].stretch.up == 12 * 3600
    assert found.days[-2].stretch.up == 24 * 3600


def test_before_it_was_registered_there_was_nothing_to_observe() -> None:
    found = uptime([segment(Status.PASS, 10, 0)], NOW - 10 * HOUR, NOW, WIB)
    assert found.all.unobserved == 0
    assert found.days[0].bars == []


def test_days_with_an_outage_are_listed_the_latest_first() -> None:
    segments = [segment(Status.FAIL, 60, 59), segment(Status.PASS, 59, 30), segment(Status.FAIL, 30, 29)]
    found = uptime(segments, NOW - timedelta(days=90), NOW, WIB)
    assert [day.on.day for day in found.bad] == [22, 21]


@given(*(st.integers(0, 86_400) for _ in range(3)))
def test_the_bars_of_a_day_fill_it_and_an_outage_is_always_seen(up: int, down: int, unobserved: int) -> None:
    bars = Day(date(2026, 11, 1), Stretch(up, down, unobserved), 0).bars
    if up + down + unobserved > 0:
        assert abs(sum(bar.height for bar in bars) - HEIGHT) < 0.1
    assert any(bar.what == "down" and bar.height >= 4 for bar in bars) == (down > 0)
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT + 0.02 for bar in bars)
