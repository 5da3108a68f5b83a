from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from checks.fact import Missing
from checks.facts.log_rates import Rate, clock, rate

NOW = datetime(2026, 11, 23, 10, 0)


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def times(*per_day: int) -> list[datetime]:
    """So many in the last 24 hours, in the 24 before, and so on."""
    return [ago(24 * day + 12) for day, number in enumerate(per_day) for _ in range(number)]


def test_the_last_day_is_set_against_the_median_of_the_seven_before() -> None:
    assert rate(times(90, 10, 20, 30, 40, 50, 60, 70, 999), ago(24 * 30), NOW) == Rate(90, 7, 40.0)


def test_days_without_any_count_as_none() -> None:
    assert rate(times(5, 0, 0, 0, 8), ago(24 * 30), NOW) == Rate(5, 7, 0.0)


def test_only_whole_days_that_the_log_reaches_back_to_count() -> None:
    assert rate(times(5, 4, 2), ago(24 * 3 + 1), NOW) == Rate(5, 2, 3.0)
    assert rate(times(5), ago(3), NOW) == Rate(5, 0, 0.0)
    assert rate([], NOW + timedelta(hours=1), NOW) == Rate(0, 0, 0.0)


def test_what_is_a_minute_ahead_is_now_and_what_is_days_ahead_is_not_counted() -> None:
    assert rate([NOW + timedelta(minutes=1), NOW + timedelta(days=3)], ago(1), NOW).recent == 1


def test_the_clock_is_read_without_its_zone() -> None:
    assert clock("2026-11-23T10:00:00+0700\n") == NOW
    with pytest.raises(Missing):
        clock("Mon Nov 23")
