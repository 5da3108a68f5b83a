from __future__ import annotations

from datetime import date, timedelta

import pytest

from checks.capacity.registers import limits, reports
from checks.facts.capacity_registers import CapacityItem, CapacityLimit, CapacityLimits, CapacityReport, CapacityReports
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

TODAY = date(2026, 11, 23)
WHOLE = tuple(
    CapacityLimit(item, "server SPSE", "80 %")
    for item in (CapacityItem.PROCESSOR, CapacityItem.MEMORY, CapacityItem.STORAGE, CapacityItem.BANDWIDTH,
                 CapacityItem.PERSONNEL)
)  # fmt: skip


def limited(*rows: CapacityLimit, **thresholds: tuple[str, ...]) -> Verdict:
    said = limits(CapacityLimits(rows), **thresholds)
    assert isinstance(said, Verdict)
    return said


def test_a_limit_for_each_item_of_the_form_passes() -> None:
    assert limited(*WHOLE).status is Status.PASS


def test_an_item_that_is_missing_or_has_no_limit_fails_by_name() -> None:
    said = limited(*WHOLE[1:], CapacityLimit(CapacityItem.OTHER, "genset"))
    assert (said.status, said.value) == (Status.FAIL, 2)
    assert words(said.measured, "en") == "Other genset: no limit; Processor: no row"
    assert words(said.measured, "id") == "Lainnya genset: tanpa batasan; Prosesor: tidak ada baris"


def test_policy_may_ask_for_other_items() -> None:
    assert limited(WHOLE[0], items=("processor",)).status is Status.PASS
    assert limited(WHOLE[0], items=("processor", "genset")).status is Status.FAIL


def made(*days: int) -> Verdict:
    rows = tuple(CapacityReport(f"LK-{n}", TODAY - timedelta(days=age)) for n, age in enumerate(days))
    said = reports(CapacityReports(rows), NOW)
    assert isinstance(said, Verdict)
    return said


@pytest.mark.parametrize(
    ("days", "status"), [((92,), Status.PASS), ((93,), Status.FAIL), ((400, 10), Status.PASS), ((-1, 93), Status.FAIL)]
)
def test_a_report_is_due_each_quarter_and_one_of_tomorrow_was_not_made(days: tuple[int, ...], status: Status) -> None:
    assert made(*days).status is status


def test_an_empty_register_fails_and_one_that_nobody_keeps_is_undetermined() -> None:
    assert limited().status is Status.FAIL
    assert made().status is Status.FAIL
    assert made(-1).status is Status.FAIL
    for said in (limits(None), reports(None, NOW)):
        assert isinstance(said, Verdict)
        assert said.status is Status.UNKNOWN
