from __future__ import annotations

from datetime import date

from checks.availability.service_level import monthly_availability
from checks.facts.measured_availability import Availability, MeasuredAvailability
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

HOUR = 3600
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def month(
    down: float, *, of: date = OCTOBER, hours: float = 744, planned: float = 0, unobserved: float = 0,
    target: float | None = None, instance: str = "lpse.kota.go.id",
) -> Availability:  # fmt: skip
    """A month of so many hours, `down` for some of those that were observed."""
    observed = round((hours - planned - unobserved) * HOUR)
    return Availability(
        instance, of, observed, max(0, observed - round(down * HOUR)), round(planned * HOUR), round(unobserved * HOUR), target
    )  # fmt: skip


def said(*months: Availability, total: int | None = None, **thresholds: float) -> list[Verdict]:
    measured = MeasuredAvailability(months, len(months) if total is None else total)
    found = monthly_availability(measured, NOW, **thresholds)
    assert not isinstance(found, Verdict)
    return list(found)


def status(*months: Availability, **thresholds: float) -> Status:
    (verdict,) = said(*months, **thresholds)
    return verdict.status


def test_a_month_at_its_target_passes_and_one_below_fails_with_the_figures() -> None:
    (good,) = said(month(7.44))
    assert (good.status, good.subject, good.value) == (Status.PASS, "lpse.kota.go.id 2026-10", 99.0)
    (bad,) = said(month(8.5))
    assert (bad.status, bad.expected) == (Status.FAIL, ">= 99 %")
    assert words(bad.measured, "id") == "98.86 %, padam 8 jam 30 menit; teramati 100% waktu"


def test_the_target_of_the_sla_counts_before_the_default() -> None:
    assert status(month(4, target=99.5)) is Status.FAIL
    assert status(month(4, target=98.0)) is Status.PASS
    assert status(month(4), minimum=99.9) is Status.FAIL


def test_planned_windows_count_neither_way_and_are_told() -> None:
    (verdict,) = said(month(5, planned=100))
    assert verdict.status is Status.PASS
    assert "planned 100 h 0 min" in words(verdict.measured, "en")
    assert status(month(6.6, planned=100)) is Status.FAIL
    assert status(month(0, planned=744)) is Status.NOT_APPLICABLE


def test_time_that_nobody_observed_counts_neither_way_but_too_much_of_it_is_unknown() -> None:
    assert status(month(1, unobserved=100)) is Status.PASS
    assert status(month(7, unobserved=100)) is Status.FAIL
    (verdict,) = said(month(1, unobserved=300))
    assert verdict.status is Status.UNKNOWN
    assert "60% of the time observed" in words(verdict.measured, "en")
    assert status(month(1, unobserved=300), observed_share=0.5) is Status.PASS
    assert status(month(0, unobserved=744)) is Status.UNKNOWN


def test_what_fails_even_if_all_unobserved_time_was_good_fails() -> None:
    assert status(month(8, unobserved=700)) is Status.FAIL
    assert status(month(7, unobserved=700)) is Status.UNKNOWN


def test_a_month_that_runs_is_advised_until_its_target_is_out_of_reach() -> None:
    assert status(month(1, of=NOVEMBER, hours=538)) is Status.PASS
    assert status(month(7, of=NOVEMBER, hours=538)) is Status.WARN
    assert status(month(7.3, of=NOVEMBER, hours=538)) is Status.FAIL
    assert status(month(7, of=NOVEMBER, hours=538, planned=50)) is Status.FAIL  # its hours are fewer then


def test_every_instance_and_month_is_judged_and_what_does_not_fit_is_unknown() -> None:
    found = said(month(1), month(9, instance="lpse.kab.go.id"), month(1, of=NOVEMBER, hours=538), total=5)
    assert [(one.subject, one.status) for one in found] == [
        ("lpse.kota.go.id 2026-10", Status.PASS),
        ("lpse.kab.go.id 2026-10", Status.FAIL),
        ("lpse.kota.go.id 2026-11", Status.PASS),
        ("", Status.UNKNOWN),
    ]


def test_a_provider_without_an_instance_has_no_availability() -> None:
    assert monthly_availability.absent is Status.NOT_APPLICABLE
