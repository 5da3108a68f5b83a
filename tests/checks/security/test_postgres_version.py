from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checks.facts.postgres_settings import PgSettings
from checks.security.postgres_version import version
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


def said(number: int, now: datetime = NOW, **thresholds: int) -> Verdict:
    verdict = version(PgSettings({"server_version_num": str(number)}), now, **thresholds)
    assert isinstance(verdict, Verdict)
    return verdict


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (150020, Status.PASS),
        (180007, Status.PASS),
        (150019, Status.WARN),  # the next one is eleven days old
        (150018, Status.FAIL),  # the next one is 102 days old
        (140025, Status.FAIL),  # out of support since 12 November 2026
        (110022, Status.FAIL),
        (90624, Status.FAIL),
        (80400, Status.FAIL),
        (190001, Status.UNKNOWN),
    ],
)
def test_a_version_is_judged_by_its_support_and_by_its_minor_release(number: int, status: Status) -> None:
    assert said(number).status is status


def test_the_last_half_year_of_a_version_is_a_warning() -> None:
    assert said(140024, datetime(2026, 8, 20, tzinfo=UTC)).status is Status.WARN
    assert said(140022, datetime(2026, 3, 20, tzinfo=UTC)).status is Status.PASS


def test_old_versions_are_named_as_they_call_themselves() -> None:
    assert "9.6" in str(said(90624).measured)
    assert "15.18" in str(said(150018).measured)


def test_a_table_that_has_grown_old_proves_nothing() -> None:
    assert said(150020, datetime(2027, 7, 1, tzinfo=UTC)).status is Status.UNKNOWN


def test_policy_may_allow_more_days() -> None:
    assert said(150018, behind_days=120).status is Status.WARN
