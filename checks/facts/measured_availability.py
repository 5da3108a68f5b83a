"""How available the instances of a provider were, month by month, as the collector counted it from what probers saw."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from checks.fact import Fact
from checks.target import Target

MOST = 200


class Availability(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One instance in one month, which is named by its first day (in WIB, as its ends are). All numbers are seconds.

    `observed`: a quorum of probers told whether the instance answered, and no approved change window was open; for
    `available` of them it did. `planned`: a window was open, whatever was seen. `unobserved`: no quorum, no window. `observed`,
    `planned` and `unobserved` together are the month so far, or since the instance was registered. `target`: the availability
    agreed in the SLA in %, None where none is registered.
    """

    instance: str
    month: date
    observed: int
    available: int
    planned: int
    unobserved: int
    target: float | None = None


class MeasuredAvailability(Fact, frozen=True):
    """The month that runs and the one before it (if the instance was registered then), for each public instance: 200 rows at
    most, of `total`. A provider without a registered instance: absent.
    """

    about: ClassVar[Target] = Target.PROVIDER

    months: tuple[Availability, ...]
    total: int
