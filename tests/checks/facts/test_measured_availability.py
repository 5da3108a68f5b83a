from __future__ import annotations

from datetime import date

from checks.facts.measured_availability import MOST, Availability, MeasuredAvailability
from tests.checks.facts.observations import NAME, hold


def test_only_the_collector_knows_it_and_it_stays_small() -> None:
    hold(MeasuredAvailability((Availability(NAME, date(2026, 11, 1), 2678400, 2678400, 0, 0, 99.5),) * MOST, 900))
