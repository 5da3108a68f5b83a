"""The servers a provider has registered, and whether their agents are heard, as the collector knows it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec

from checks.fact import Fact
from checks.target import Target

MOST = 200


class RegisteredServer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server: when it was registered, and when a report about it was last accepted, by the collector's clock (None: never).

    `retired`: it was taken out of use, with a reason that stands in the audit trail.
    """

    name: str
    registered: datetime
    heard: datetime | None
    retired: bool = False


class EnrolledAgents(Fact, frozen=True):
    """All servers of a system provider, retired ones last: 200 at most, of `total` not retired. A service provider has no
    servers of its own (152/2022, 2.1.a.4): absent.
    """

    about: ClassVar[Target] = Target.PROVIDER

    servers: tuple[RegisteredServer, ...]
    total: int
