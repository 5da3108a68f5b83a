"""How available the instances of a provider were, and when they were not. Pure.

Laws:
- Time in a planned window counts neither as available nor as an outage, whatever was seen.
- Time that no quorum of probers saw counts neither way, and is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from checks.calendar import WIB
from checks.facts.measured_availability import MOST, Availability, MeasuredAvailability
from checks.facts.observed_incidents import Outage, Outages
from checks.verdict import Status
from collector.surveillance.state import Segment
from collector.surveillance.uptime import within

DAYS = 30
AFTER = 10  # days after the last of them whose days off are told too


@dataclass(frozen=True)
class Window:
    """A time in which an instance may be out of service, since somebody approved it."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class Watched:
    """One instance: since when it is registered, when it answered, its planned windows, its servers, and the availability
    agreed for it in %.
    """

    name: str
    registered: datetime
    segments: Sequence[Segment]
    windows: Sequence[Window] = ()
    servers: tuple[str, ...] = ()
    target: float | None = None


def outages(instances: Iterable[Watched], days_off: Iterable[date], now: datetime) -> Outages:
    """Those that began in the last 30 days, or still last."""
    since = now - timedelta(days=DAYS)
    found: list[Outage] = []
    watched = 0
    for instance in instances:
        recent = within(instance.segments, since, now)
        watched += any(one.status is not Status.UNKNOWN for one in recent)
        found += (one for one in _outages(instance, now) if one.ended is None or one.began >= since)
    found.sort(key=lambda one: (one.began, one.instance), reverse=True)
    off = sorted({day for day in days_off if since.date() <= day <= now.date() + timedelta(days=AFTER)})
    return Outages(tuple(found[:MOST]), len(found), watched, DAYS, tuple(off))


def _outages(instance: Watched, now: datetime) -> Iterable[Outage]:
    """Failures that follow each other with nothing but the unknown between them are one outage."""
    began: datetime | None = None
    until, vantages = now, 0
    for one in (*instance.segments, None):
        if one is not None and one.status is Status.FAIL:
            began, until, vantages = began or one.since, one.until, max(vantages, one.vantages)
        elif began is not None and (one is None or one.status is not Status.UNKNOWN):
            ended = one.since if one is not None else None
            planned = any(window.opens <= began and (ended or now) <= window.closes for window in instance.windows)
            seconds = int(((ended or until) - began).total_seconds())
            yield Outage(instance.name, began, ended, seconds, vantages, planned, instance.servers)
            began, vantages = None, 0


def availability(instances: Iterable[Watched], now: datetime) -> MeasuredAvailability | None:
    """The month that runs and the one before it. None: there is no instance."""
    rows = []
    for instance in sorted(instances, key=lambda one: one.name):
        for month in _months(now):
            begins = max(_midnight(month), instance.registered)
            ends = min(_midnight(_next(month)), now)
            if begins < ends:
                rows.append(_month(instance, month, begins, ends))
    return MeasuredAvailability(tuple(rows[:MOST]), len(rows)) if rows else None


def _month(instance: Watched, month: date, begins: datetime, ends: datetime) -> Availability:
    windows = _merged(instance.windows, begins, ends)
    planned = sum((one.closes - one.opens).total_seconds() for one in windows)
    seen = {Status.PASS: 0.0, Status.FAIL: 0.0}
    for one in within(instance.segments, begins, ends):
        if one.status in seen:
            inside = sum(
                max(0.0, (min(one.until, window.closes) - max(one.since, window.opens)).total_seconds())
                for window in windows
            )
            seen[one.status] += (one.until - one.since).total_seconds() - inside
    observed, available = int(sum(seen.values())), int(seen[Status.PASS])
    unobserved = max(0, int((ends - begins).total_seconds() - planned) - observed)
    return Availability(instance.name, month, observed, available, int(planned), unobserved, instance.target)


def _merged(windows: Iterable[Window], begins: datetime, ends: datetime) -> list[Window]:
    """`windows` cut to a time, in order, without overlaps."""
    merged: list[Window] = []
    for one in sorted(windows, key=lambda window: window.opens):
        opens, closes = max(one.opens, begins), min(one.closes, ends)
        if opens >= closes:
            continue
        if merged and opens <= merged[-1].closes:
            merged[-1] = Window(merged[-1].opens, max(merged[-1].closes, closes))
        else:
            merged.append(Window(opens, closes))
    return merged


def _months(now: datetime) -> tuple[date, date]:
    this = now.astimezone(WIB).date().replace(day=1)
    return (this - timedelta(days=1)).replace(day=1), this


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, WIB)


def agreed(name: str, rows: Iterable[tuple[str, float | None]]) -> float | None:
    """The availability agreed for the instance `name`, of (instance, %) rows of the SLA register; an empty name is for all."""
    said: Mapping[str, float | None] = dict(rows)
    return said[name] if said.get(name) is not None else said.get("")
