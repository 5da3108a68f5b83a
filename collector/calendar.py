"""Which days are no working days: national holidays and joint leave (cuti bersama) of Indonesia, from the `holidays` library."""

from __future__ import annotations

from datetime import date

from holidays import country_holidays

CATEGORIES = ("public", "government")  # joint leave is in the second


def days_off(first: date, last: date) -> tuple[date, ...]:
    """The days from `first` to `last` that are holidays or joint leave; Saturdays and Sundays are not named."""
    calendar = country_holidays("ID", categories=CATEGORIES, years=range(first.year, last.year + 1))
    return tuple(sorted(day for day in calendar if first <= day <= last))
