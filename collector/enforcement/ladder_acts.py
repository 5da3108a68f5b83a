"""What people do on the ladder, as values. The keys are those of acts, items and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from collector.enforcement.case import Item
from collector.enforcement.rungs import Form, Rung


@dataclass(frozen=True)
class Propose:
    """Propose an act. `coverage`: share of determined checks by standard; `sla_clause`: document and clause that was broken."""

    action: int
    rung: Rung
    items: frozenset[int]
    by: int
    coverage: Mapping[str, float] = field(default_factory=dict)
    sla_clause: str = ""
    form: Form | None = None


@dataclass(frozen=True)
class Approve:
    action: int
    by: int


@dataclass(frozen=True)
class Reject:
    action: int
    by: int


@dataclass(frozen=True)
class Retract:
    action: int
    by: int


@dataclass(frozen=True)
class Issue:
    action: int
    letter: str


@dataclass(frozen=True)
class Receive:
    """The notice was received, or the day of its receipt is corrected, or a deadline computed anew."""

    action: int
    on: date
    window_ends: datetime
    improve_by: datetime | None


@dataclass(frozen=True)
class Object:
    """An objection is open from now on."""

    action: int


@dataclass(frozen=True)
class EndObjection:
    """The objection is over. `drop`: items the act is no longer about; `more_days`: added to the time for improvement."""

    action: int
    withdraws: bool = False
    drop: frozenset[int] = frozenset()
    more_days: int = 0


@dataclass(frozen=True)
class AskWithdrawal:
    action: int
    by: int


@dataclass(frozen=True)
class Withdraw:
    action: int
    by: int


@dataclass(frozen=True)
class Add:
    item: Item


@dataclass(frozen=True)
class Settle:
    """Close an item as corrected, or dismiss it."""

    item: int
    corrected: bool


@dataclass(frozen=True)
class Close:
    pass


Act: TypeAlias = (
    Propose
    | Approve
    | Reject
    | Retract
    | Issue
    | Receive
    | Object
    | EndObjection
    | AskWithdrawal
    | Withdraw
    | Add
    | Settle
    | Close
)
