"""The processor: how busy it is, and how many tasks wait for it."""

from __future__ import annotations

from checks.fact import Fact, reads
from checks.source import Usage


class Processor(Fact, frozen=True):
    """Shares of processor time (0 to 1) over a window of `window` seconds, and load averages. Never absent."""

    cores: int
    busy: float
    iowait: float
    steal: float
    window: float
    load_1: float
    load_5: float
    load_15: float


@reads(Usage(Processor))
def processor(reading: Processor) -> Processor:
    return reading
