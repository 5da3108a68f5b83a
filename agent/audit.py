"""One audit: read the facts that the chosen checks take, and judge them. What `check` prints and the daemon reports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from agent.hosts.base import Host
from agent.survey import Survey
from checks.catalogue import Catalogue
from checks.check import Check
from checks.fact import Fact, Snapshot, vantages
from checks.policy import Rulebook
from checks.vantage import Vantage
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


def readable(checks: Iterable[Check]) -> set[type[Fact]]:
    """The facts to read for `checks`; of one that the collector joins, those that a host can read."""
    return {fact for one in checks for fact in one.facts if one.vantages or Vantage.HOST in vantages(fact)}


def audit(
    host: Host,
    rulebook: Rulebook,
    checks: Collection[Check],
    *,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Audit:
    """Audit `host` with `checks`. `now` is read once, after the facts: an age is never negative.

    Checks that the collector joins get no result here: their facts are read for it.
    """
    snapshot = Survey(host, progress).take(readable(checks))
    return judged(snapshot, rulebook, checks, now())


def judged(snapshot: Snapshot, rulebook: Rulebook, checks: Iterable[Check], taken_at: datetime) -> Audit:
    """What `checks` conclude of `snapshot`, read until `taken_at`."""
    codes = {check.code for check in checks if check.vantages}
    return Audit(taken_at, snapshot, rulebook.results(snapshot, taken_at, codes))
