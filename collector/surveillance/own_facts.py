"""What only the collector sees of a server, as facts: silence, chain, agreement, coverage. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from checks.fact import Snapshot
from checks.facts.reporting import Agreement, Coverage, Heartbeat, ReportChain
from checks.policy import Rulebook
from checks.verdict import Status
from collector.surveillance.state import Chain, Current

HEARTBEAT = "L-AVL-12"
OWN = (HEARTBEAT, "Q-AGT-02", "Q-AGT-04", "Q-AGT-05")  # judged from what the collector itself saw


def own_facts(
    current: Mapping[str, Mapping[str, Current]], chain: Chain, agreement: Agreement, now: datetime, rulebook: Rulebook
) -> Snapshot:
    """These facts of a server heard at `now`, with what is `current` and how it reported."""
    determined, applicable = _coverage(current, rulebook)
    holes = chain.holes
    return Snapshot(
        {
            Heartbeat: Heartbeat(now, rulebook.policy.silence_after),
            ReportChain: ReportChain(
                missing=sum(hole.last - hole.first + 1 for hole in holes if not hole.reason),
                lost=sum(hole.last - hole.first + 1 for hole in holes if hole.reason),
                abandoned=chain.abandoned,
                broken_at=chain.broken_at,
                restarted_at=chain.restarted_at,
                equivocation_at=chain.equivocation_at,
                cloned_at=chain.cloned_at,
            ),
            Agreement: agreement,
            Coverage: Coverage(determined, applicable),
        }
    )


def _coverage(current: Mapping[str, Mapping[str, Current]], rulebook: Rulebook) -> tuple[int, int]:
    """How many checks a host can answer were determined, and how many apply. What was never reported applies."""
    determined = applicable = 0
    for check in rulebook.catalogue.answerable:
        seen = [one.status for one in current.get(check.code, {}).values()] or [Status.UNKNOWN]
        if any(status is not Status.NOT_APPLICABLE for status in seen):
            applicable += 1
            determined += Status.UNKNOWN not in seen
    return determined, applicable
