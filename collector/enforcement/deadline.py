"""Deadlines: the window for objecting, in working days, and the time for improvement, in calendar days. Pure.

Laws:
- The day of receipt is not counted. A deadline ends at 23:59:59 WIB of its last day.
- The window for objecting has five working days (152/2022, 2.3): the decree's number, not LKPP's.
- What a deadline was made of is kept with it; the same inputs give the same deadline and the same explanation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from checks.calendar import WIB
from checks.text import Text
from collector.enforcement.calendar import WEEKDAYS, Calendar
from collector.enforcement.unlawful import Unlawful

OBJECTION_DAYS = 5  # 152/2022, 2.3
MOST_DAYS = 1100  # a calendar in which no day works is refused, not searched for ever
SPAN = timedelta(days=400)  # of days off that a calendar for a deadline should know


class Kind(StrEnum):
    """What a deadline is for, and what it counts."""

    OBJECTION = "objection"  # working days
    IMPROVEMENT = "improvement"  # calendar days


@dataclass(frozen=True)
class Deadline:
    """One deadline, with all it was made of. `calendar` is the version of the calendar over its span."""

    kind: Kind
    received_on: date
    days: int
    calendar: str
    due: datetime


@dataclass(frozen=True)
class Day:
    """One line of an explanation. `count` is the number of the day within the deadline, None where it is not counted."""

    day: date
    weekday: Text
    working: bool
    why: Text
    count: int | None


def objection(received_on: date, calendar: Calendar) -> Deadline:
    """The window for objecting to what was received on a day."""
    return made(Kind.OBJECTION, received_on, OBJECTION_DAYS, calendar)


def improvement(received_on: date, days: int, calendar: Calendar) -> Deadline:
    """The time for improvement after what was received on a day."""
    return made(Kind.IMPROVEMENT, received_on, days, calendar)


def made(kind: Kind, received_on: date, days: int, calendar: Calendar) -> Deadline:
    """A deadline. Raises Unlawful where the calendar has too few working days."""
    last = received_on
    for line in _lines(kind, received_on, days, calendar):
        last = line.day
    return Deadline(kind, received_on, days, calendar.version(received_on, last), end_of(last))


def explain(deadline: Deadline, calendar: Calendar) -> tuple[Day, ...]:
    """One line a day, from the day of receipt to the last one, under the `calendar` it was made with."""
    return tuple(_lines(deadline.kind, deadline.received_on, deadline.days, calendar))


def end_of(day: date) -> datetime:
    """23:59:59 WIB of `day`."""
    return datetime.combine(day, time(23, 59, 59), WIB)


def _lines(kind: Kind, received_on: date, days: int, calendar: Calendar) -> Iterator[Day]:
    receipt = Text("hari diterima, tidak dihitung", "day of receipt, not counted")
    yield Day(received_on, WEEKDAYS[received_on.weekday()], calendar.works(received_on), receipt, None)
    count, day = 0, received_on
    while count < days:
        day += timedelta(days=1)
        if (day - received_on).days > MOST_DAYS:
            raise Unlawful(
                f"Kalender tidak memiliki {days} hari kerja setelah {received_on}; perbaiki kalender LKPP.",
                f"The calendar has no {days} working days after {received_on}; mend LKPP's calendar.",
            )
        works = calendar.works(day)
        counted = works or kind is Kind.IMPROVEMENT
        count += counted
        yield Day(day, WEEKDAYS[day.weekday()], works, calendar.why(day), count if counted else None)
