"""How often something is logged: the last 24 hours against the days before, from the log's own times. No fact of its own.

Laws:
- Days are counted back from now, 24 hours each, so that a night or a morning is compared with whole days.
- Only days that the log reaches back to count: a log without a past has no median.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median

import msgspec

from checks.fact import Missing
from checks.text import Text

DAYS = 7


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`recent`: how many in the last 24 hours; `usual`: the median of the `days` (at most 7) before, 0 where there is none."""

    recent: int
    days: int
    usual: float


def clock(printed: str) -> datetime:
    """The host's local time, without its zone, as `date +%Y-%m-%dT%H:%M:%S%z` prints it. Raises Missing."""
    try:
        return datetime.fromisoformat(printed.strip()).replace(tzinfo=None)
    except ValueError as error:
        raise Missing(Text("date tidak menampilkan waktu", "date did not print the time")) from error


def rate(times: Iterable[datetime], since: datetime, now: datetime) -> Rate:
    """The rate of `times`, in a log that begins at `since` or holds all of them from then on; all local and without zone."""
    counts = [0] * (DAYS + 1)
    for time in times:
        day = (now - time) // timedelta(days=1)
        if -1 <= day <= DAYS:  # a minute ahead of the clock is now
            counts[max(0, day)] += 1
    days = min(DAYS, max(0, (now - since) // timedelta(days=1) - 1))
    return Rate(counts[0], days, float(median(counts[1 : days + 1])) if days else 0.0)
