"""When tickets were entered in their register, by the collector's own clock: what a person writes as the time may be another."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec

from checks.fact import Fact
from checks.target import Target


class TicketEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket by its number and the moment it says it was recorded. `entered`: when it first stood in the register as it
    does now, but for its later fate (officer, target, closed, solution, ...).
    """

    number: str
    opened: datetime
    entered: datetime


class TicketEntries(Fact, frozen=True):
    """All tickets that stand in the register of a provider. It has no recipe: the collector's own hourly survey fills it from
    the versions of the register. Absent: no register is kept.
    """

    about: ClassVar[Target] = Target.PROVIDER

    entries: tuple[TicketEntry, ...]
