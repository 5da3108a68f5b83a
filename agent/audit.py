"""One audit: read the facts that the chosen checks take, and judge them. What `check` prints and the daemon reports."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from agent.hosts.base import Host
from agent.survey import Survey
from checks.catalogue import Catalogue
from checks.check import Check
from checks.fact import Snapshot
from checks.policy import Rulebook
from checks.verdict import Result


@dataclass(frozen=True)
class Audit:
    """What one audit read and concluded. `taken_at` (aware) is the `now` of every check."""

    taken_at: datetime
    snapshot: Snapshot
    results: tuple[Result, ...]


def answerable(catalogue: Catalogue) -> tuple[Check, ...]:
    """The checks that a host can answer."""
    return catalogue.answerable


def audit(
    host: Host,
    rulebook: Rulebook,
    checks: Collection[Check],
    *,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Audit:
    """Audit `host` with `checks`. `now` is read once, after the facts: an age is never negative."""
    snapshot = Survey(host, progress).take(fact for check in checks for fact in check.facts)
    taken_at = now()
    codes = {check.code for check in checks}
    return Audit(taken_at, snapshot, rulebook.results(snapshot, taken_at, codes))
