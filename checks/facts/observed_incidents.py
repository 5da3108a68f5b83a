"""What went wrong at a provider, as the collector itself saw it: findings, outages, recurring faults.

These facts have no recipe: the collector's own hourly survey fills them, and nobody else is believed. All moments are aware.
Waived findings and retired servers are left out: somebody with authority has answered for them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import msgspec

from checks.fact import Fact
from checks.target import Target

MOST = 200
"""Of each list this many stand in a fact, with the total beside them."""


class OpenFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding that is open: the name of its server or instance, its check and subject, and since when it fails (not since
    when it was noticed). `severity` is one of critical, high, medium, low.
    """

    target: str
    code: str
    severity: str
    since: datetime
    subject: str = ""


class OpenFindings(Fact, frozen=True):
    """Open findings of all servers and instances of a provider; none about the provider itself. The gravest first, then the
    oldest: 200 at most, of `total`, among which `critical` critical ones. No finding: an empty list, never absent.
    """

    about: ClassVar[Target] = Target.PROVIDER

    findings: tuple[OpenFinding, ...]
    total: int
    critical: int


class Outage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time in which an instance did not answer the public (L-AVL-01 or L-AVL-02 failed). `ended` None: it still lasts.

    `seconds` it lasted, until the survey if it still does. `vantages`: how many probers saw it. `planned`: it lies in an
    approved change window, so it is no incident. `servers`: the names of those the instance is registered to run on.
    """

    instance: str
    began: datetime
    ended: datetime | None
    seconds: int
    vantages: int
    planned: bool = False
    servers: tuple[str, ...] = ()


class Outages(Fact, frozen=True):
    """Outages that began in the last `days` days, or still last; of all instances, the latest first, 200 at most of `total`.

    `watched`: instances that probers watched in that time; 0 says that nobody could have seen an outage. `days_off`: days
    among these and the ten that follow that are no working days, besides Saturdays and Sundays.
    """

    about: ClassVar[Target] = Target.PROVIDER

    outages: tuple[Outage, ...]
    total: int
    watched: int
    days: int = 30
    days_off: tuple[date, ...] = ()


class Recurrence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A check that went wrong on one server or instance again and again: `times` findings opened, the last at `last`."""

    target: str
    code: str
    times: int
    last: datetime


class Recurrences(Fact, frozen=True):
    """Checks of which two findings or more opened on one target in the last `days` days; subjects are not told apart. The most
    frequent first, 200 at most of `total`. Nothing recurred: an empty list, never absent.
    """

    about: ClassVar[Target] = Target.PROVIDER

    recurrences: tuple[Recurrence, ...]
    total: int
    days: int = 30
