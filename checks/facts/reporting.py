"""How an agent reports, as the collector saw it. These facts are read by the collector, never by a host."""

from __future__ import annotations

from datetime import datetime

from checks.fact import Fact


class Heartbeat(Fact, frozen=True):
    """When the collector last heard of a server, by its own clock, and how long a silence policy allows (seconds)."""

    heard_at: datetime
    allowed: int


class ReportChain(Fact, frozen=True):
    """The chain of reports of one agent. `missing` reports have not arrived, `lost` were declared lost by the agent,
    `abandoned` were missing in an earlier chain when the agent began a new one.
    """

    missing: int = 0
    lost: int = 0
    broken_at: datetime | None = None
    restarted_at: datetime | None = None
    equivocation_at: datetime | None = None
    cloned_at: datetime | None = None
    abandoned: int = 0


class Agreement(Fact, frozen=True):
    """Checks whose result the agent reported otherwise than the collector finds from the same facts and policy.

    `compared`: the last report could be compared at all; it cannot if other software or an unknown policy judged it.
    """

    differences: tuple[str, ...] = ()
    compared: bool = True


class Coverage(Fact, frozen=True):
    """How many checks of a server were determined, of those that apply."""

    determined: int
    applicable: int
