from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.calendar import WIB
from collector.calendar import named_days_off, version
from collector.enforcement.calendar import Calendar, Effect, Override, working_calendar
from collector.enforcement.case import passed
from collector.enforcement.deadline import SPAN, explain, improvement, objection
from collector.enforcement.unlawful import Unlawful

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def known(first: date, *overrides: Override) -> Calendar:
    return working_calendar(version(), named_days_off(first, first + SPAN), overrides, NOW)


@pytest.mark.parametrize(
    ("received", "due"),
    [  # domain.md 4: tried with the library on real years
        ("2026-03-17", "2026-03-31"), ("2026-12-23", "2027-01-04"), ("2025-08-15", "2025-08-25"),
        ("2026-05-13", "2026-05-22"), ("2026-03-14", "2026-03-27"),
    ],
)  # fmt: skip
def test_five_working_days_across_holidays_and_joint_leave(received: str, due: str) -> None:
    on = date.fromisoformat(received)
    assert objection(on, known(on)).due.isoformat() == f"{due}T23:59:59+07:00"


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-03-17", "2026-03-25"),
        ("2026-12-23", "2026-12-31"),
        ("2025-08-15", "2025-08-22"),
        ("2026-05-13", "2026-05-21"),
    ],
)
def test_without_joint_leave_the_same_windows_end_earlier(received: str, due: str) -> None:
    """What LKPP gets when it makes every day of joint leave a working day."""
    on = date.fromisoformat(received)
    leave = [day for day, name in named_days_off(on, on + SPAN).items() if name.startswith("Cuti Bersama")]
    overrides = [Override(NOW, key, day, Effect.WORKING, "SE") for key, day in enumerate(leave)]
    assert objection(on, known(on, *overrides)).due.date().isoformat() == due


def test_every_day_is_explained() -> None:
    on = date(2026, 3, 17)
    calendar = known(on)
    lines = explain(objection(on, calendar), calendar)
    assert [(line.day.day, line.working, line.count) for line in lines] == [
        (17, True, None), (18, False, None), (19, False, None), (20, False, None), (21, False, None), (22, False, None),
        (23, False, None), (24, False, None), (25, True, 1), (26, True, 2), (27, True, 3), (28, False, None),
        (29, False, None), (30, True, 4), (31, True, 5),
    ]  # fmt: skip
    assert (lines[0].weekday.id, lines[0].why.id) == ("Selasa", "hari diterima, tidak dihitung")
    assert lines[1].why.id == "Cuti Bersama Hari Suci Nyepi"
    assert lines[11].why.id == "akhir pekan"


def test_improvement_counts_calendar_days() -> None:
    on = date(2026, 3, 17)
    made = improvement(on, 30, known(on))
    assert made.due.isoformat() == "2026-04-16T23:59:59+07:00"
    assert explain(made, known(on))[-1].count == 30


def test_the_last_second_still_counts() -> None:
    due = datetime(2026, 3, 31, 23, 59, 59, tzinfo=WIB)
    assert not passed(due, due + timedelta(milliseconds=999))
    assert passed(due, due + timedelta(seconds=1))


def test_a_calendar_without_working_days_is_refused() -> None:
    on = date(2026, 3, 17)
    never = Calendar("none", {on + timedelta(days=number): "libur" for number in range(2000)})
    with pytest.raises(Unlawful, match="no 5 working days"):
        objection(on, never)


DAYS = st.dates(date(2022, 10, 1), date(2027, 6, 1))
OVERRIDES = st.lists(st.tuples(st.integers(-3, 25), st.sampled_from(Effect)), max_size=8)


@given(DAYS, OVERRIDES)
def test_whatever_the_calendar_says_there_are_exactly_five_working_days_after_receipt(
    on: date, said: list[tuple[int, Effect]]
) -> None:
    overrides = [Override(NOW, key, on + timedelta(days=day), effect, "SE") for key, (day, effect) in enumerate(said)]
    calendar = known(on, *overrides)
    made = objection(on, calendar)
    last = made.due.date()
    after = [on + timedelta(days=number) for number in range(1, (last - on).days + 1)]
    assert sum(calendar.works(day) for day in after) == 5
    assert calendar.works(last)
    assert [line.day for line in explain(made, calendar)] == [on, *after]
    assert made == objection(on, calendar)
