from __future__ import annotations

from datetime import timedelta

import pytest

from checks.continuity.power import failures, ups
from checks.facts.power_events import PowerEvents, apcupsd
from checks.facts.ups import Ups, nut
from checks.verdict import Status, Verdict
from tests.checks.real import NOW, real


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


@pytest.mark.parametrize(
    ("days", "expected"), [((), Status.PASS), ((1, 9, 29), Status.PASS), ((1, 2, 3, 4), Status.FAIL)]
)
def test_power_may_fail_three_times_a_month(days: tuple[int, ...], expected: Status) -> None:
    events = PowerEvents(tuple(NOW - timedelta(days=day) for day in (*days, 31, 40, 50, 60)))
    verdict = failures(events, NOW)
    assert isinstance(verdict, Verdict)
    assert (verdict.status, verdict.value) == (expected, len(days))


def test_the_log_of_apcupsd_is_judged_by_its_last_month() -> None:
    verdict = failures(apcupsd(real("linux/apcupsd.events")), NOW)
    assert isinstance(verdict, Verdict)
    assert (verdict.status, verdict.value) == (Status.PASS, 1)


def test_without_a_ups_there_is_nothing_to_judge() -> None:
    assert failures.absent is Status.NOT_APPLICABLE
