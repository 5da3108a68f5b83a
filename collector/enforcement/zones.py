"""The three zones of Indonesia, and moments told in WIB with a provider's own beside it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from enum import StrEnum

from checks.calendar import WIB


class Zone(StrEnum):
    """Where a provider sits."""

    WIB = "WIB"
    WITA = "WITA"
    WIT = "WIT"

    @property
    def offset(self) -> timezone:
        """Hours from UTC: 7, 8 and 9. There is no summer time."""
        return timezone(timedelta(hours=7 + list(Zone).index(self)), self.value)


def beside(moment: datetime, zone: Zone) -> str:
    """`moment` to the second in WIB, with `zone` beside it: "2026-03-31 23:59:59 WIB (2026-04-01 00:59:59 WITA)"."""
    told = moment.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S WIB")
    if zone is Zone.WIB:
        return told
    return f"{told} ({moment.astimezone(zone.offset):%Y-%m-%d %H:%M:%S} {zone})"
