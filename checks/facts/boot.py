"""When this system was started."""

from __future__ import annotations

from datetime import datetime

from checks.fact import Fact, reads
from checks.source import Usage


class Boot(Fact, frozen=True):
    """Start of the running kernel. Never absent."""

    at: datetime
    kernel: str


@reads(Usage(Boot))
def boot(reading: Boot) -> Boot:
    return reading
