"""From verdicts to standards: what waivers and staleness do to a verdict, and how a provider stands. Pure.

Laws:
- A stale verdict is unknown, but for the silence itself: that grows surer with time.
- A waived failure does not count as a failure, and never as met.
- Over several servers the worst counts: one server that fails is a provider that does not meet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from checks.catalogue import Catalogue
from checks.check import Check
from checks.policy import Rulebook
from checks.standard import Standard, Tally, tally
from checks.verdict import Status
from collector.surveillance.judge import BADNESS, HEARTBEAT
from collector.surveillance.state import Current, HostState, split

Statuses: TypeAlias = dict[str, str]
"""Check code -> the worst status over its subjects, after waivers and staleness."""

Waived: TypeAlias = Collection[tuple[str, str]]
"""(check code, subject) that a waiver in force covers; an empty subject covers all subjects."""


class Shown(StrEnum):
    """A status as the collector shows it: a check's own, or what only the collector can say."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    STALE = "stale"
    WAIVED = "waived"
    DISPUTED = "disputed"


def shown(name: str, current: Current, check: Check | None, rulebook: Rulebook, waived: Waived, now: datetime) -> Shown:
    """How one verdict is shown at `now`."""
    code, subject = split(name)
    if check is None or (code != HEARTBEAT and (now - current.at).total_seconds() > rulebook.stale(check)):
        return Shown.STALE
    if current.status is Status.FAIL and ((code, subject) in waived or (code, "") in waived):
        return Shown.WAIVED
    return Shown(current.status.value)


COUNTS_AS = {
    Shown.STALE: Status.UNKNOWN,
    Shown.DISPUTED: Status.UNKNOWN,
    Shown.WAIVED: Status.NOT_APPLICABLE,
}


def statuses(state: HostState, rulebook: Rulebook, waived: Waived, now: datetime) -> Statuses:
    """The worst status of every check of one server at `now`. What the server never reported is unknown."""
    worst = {check.code: Status.UNKNOWN for check in rulebook.catalogue.answerable}
    fresh = set(worst)
    for name, current in state.current.items():
        code = split(name)[0]
        how = shown(name, current, rulebook.catalogue.checks.get(code), rulebook, waived, now)
        status = COUNTS_AS.get(how) or Status(how.value)
        if code in fresh or code not in worst or BADNESS[status] > BADNESS[worst[code]]:
            worst[code] = status
            fresh.discard(code)
    return {code: status.value for code, status in sorted(worst.items())}


def coverage(said: Statuses, catalogue: Catalogue) -> float:
    """Share of the checks a host can answer that were determined, of those that apply; 0 where nothing applies."""
    seen = [said[check.code] for check in catalogue.answerable]
    applicable = [status for status in seen if status != Status.NOT_APPLICABLE]
    return sum(status != Status.UNKNOWN for status in applicable) / len(applicable) if applicable else 0.0


def combine(servers: Iterable[Statuses]) -> dict[str, tuple[Status, ...]]:
    """Statuses over all servers of a provider, as `checks.standard.tally` takes them."""
    merged: dict[str, set[Status]] = {}
    for server in servers:
        for code, status in server.items():
            merged.setdefault(code, set()).add(Status(status))
    return {code: tuple(sorted(found)) for code, found in merged.items()}


def tallies(standards: Mapping[str, Standard], servers: Iterable[Statuses]) -> dict[str, Tally]:
    """How a provider stands towards each standard, by letter."""
    merged = combine(servers)
    return {letter: tally(standard, merged) for letter, standard in standards.items()}
