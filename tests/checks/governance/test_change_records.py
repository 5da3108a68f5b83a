from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from checks.facts.change_register import ApprovedChange, ChangeCategory, ChangeKind, ChangeRegister
from checks.governance.change_records import change_records
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

BARE = ApprovedChange("CHG-1", "nginx", NOW - timedelta(days=3), NOW - timedelta(days=2), "Kepala LPSE")
WHOLE = msgspec.structs.replace(
    BARE, kind=ChangeKind.INFRASTRUCTURE, category=ChangeCategory.NORMAL, impact="Situs padam 5 menit",
    test_plan="Di server uji", rollback="apt install nginx=1.22", executor="Budi",
)  # fmt: skip


def said(*rows: ApprovedChange, now: datetime = NOW) -> Verdict:
    verdict = change_records(ChangeRegister(rows), now)
    assert isinstance(verdict, Verdict)
    return verdict


def test_a_form_that_is_filled_in_passes() -> None:
    assert said(WHOLE).status is Status.PASS


@pytest.mark.parametrize("name", ["kind", "category", "impact", "test_plan", "rollback", "executor"])
def test_a_change_that_was_made_without_its_whole_form_fails_by_name(name: str) -> None:
    empty = None if name in {"kind", "category"} else ""
    verdict = said(WHOLE, msgspec.structs.replace(WHOLE, **{name: empty}))
    assert (verdict.status, verdict.value) == (Status.FAIL, 1)
    assert verdict.measured == words(verdict.measured, "en") or words(verdict.measured, "en") == f"CHG-1: {name}"


def test_a_window_that_ends_before_it_begins_is_no_schedule() -> None:
    wrong = msgspec.structs.replace(WHOLE, closes=WHOLE.opens - timedelta(hours=1))
    assert words(said(wrong).measured, "en") == "CHG-1: closes"


def test_a_change_still_to_come_has_time_for_its_form() -> None:
    coming = msgspec.structs.replace(BARE, opens=NOW + timedelta(hours=1), closes=NOW + timedelta(hours=2))
    assert said(WHOLE, coming).status is Status.WARN
    assert said(coming, now=NOW + timedelta(minutes=61)).status is Status.FAIL


def test_an_emergency_is_written_down_within_two_working_days() -> None:
    friday = datetime(2026, 11, 20, 10, tzinfo=UTC)
    urgent = msgspec.structs.replace(BARE, opens=friday, closes=friday, category=ChangeCategory.EMERGENCY)
    tuesday_evening, wednesday = datetime(2026, 11, 24, 16, 58, tzinfo=UTC), datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert said(urgent, now=tuesday_evening).status is Status.WARN
    assert said(urgent, now=wednesday).status is Status.FAIL


def test_changes_of_more_than_a_year_ago_are_left_alone_and_none_at_all_need_no_record() -> None:
    assert said(msgspec.structs.replace(BARE, closes=NOW - timedelta(days=366))).status is Status.NOT_APPLICABLE
    assert said().status is Status.NOT_APPLICABLE
