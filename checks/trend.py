"""How a quantity moves: the robust slope of its samples, with an interval, and when it would reach a limit.

The slope is the median of the slopes between all pairs of points (Theil 1950), its interval that of Sen (1968), which
rests on Kendall's tau. A clean-up, a burst or a bad sample moves the median little.

Laws:
- Too few points, or too short a time, give no trend: never a guess.
- A trend says over which time and from how many points it was made. What gives it says what the points are (`Basis`): own
  samples win as soon as they reach far enough; until then what lies on the host already may speak for them.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import msgspec

DAY = 86400.0  # seconds
NEEDS, LEAST = 7.0, 20  # days and points below which nothing is said
MOST = 120  # points that are compared with each other: pairs grow with the square
CONFIDENCE = 0.95

Basis: TypeAlias = Literal["samples", "backups", "files", "sysstat"]
"""What a trend was made of: the agent's own samples; dates and sizes of backups; dates of files; sysstat's archives."""


class Trend(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`slope` in units per day, between `low` and `high` with a confidence of 95 %. Made of `points` points over `days` days."""

    slope: float
    low: float
    high: float
    days: float
    points: int

    @property
    def grows(self) -> bool:
        """Does it surely grow: is all of the interval above 0?"""
        return self.low > 0


class Reach(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days until a limit is reached: as expected, at the earliest and at the latest. None: never at that slope."""

    days: float | None
    earliest: float | None
    latest: float | None


def trend(points: Iterable[tuple[float, float]], *, days: float = NEEDS, least: int = LEAST) -> Trend | None:
    """The trend of `points` (seconds since the epoch, value); None below `least` points or `days` days.

    Many points are thinned to 120 medians of equal spans of time first.
    """
    kept = sorted(point for point in points if all(map(math.isfinite, point)))
    if len(kept) < max(least, 2):
        return None
    span = (kept[-1][0] - kept[0][0]) / DAY
    if span < days or span <= 0:
        return None
    slope, low, high = theil_sen([((at - kept[0][0]) / DAY, value) for at, value in _thinned(kept)])
    return Trend(_short(slope), _short(low), _short(high), round(span, 1), len(kept))


def theil_sen(points: Sequence[tuple[float, float]], confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """Slope of `points` (x, y) and its interval. Raises ValueError where no two points have different x."""
    slopes = sorted(
        (b[1] - a[1]) / (b[0] - a[0]) for n, a in enumerate(points) for b in points[n + 1 :] if a[0] != b[0]
    )
    if not slopes:
        raise ValueError("a slope needs two points at different times")
    sigma = math.sqrt(max(0.0, _variance([x for x, _ in points], [y for _, y in points])))
    wide = statistics.NormalDist().inv_cdf((1 + confidence) / 2) * sigma
    low = max(round((len(slopes) - wide) / 2) - 1, 0)
    high = min(round((len(slopes) + wide) / 2), len(slopes) - 1)
    return statistics.median(slopes), slopes[low], slopes[high]


def scaled(moving: Trend, by: float) -> Trend:
    """`moving` in units of which `by` (above 0) make one of its own."""
    slope, low, high = (_short(one * by) for one in (moving.slope, moving.low, moving.high))
    return Trend(slope, low, high, moving.days, moving.points)


def until(room: float, moving: Trend) -> Reach:
    """Days until something that moves so has grown by `room` (in the trend's units; not above 0: reached)."""
    return Reach(*(_days(room, slope) for slope in (moving.slope, moving.high, moving.low)))


def _days(room: float, slope: float) -> float | None:
    if room <= 0:
        return 0.0
    return round(room / slope, 1) if slope > 0 and math.isfinite(room / slope) else None


def _variance(x: Sequence[float], y: Sequence[float]) -> float:
    """Of Kendall's score, without what ties take from it (Sen 1968, 2.6)."""
    n = len(x)
    ties = sum(k * (k - 1) * (2 * k + 5) for values in (x, y) for k in _repeated(values))
    return (n * (n - 1) * (2 * n + 5) - ties) / 18


def _repeated(values: Sequence[float]) -> list[int]:
    counts: dict[float, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return [count for count in counts.values() if count > 1]


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most `MOST` points: of each of so many equal spans of time the median time and value."""
    if len(points) <= MOST:
        return points
    first, width = points[0][0], (points[-1][0] - points[0][0]) / MOST
    spans: dict[int, list[tuple[float, float]]] = {}
    for point in points:
        spans.setdefault(min(MOST - 1, int((point[0] - first) / width)), []).append(point)
    return [
        (statistics.median(at for at, _ in span), statistics.median(value for _, value in span))
        for span in spans.values()
    ]


def _short(value: float) -> float:
    """Six digits: a trend is no exact number, and it goes over the wire."""
    return float(f"{value:.6g}")
