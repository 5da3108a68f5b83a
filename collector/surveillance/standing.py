"""From verdicts to standards: what waivers and staleness do to a verdict, and how a provider stands. Pure.

Laws:
- A pass that probers contradict is disputed, and counts as unknown until a person has looked.
- A stale verdict is unknown, but for the silence itself: that grows surer with time.
- A waived failure does not count as a failure, and never as met.
- What counts is findings: a failure within its grace does not fail a standard, a finding in its recovery still does.
- Over several targets the worst counts: one server that fails is a provider that does not meet.
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
from checks.target import Target
from checks.verdict import BADNESS, Status
from collector.surveillance.own_facts import HEARTBEAT
from collector.surveillance.state import Current, State

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


def shown(
    code: str, subject: str, current: Current, check: Check | None, rulebook: Rulebook, waived: Waived, now: datetime
) -> Shown:
    """How one verdict is shown at `now`."""
    if check is None or (code != HEARTBEAT and (now - current.at).total_seconds() > rulebook.stale(check)):
        return Shown.STALE
    if current.status is Status.FAIL and is_waived(code, subject, waived):
        return Shown.WAIVED
    return Shown(current.status.value)


def is_waived(code: str, subject: str, waived: Waived) -> bool:
    """Does a waiver cover this, by itself or with all subjects of its check?"""
    return (code, subject) in waived or (code, "") in waived


COUNTS_AS = {
    Shown.STALE: Status.UNKNOWN,
    Shown.DISPUTED: Status.UNKNOWN,
    Shown.WAIVED: Status.NOT_APPLICABLE,
}


def counted(how: Shown, current: Current, *, waived: bool = False) -> Status:
    """What a verdict counts as towards a standard. Law: it is failed exactly while its finding is open.

    A failure within its grace is a breach that is near: WARN where the check was met before, else not determined yet.
    """
    if status := COUNTS_AS.get(how):
        return status
    if how is Shown.FAIL and not current.finding:
        return Status.WARN if current.met else Status.UNKNOWN
    if current.finding and how is not Shown.UNKNOWN:
        return Status.NOT_APPLICABLE if waived else Status.FAIL
    return Status(how.value)


def statuses(
    state: State, about: Target, rulebook: Rulebook, waived: Waived, now: datetime, disputed: Collection[str] = ()
) -> Statuses:
    """The worst status of every check of one target at `now`. What was never reported of it is unknown.

    A pass of a check in `disputed` counts as its dispute does.
    """
    found = {check.code: Status.UNKNOWN.value for check in rulebook.catalogue.expected[about]}
    for code, subjects in state.current.items():
        check = rulebook.catalogue.checks.get(code)
        worst = [
            counted(
                shown(code, subject, current, check, rulebook, waived, now),
                current,
                waived=is_waived(code, subject, waived),
            )
            for subject, current in subjects.items()
        ]
        if worst:
            found[code] = max(worst, key=BADNESS.__getitem__).value
            if found[code] == Status.PASS and code in disputed:
                found[code] = COUNTS_AS[Shown.DISPUTED].value
    return dict(sorted(found.items()))


def coverage(said: Statuses, about: Target, catalogue: Catalogue) -> float:
    """Share of the checks expected of a target that were determined, of those that apply; 0 where nothing applies."""
    seen = [said[check.code] for check in catalogue.expected[about]]
    applicable = [status for status in seen if status != Status.NOT_APPLICABLE]
    return sum(status != Status.UNKNOWN for status in applicable) / len(applicable) if applicable else 0.0


def combine(targets: Iterable[Statuses]) -> dict[str, tuple[Status, ...]]:
    """Statuses over all targets of a provider, as `checks.standard.tally` takes them."""
    merged: dict[str, set[Status]] = {}
    for target in targets:
        for code, status in target.items():
            merged.setdefault(code, set()).add(Status(status))
    return {code: tuple(sorted(found)) for code, found in merged.items()}


def tallies(standards: Mapping[str, Standard], targets: Iterable[Statuses]) -> dict[str, Tally]:
    """How a provider stands towards each standard, by letter."""
    merged = combine(targets)
    return {letter: tally(standard, merged) for letter, standard in standards.items()}
