from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from checks.facts.log_gaps import Gap, LogGaps
from checks.security.log_gaps import no_gap
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


WHOLE = LogGaps("journal", 900, ago(25), ago(0.1), ago(900), before=ago(25))


def said(**changed: Any) -> Verdict:
    verdict = no_gap(msgspec.structs.replace(WHOLE, **changed), NOW)
    assert isinstance(verdict, Verdict)
    return verdict


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Status.PASS),
        ({"total": 1, "gaps": (Gap(ago(9), ago(8)),)}, Status.PASS),
        ({"total": 1, "gaps": (Gap(ago(9), ago(7)),)}, Status.FAIL),
        ({"last": ago(2)}, Status.FAIL),
        ({"first": ago(6)}, Status.FAIL),
        ({"first": ago(6), "before": None}, Status.PASS),
        ({"first": ago(6), "up_since": ago(6.1)}, Status.PASS),
        ({"total": 1, "gaps": (Gap(ago(9), ago(7)),), "up_since": ago(7.1)}, Status.PASS),
        ({"total": 4, "gaps": tuple(Gap(ago(n + 1.5), ago(n)) for n in (2, 4, 6, 8))}, Status.UNKNOWN),
        ({"total": 30, "gaps": (Gap(ago(9), ago(7)),)}, Status.UNKNOWN),
    ],
)
def test_a_live_server_is_not_silent_for_hours(changed: dict[str, Any], expected: Status) -> None:
    assert said(**changed).status is expected


def test_a_gap_is_told_with_its_times() -> None:
    verdict = said(total=1, gaps=(Gap(ago(9), ago(2)),))

    assert words(verdict.measured, "en") == "journal: 2026-11-22 18:00 – 2026-11-23 01:00 UTC"
    assert verdict.value == 420
