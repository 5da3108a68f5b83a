from __future__ import annotations

from datetime import date, timedelta

from checks.facts.compliance_registers import SecurityTest, SecurityTestKind, SecurityTests
from checks.security.security_tests import security_tests
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

TODAY = date(2026, 11, 23)
SCAN, PENTEST = SecurityTestKind.SCAN, SecurityTestKind.PENTEST


def said(*rows: tuple[SecurityTestKind, int]) -> dict[str, Status]:
    held = tuple(SecurityTest(TODAY - timedelta(days=age), kind, "SPSE", "BSSN") for kind, age in rows)
    verdicts = security_tests(SecurityTests(held), NOW)
    assert not isinstance(verdicts, Verdict)
    return {one.subject: one.status for one in verdicts}


def test_a_scan_each_quarter_and_a_penetration_test_each_year_pass() -> None:
    assert said((SCAN, 90), (PENTEST, 365)) == {"scan": Status.PASS, "pentest": Status.PASS}


def test_each_of_them_fails_by_itself() -> None:
    assert said((SCAN, 91), (PENTEST, 365)) == {"scan": Status.FAIL, "pentest": Status.PASS}
    assert said((SCAN, 3), (PENTEST, 366)) == {"scan": Status.PASS, "pentest": Status.FAIL}
    assert said((SCAN, 3)) == {"scan": Status.PASS, "pentest": Status.FAIL}


def test_the_newest_counts_and_what_is_planned_was_not_held() -> None:
    assert said((SCAN, 400), (SCAN, 3), (PENTEST, -1)) == {"scan": Status.PASS, "pentest": Status.FAIL}


def test_an_empty_register_fails_and_one_that_nobody_keeps_is_undetermined() -> None:
    assert said() == {"scan": Status.FAIL, "pentest": Status.FAIL}
    (none,) = security_tests(None, NOW)  # type: ignore[misc]
    assert none.status is Status.UNKNOWN
