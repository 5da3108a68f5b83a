"""Which days are no working days: national holidays and joint leave (cuti bersama) of Indonesia, from the `holidays` library."""

from __future__ import annotations

from datetime import date
from importlib import metadata

from holidays import country_holidays

CATEGORIES = ("public", "government")  # joint leave is in the second


def days_off(first: date, last: date) -> tuple[date, ...]:
    """The days from `first` to `last` that are holidays or joint leave; Saturdays and Sundays are not named."""
    calendar = country_holidays("ID", categories=CATEGORIES, years=range(first.year, last.year + 1))
    return tuple(sorted(day for day in calendar if first <= day <= last))


def version() -> str:
    """The library and its version: stored with every deadline."""
    return f"holidays {metadata.version('holidays')}"


def named_days_off(first: date, last: date) -> dict[date, str]:
    """What `days_off` gives, each day with its name in Indonesian."""
    calendar = country_holidays("ID", categories=CATEGORIES, years=range(first.year, last.year + 1), language="id")
    return {day: calendar[day] for day in sorted(calendar) if first <= day <= last}
