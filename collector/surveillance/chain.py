"""The chain of reports of one server as it arrives. Pure.

Laws:
- A sequence that is skipped is a hole until it arrives or the agent declares it lost.
- A new stream is a restart; with a new key it is a replacement, and nothing to remark on. An old stream that goes on after
  a new one began is a clone: two agents speak for one server.
- What was missing when a stream ended stays counted as abandoned: a new stream wipes nothing out.
- A report must name the digest of its predecessor, where that is the last one known.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from collector.surveillance.state import MOST_HOLES, Chain, Hole
from evidence.report import Gap, Report

MOST_OLD_STREAMS = 20
MOST_ABANDONED = 2**53  # what JSON and charts still count exactly
NO_REASON = "?"  # what stands where the agent gave none
REMEMBERED = timedelta(days=7)  # how long a declared loss stays in the state


def advance(chain: Chain, agent: str, digest: str, report: Report | None, received_at: datetime) -> Chain:
    """`chain` after a report (None: an equivocation) of `agent` with `digest`, received at `received_at`."""
    if report is None:
        return msgspec.structs.replace(chain, equivocation_at=received_at)
    if not chain.stream:
        return _begin(Chain(agent=agent), report, digest, received_at)
    if agent != chain.agent or report.stream != chain.stream:
        return _other_stream(chain, agent, report, digest, received_at)
    expected = chain.sequence + 1
    holes = _declare(_recent(chain.holes, received_at), report.gaps, received_at)
    if report.sequence < expected:  # an old one, late
        return msgspec.structs.replace(chain, holes=_bounded(_fill(holes, report.sequence)))
    broken_at = chain.broken_at
    if report.sequence > expected:
        holes = _declare((*holes, Hole(expected, report.sequence - 1)), report.gaps, received_at)
    elif report.previous != chain.digest:
        broken_at = received_at
    return msgspec.structs.replace(chain, sequence=report.sequence, digest=digest, holes=holes, broken_at=broken_at)


def _begin(chain: Chain, report: Report, digest: str, received_at: datetime) -> Chain:
    holes = (Hole(1, report.sequence - 1),) if report.sequence > 1 else ()
    return msgspec.structs.replace(
        chain,
        stream=report.stream,
        sequence=report.sequence,
        digest=digest,
        holes=_declare(holes, report.gaps, received_at),
        began_at=received_at,
    )


def _other_stream(chain: Chain, agent: str, report: Report, digest: str, received_at: datetime) -> Chain:
    if report.stream in chain.old_streams:
        if chain.began_at is not None and report.taken_at > chain.began_at:
            return msgspec.structs.replace(chain, cloned_at=received_at)
        return chain  # taken before the new stream began: only late
    old = (*chain.old_streams, chain.stream)[-MOST_OLD_STREAMS:]
    if agent != chain.agent:
        return _begin(Chain(agent=agent, old_streams=old), report, digest, received_at)
    missing = sum(hole.last - hole.first + 1 for hole in chain.holes)
    fresh = msgspec.structs.replace(
        chain,
        old_streams=old,
        restarted_at=received_at,
        holes=(),
        abandoned=min(chain.abandoned + missing, MOST_ABANDONED),
    )
    return _begin(fresh, report, digest, received_at)


def _recent(holes: tuple[Hole, ...], now: datetime) -> tuple[Hole, ...]:
    return tuple(hole for hole in holes if hole.at is None or now - hole.at < REMEMBERED)


def _fill(holes: tuple[Hole, ...], sequence: int) -> tuple[Hole, ...]:
    filled: list[Hole] = []
    for hole in holes:
        if hole.first <= sequence <= hole.last:
            if hole.first < sequence:
                filled.append(Hole(hole.first, sequence - 1, hole.reason, hole.at))
            if sequence < hole.last:
                filled.append(Hole(sequence + 1, hole.last, hole.reason, hole.at))
        else:
            filled.append(hole)
    return tuple(filled)


def _declare(holes: tuple[Hole, ...], gaps: tuple[Gap, ...], now: datetime) -> tuple[Hole, ...]:
    """Mark the part of each hole that the agent declared lost."""
    for gap in gaps:
        marked: list[Hole] = []
        for hole in holes:
            first, last = max(hole.first, gap.first), min(hole.last, gap.last)
            if hole.reason or first > last:
                marked.append(hole)
                continue
            if hole.first < first:
                marked.append(Hole(hole.first, first - 1))
            marked.append(Hole(first, last, gap.reason[:100] or NO_REASON, now))
            if last < hole.last:
                marked.append(Hole(last + 1, hole.last))
        holes = tuple(marked)
    return _bounded(holes)


def _bounded(holes: tuple[Hole, ...]) -> tuple[Hole, ...]:
    """At most `MOST_HOLES`: the oldest become one, undeclared if any of them is. Nothing vanishes."""
    if len(holes) <= MOST_HOLES:
        return holes
    many, few = holes[: 1 - MOST_HOLES], holes[1 - MOST_HOLES :]
    open_ = any(not hole.reason for hole in many)
    first, last = min(hole.first for hole in many), max(hole.last for hole in many)
    return (Hole(first, last, "" if open_ else many[0].reason, None if open_ else many[0].at), *few)
