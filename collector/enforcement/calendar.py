"""Which days are working days: holidays and joint leave of the library, and LKPP's own dated overrides. Pure.

Laws:
- Saturdays, Sundays, and what the library names, are days off, unless an override says otherwise.
- An override counts from when it was known; of several for one day the latest known counts. Taking one back is a later one.
- A calendar is what it was made of: the library's version and the overrides known, both kept with every deadline.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from checks.calendar import SATURDAY
from checks.text import Text

WEEKDAYS = (
    Text("Senin", "Monday"), Text("Selasa", "Tuesday"), Text("Rabu", "Wednesday"), Text("Kamis", "Thursday"),
    Text("Jumat", "Friday"), Text("Sabtu", "Saturday"), Text("Minggu", "Sunday"),
)  # fmt: skip


class Effect(StrEnum):
    """What an override makes of its day."""

    OFF = "off"
    WORKING = "working"
    AS_LIBRARY = "as_library"  # takes earlier overrides of the day back


@dataclass(frozen=True, order=True)
class Override:
    """LKPP's word on one day: what it is, why, by whom, and from when it was known. `id` settles equal moments."""

    known_from: datetime
    id: int
    day: date
    effect: Effect
    reason: str
    by: str = ""


@dataclass(frozen=True)
class Calendar:
    """The working calendar as it was known at a moment. `off` has the library's days off with their names."""

    library: str
    off: Mapping[date, str]
    overrides: Mapping[date, Override] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Is it a working day?"""
        override = self.overrides.get(day)
        if override is not None and override.effect is not Effect.AS_LIBRARY:
            return override.effect is Effect.WORKING
        return day.weekday() < SATURDAY and day not in self.off

    def why(self, day: date) -> Text:
        """Why it is a working day, or none."""
        override = self.overrides.get(day)
        if override is not None and override.effect is Effect.OFF:
            return Text(f"libur, ditetapkan LKPP: {override.reason}", f"day off, set by LKPP: {override.reason}")
        if override is not None and override.effect is Effect.WORKING:
            return Text(
                f"hari kerja, ditetapkan LKPP: {override.reason}", f"working day, set by LKPP: {override.reason}"
            )
        if day in self.off:
            return Text(self.off[day], self.off[day])
        if day.weekday() >= SATURDAY:
            return Text("akhir pekan", "weekend")
        return Text("hari kerja", "working day")

    def version(self, first: date, last: date) -> str:
        """What the days from `first` to `last` depend on: the library, and a digest of overrides and days off in that span."""
        said = [f"{day} {name}" for day, name in sorted(self.off.items()) if first <= day <= last]
        said += [f"{one.id} {day} {one.effect}" for day, one in sorted(self.overrides.items()) if first <= day <= last]
        return f"{self.library} {hashlib.sha256('|'.join(said).encode()).hexdigest()[:16]}"


def working_calendar(library: str, off: Mapping[date, str], overrides: Iterable[Override], as_of: datetime) -> Calendar:
    """The calendar as it was known at `as_of`."""
    known = sorted(one for one in overrides if one.known_from <= as_of)
    return Calendar(library, off, {one.day: one for one in known})
