from __future__ import annotations

from datetime import timedelta

import pytest

from checks.facts.lynis_report import LynisReport
from checks.security.scans import hardening_score
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


@pytest.mark.parametrize(
    ("index", "best", "days", "expected"),
    [
        (70, None, 1, Status.PASS),
        (69, None, 1, Status.FAIL),
        (75, 80, 1, Status.PASS),
        (75, 81, 1, Status.FAIL),  # good enough, and falling
        (75, 60, 1, Status.PASS),
        (90, None, 93, Status.UNKNOWN),  # too long ago to say anything of today
    ],
)
def test_a_score_is_high_enough_does_not_fall_and_is_not_old(
    index: int, best: int | None, days: int, expected: Status
) -> None:
    said = hardening_score(LynisReport(index, NOW - timedelta(days=days), 265, best), NOW)
    assert isinstance(said, Verdict)
    assert said.status is expected


def test_where_lynis_was_never_run_it_is_not_asked_for() -> None:
    assert hardening_score.absent is Status.NOT_APPLICABLE
