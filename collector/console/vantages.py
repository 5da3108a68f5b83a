"""The vantage points from which an instance was seen, and when each of them last looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checks.policy import Rulebook
from collector.surveillance.state import Chain, State
from collector.surveillance.uptime import ANSWERS


@dataclass(frozen=True)
class Vantage:
    """One key that surveys an instance. `fresh`: recently enough to have a vote."""

    name: str
    agent: str
    taken_at: datetime | None
    fresh: bool
    chain: Chain


def vantages(state: State, rulebook: Rulebook, now: datetime) -> list[Vantage]:
    """All that ever surveyed it, those that still do first."""
    patience = rulebook.stale(rulebook.catalogue.checks[ANSWERS[0]])
    found = [
        Vantage(
            view.name,
            agent,
            view.taken_at,
            view.taken_at is not None and (now - view.taken_at).total_seconds() <= patience,
            view.chain,
        )
        for agent, view in state.views.items()
    ]
    return sorted(found, key=lambda one: (not one.fresh, one.name, one.agent))


def fresh(found: list[Vantage]) -> int:
    """How many vantage points see it now; two keys of one name are one."""
    return len({one.name for one in found if one.fresh})
