"""Temperatures and fans, as the kernel's sensors say (hwmon)."""

from __future__ import annotations

import msgspec

from checks.fact import Fact, reads
from checks.source import Usage


class Temperature(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The hottest sensor of one chip, in degrees Celsius, with the limits its maker gives (None: gives none)."""

    chip: str
    current: float
    high: float | None = None
    critical: float | None = None


class Sensors(Fact, frozen=True):
    """One row for each chip, at most 20, and fans that stand still. Absent: no sensor (virtual machines have none)."""

    temperatures: tuple[Temperature, ...]
    fans: int = 0
    fans_stopped: int = 0


@reads(Usage(Sensors))
def sensors(reading: Sensors) -> Sensors:
    return reading
