"""Dates and moments as people of an LPSE say them. Pure.

Laws:
- What is shown is in WIB, and says so: who reads it may sit in another zone.
- Saturdays and Sundays are days off; which other days are, whoever asks must say: a calendar is data, not code.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
SATURDAY = 5


def told(moment: datetime) -> str:
    """`moment` to the minute: "2026-11-23 10:00 WIB"."""
    return moment.astimezone(WIB).strftime("%Y-%m-%d %H:%M WIB")


def today(now: datetime) -> date:
    """The day it is at `now`."""
    return now.astimezone(WIB).date()


def end_of_working_day(began: datetime, days: int, days_off: Collection[date] = ()) -> datetime:
    """The last minute of the `days`th working day after the day on which it `began`; with 0, of that day itself."""
    day = today(began)
    for _ in range(days):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY or day in days_off:
            day += timedelta(days=1)
    return datetime.combine(day, time(23, 59), WIB)
