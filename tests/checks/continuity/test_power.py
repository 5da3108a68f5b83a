from __future__ import annotations

import pytest

from checks.continuity.power import ups
from checks.facts.ups import Ups, nut
from checks.verdict import Status, Verdict
from tests.checks.real import real


@pytest.mark.parametrize(
    ("status", "charge", "runtime", "expected"),
    [
        (("OL",), 100.0, 1800.0, Status.PASS),
        (("OL", "CHRG"), 96.0, None, Status.PASS),
        (("OL", "CHRG"), 40.0, 1800.0, Status.FAIL),
        (("OL",), 100.0, 300.0, Status.FAIL),
        (("OB", "DISCHRG"), 100.0, 1800.0, Status.FAIL),
        (("OL", "LB"), 100.0, 1800.0, Status.FAIL),
        (("OL", "RB"), 100.0, 1800.0, Status.WARN),
        (("OL",), None, None, Status.WARN),
        (("BYPASS",), 100.0, 1800.0, Status.FAIL),
    ],
)
def test_mains_power_charge_and_runtime_are_all_needed(
    status: tuple[str, ...], charge: float | None, runtime: float | None, expected: Status
) -> None:
    verdict = ups(Ups("APC", status, charge, runtime))
    assert isinstance(verdict, Verdict)
    assert verdict.status is expected


def test_a_real_ups_passes_on_line_and_fails_on_battery() -> None:
    text = real("linux/upsc-apc.txt")
    for printed, status in ((text, Status.PASS), (text.replace("OL CHRG", "OB DISCHRG"), Status.FAIL)):
        verdict = ups(nut(printed))
        assert isinstance(verdict, Verdict)
        assert verdict.status is status
