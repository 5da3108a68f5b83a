"""The processor: how busy it is, and how many tasks wait for it."""

from __future__ import annotations

from checks.fact import Fact, reads
from checks.source import Usage

SHORT = 10.0  # seconds


class Processor(Fact, frozen=True):
    """Shares of processor time (0 to 1) over the last `window` seconds, and load averages. Never absent.

    The window reaches back to the survey before; where there was none it is a sample of half a second.
    """

    cores: int
    busy: float
    iowait: float
    steal: float
    window: float
    load_1: float
    load_5: float
    load_15: float

    @property
    def short(self) -> bool:
        """Is the window too short to say more than what happened just then?"""
        return self.window < SHORT


@reads(Usage(Processor))
def processor(reading: Processor) -> Processor:
    return reading
