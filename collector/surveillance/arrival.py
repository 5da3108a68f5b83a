"""What the judge is given: one entry of the ledger, and what to judge it with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checks.fact import Fact
from checks.policy import Rulebook
from checks.target import Target
from evidence.report import Report


@dataclass(frozen=True)
class Arrival:
    """One entry of the ledger as the judge sees it. `report` is None for an equivocation.

    `own`: sealed by the collector itself, from what people entered in its registers, or from what it saw.
    """

    entry: int
    target: str
    agent: str
    digest: str
    received_at: datetime
    report: Report | None
    own: bool = False
    about: Target = Target.SERVER


@dataclass(frozen=True)
class Bench:
    """What the judge judges with: the rulebook in force, and for comparing the one the agent used (None: unknown).

    `facts`: those that are believed of whoever sent the report, by their names on the wire.
    `before`: the rulebook that was in force when the server was last heard, for the silence that ends now (None: the same).
    `revoked`: keys of probers that were revoked by then.
    """

    rulebook: Rulebook
    agents: Rulebook | None
    facts: dict[str, type[Fact]]
    before: Rulebook | None = None
    revoked: frozenset[str] = frozenset()
