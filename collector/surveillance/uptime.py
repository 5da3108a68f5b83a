"""When an instance answered the public, as a quorum of probers saw it. Pure.

Laws:
- The time between two surveys belongs to what the earlier one saw; where nobody surveyed in time, it belongs to nothing.
- Segments never overlap and stand in order. They are kept for `KEPT`, and at most `MOST` of them: of more the oldest goes that
  tells of no outage, the unknown first, so that no flapping wipes an outage out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from checks.verdict import BADNESS, Status
from collector.surveillance.state import Current, Segment

ANSWERS = ("L-AVL-01", "L-AVL-02")
"""The checks that tell whether an instance answers: its home page, and its list of tenders."""

KEPT = timedelta(days=65)  # the month that runs and the one before it
MOST = 4000
FIRST_TO_GO = (Status.UNKNOWN, Status.PASS, Status.FAIL)
MEETING = frozenset({Status.PASS, Status.WARN, Status.NOT_APPLICABLE})


def answering(current: Mapping[str, Mapping[str, Current]]) -> Status:
    """Does it answer? FAIL if one of the checks fails; UNKNOWN if none of them could tell."""
    seen = [one.status for code in ANSWERS for one in current.get(code, {}).values()]
    known = [status for status in seen if status is not Status.UNKNOWN]
    if not known:
        return Status.UNKNOWN
    return Status.PASS if max(known, key=BADNESS.__getitem__) in MEETING else Status.FAIL


def extended(
    segments: tuple[Segment, ...], status: Status, vantages: int, at: datetime, patience: float
) -> tuple[Segment, ...]:
    """`segments` after a survey at `at` saw `status`; a gap longer than `patience` seconds is left open."""
    if not segments:
        return (Segment(status, at, at, vantages),)
    last = segments[-1]
    if at <= last.until:
        return segments
    if (at - last.until).total_seconds() > patience:
        return _kept((*segments, Segment(status, at, at, vantages)), at)
    seen = max(last.vantages, vantages) if status is last.status else last.vantages
    segments = (*segments[:-1], msgspec.structs.replace(last, until=at, vantages=seen))
    if status is last.status:
        return segments
    return _kept((*segments, Segment(status, at, at, vantages)), at)


def _kept(segments: tuple[Segment, ...], now: datetime) -> tuple[Segment, ...]:
    kept = [one for one in segments if now - one.until < KEPT]
    while len(kept) > MOST:
        kept.remove(min(kept[:-1], key=lambda one: FIRST_TO_GO.index(one.status)))  # the first of those that are least
    return tuple(kept)


def within(segments: Iterable[Segment], since: datetime, until: datetime) -> list[Segment]:
    """The parts of `segments` between two moments."""
    cut = (
        msgspec.structs.replace(one, since=max(one.since, since), until=min(one.until, until))
        for one in segments
        if one.until > since and one.since < until
    )
    return [one for one in cut if one.until > one.since]
