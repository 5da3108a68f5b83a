from __future__ import annotations

from datetime import timedelta

import pytest

from checks.facts.antivirus import VirusScan, VirusSignatures
from checks.security.antivirus import antivirus
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


@pytest.mark.parametrize(
    ("age", "scan", "infected", "expected"),
    [
        (1, 2, 0, Status.PASS),
        (4, 2, 0, Status.FAIL),
        (1, 8, 0, Status.FAIL),
        (1, 2, 1, Status.FAIL),
        (1, None, 0, Status.WARN),
        (4, None, 0, Status.FAIL),
    ],
)
def test_signatures_scan_and_findings(age: float, scan: float | None, infected: int, expected: Status) -> None:
    last = None if scan is None else VirusScan(NOW - timedelta(days=scan), infected)
    said = antivirus(VirusSignatures(NOW - timedelta(days=age)), last, NOW)

    assert isinstance(said, Verdict)
    assert said.status is expected


def test_no_antivirus_is_a_failure() -> None:
    assert antivirus.absent is Status.FAIL
