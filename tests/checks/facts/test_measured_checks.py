from __future__ import annotations

from checks.facts.measured_checks import MOST_NAMES, Measured, MeasuredChecks
from checks.self_assessment import LINKED
from tests.checks.facts.observations import NAME, hold


def test_only_the_collector_knows_it_and_it_stays_small() -> None:
    codes = sorted({code for codes in LINKED.values() for code in codes})
    hold(MeasuredChecks(tuple(Measured(code, 9, 9, 9, (NAME,) * MOST_NAMES) for code in codes)))
