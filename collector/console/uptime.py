"""Whether an instance answered the public, day by day and in shares. Pure.

Laws:
- A day is a day in WIB; the day that runs ends now.
- Availability is a share of the time that was observed. What nobody observed stands beside it, and is never counted as up.
- A share is rounded down: what is not complete is never shown as 100 %.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from checks.verdict import Status
from collector.surveillance.state import Segment
from collector.surveillance.uptime import within

DAYS = 60
HEIGHT = 60  # of a day in the drawing, in its own units
WIDTH = 10


@dataclass(frozen=True)
class Stretch:
    """Some time, in seconds: how long it answered, did not, and was not observed (nobody looked, or nobody could tell)."""

    up: float = 0.0
    down: float = 0.0
    unobserved: float = 0.0

    @property
    def availability(self) -> float | None:
        """Share of the observed time in which it answered; None where nothing was observed."""
        observed = self.up + self.down
        return self.up / observed if observed else None

    @property
    def unobserved_share(self) -> float:
        """Share of all time that nobody observed."""
        whole = self.up + self.down + self.unobserved
        return self.unobserved / whole if whole else 1.0


@dataclass(frozen=True)
class Bar:
    """A part of a day in the drawing: `what` it is (up, down, unobserved), and where it stands."""

    what: str
    y: float
    height: float


@dataclass(frozen=True)
class Day:
    """One day, with its place in the drawing."""

    on: date
    stretch: Stretch
    x: int

    @property
    def bars(self) -> list[Bar]:
        """From the bottom up: what answered, what was not observed; what did not answer hangs from the top, seen even if short."""
        whole = self.stretch.up + self.stretch.down + self.stretch.unobserved
        if not whole:
            return []
        down = self.stretch.down / whole * HEIGHT
        down = max(down, 4.0) if down else 0.0
        rest = HEIGHT - down
        up = rest * self.stretch.up / ((self.stretch.up + self.stretch.unobserved) or 1.0)
        parts = (("down", 0.0, down), ("unobserved", down, rest - up), ("up", HEIGHT - up, up))
        return [Bar(what, round(y, 2), round(height, 2)) for what, y, height in parts if height > 0.005]

    @property
    def is_bad(self) -> bool:
        """Was there a time in which it did not answer?"""
        return self.stretch.down > 0


@dataclass(frozen=True)
class Uptime:
    """The last `DAYS` days, oldest first, and what they amount to."""

    days: tuple[Day, ...]
    month: Stretch
    all: Stretch

    @property
    def width(self) -> int:
        """Of the drawing."""
        return len(self.days) * WIDTH

    @property
    def bad(self) -> list[Day]:
        """Days with an outage, the latest first."""
        return [day for day in reversed(self.days) if day.is_bad]


def uptime(segments: Iterable[Segment], since: datetime, now: datetime, zone: tzinfo) -> Uptime:
    """What `segments` say of the last 60 days. Before `since`, when the instance was registered, there is no time to observe."""
    held = tuple(segments)
    last = now.astimezone(zone).date()
    days = []
    for number in range(DAYS):
        on = last - timedelta(days=DAYS - 1 - number)
        begins = datetime.combine(on, time.min, zone)
        days.append(Day(on, stretch(held, max(begins, since), min(begins + timedelta(days=1), now)), number * WIDTH))
    return Uptime(tuple(days), _sum(days[-30:]), _sum(days))


def stretch(segments: Iterable[Segment], since: datetime, until: datetime) -> Stretch:
    """How `segments` share the time between two moments."""
    if until <= since:
        return Stretch()
    up = down = 0.0
    for one in within(segments, since, until):
        seconds = (one.until - one.since).total_seconds()
        up += seconds if one.status is Status.PASS else 0.0
        down += seconds if one.status is Status.FAIL else 0.0
    return Stretch(up, down, max((until - since).total_seconds() - up - down, 0.0))


def _sum(days: Iterable[Day]) -> Stretch:
    found = [day.stretch for day in days]
    return Stretch(sum(one.up for one in found), sum(one.down for one in found), sum(one.unobserved for one in found))
