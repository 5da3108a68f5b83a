from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from checks.calendar import end_of_working_day, today, told


def test_moments_are_told_in_wib() -> None:
    late = datetime(2026, 11, 22, 20, 30, 59, tzinfo=UTC)
    assert told(late) == "2026-11-23 03:30 WIB"
    assert today(late) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("began", "days", "days_off", "end"),
    [
        ("2026-11-23T10:00+07:00", 0, (), "2026-11-23 23:59"),
        ("2026-11-23T10:00+07:00", 1, (), "2026-11-24 23:59"),
        ("2026-11-27T22:00+07:00", 1, (), "2026-11-30 23:59"),  # a Friday: Monday
        ("2026-11-27T20:00+00:00", 1, (), "2026-11-30 23:59"),  # already Saturday in WIB
        ("2026-11-27T10:00+07:00", 1, (date(2026, 11, 30),), "2026-12-01 23:59"),
        ("2026-11-27T10:00+07:00", 2, (date(2026, 11, 30),), "2026-12-02 23:59"),
    ],
)
def test_working_days_pass_over_weekends_and_days_off(
    began: str, days: int, days_off: tuple[date, ...], end: str
) -> None:
    found = end_of_working_day(datetime.fromisoformat(began), days, days_off)
    assert told(found) == f"{end} WIB"
