from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from checks.fact import Missing
from checks.facts.backups import Backups, Guard, Series
from checks.facts.change_register import ApprovedChange, ChangeRegister
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_release import SpseReleases
from checks.facts.spse_version import SpseVersion, VersionChange
from checks.governance.spse_release import required_release, upgrade_is_approved
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW
from tests.checks.spse import instance

CHANGED, SEEN = NOW - timedelta(hours=49), NOW - timedelta(hours=48)
FORM = ApprovedChange("CHG-7", "SPSE 4.5", NOW - timedelta(hours=52), NOW - timedelta(hours=48.5), "Kepala LPSE")


def version(dump: float | None = 60, *, changed: bool = True, watched: float | None = 20) -> SpseVersion:
    """`dump`: made so many hours ago; `watched`: for so many days."""
    made = None if dump is None else NOW - timedelta(hours=dump)
    change = VersionChange(CHANGED, SEEN, made) if changed else None
    return SpseVersion(("4.5",), None if watched is None else NOW - timedelta(days=watched), change)


def judged(
    now: SpseVersion, approved: ChangeRegister | None = None, backups: Backups | Missing | None = None
) -> Verdict:
    said = upgrade_is_approved(now, backups, approved, NOW)
    assert isinstance(said, Verdict)
    return said


def test_an_upgrade_with_form_and_backup_passes_and_one_without_either_fails() -> None:
    kept = ChangeRegister((FORM,))
    assert judged(version(), kept).status is Status.PASS
    assert "CHG-7" in words(judged(version(), kept).measured, "id")
    assert judged(version(), ChangeRegister()).status is Status.FAIL
    assert judged(version(dump=None), kept).status is Status.FAIL
    assert "cadangan tidak ada" in words(judged(version(dump=None), kept).measured, "id")


def test_a_backup_is_of_the_last_day_before_the_upgrade() -> None:
    kept = ChangeRegister((FORM,))
    assert judged(version(dump=49 + 24), kept).status is Status.PASS
    assert judged(version(dump=49 + 25), kept).status is Status.FAIL


def test_a_dump_that_lies_there_still_counts_if_it_was_made_before() -> None:
    def lying(hours: float) -> Backups:
        one = Series("epns_prod-#.dump", 1, (NOW - timedelta(hours=hours)).timestamp(), 9, 0, 1, 1)
        return Backups((one,), Guard(1, 0, 0, 0, 0, 0))

    kept = ChangeRegister((FORM,))
    assert judged(version(dump=None), kept, lying(50)).status is Status.PASS
    assert judged(version(dump=None), kept, lying(5)).status is Status.FAIL


def test_backups_that_could_not_be_read_make_only_an_uncovered_upgrade_unknown() -> None:
    unread, kept = Missing("run as root"), ChangeRegister((FORM,))
    assert judged(version(dump=None), kept, unread).status is Status.UNKNOWN
    assert judged(version(), kept, unread).status is Status.PASS
    assert judged(version(changed=False), None, unread).status is Status.PASS


def test_while_nobody_keeps_the_register_an_upgrade_with_a_backup_is_told() -> None:
    assert judged(version()).status is Status.WARN
    assert judged(version(dump=None)).status is Status.FAIL


def test_no_upgrade_passes_once_the_release_was_watched_for_a_day() -> None:
    assert judged(version(changed=False)).status is Status.PASS
    assert judged(version(changed=False, watched=0.5)).status is Status.UNKNOWN
    assert judged(version(changed=False, watched=None)).status is Status.UNKNOWN


REQUIRED = ("4.5.20240301 2024-03-15", "4.5.20261001 2026-11-01")


def compared(said: str, *required: str, now: datetime = NOW) -> Verdict:
    found = required_release(SpseInstances((instance(),)), SpseReleases((said,)), now, required=required)
    assert isinstance(found, Iterable)
    (verdict,) = found
    return verdict


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("4.5.20261001", Status.PASS),
        ("4.5.20261105", Status.PASS),
        ("4.6", Status.PASS),
        ("4.5.20240301", Status.FAIL),  # required since 1 November: 22 days behind
        ("4.4.20990101", Status.FAIL),
        ("4.5", Status.UNKNOWN),  # says nothing of the patch level
        ("beta", Status.UNKNOWN),
        ("", Status.UNKNOWN),
    ],
)
def test_a_release_is_as_required_or_too_far_behind(said: str, expected: Status) -> None:
    assert compared(said, *REQUIRED).status is expected


def test_within_fourteen_days_it_is_only_a_warning() -> None:
    early = datetime(2026, 11, 10, tzinfo=UTC)
    assert compared("4.5.20240301", *REQUIRED, now=early).status is Status.WARN
    assert compared("4.4.1", *REQUIRED, now=early).status is Status.FAIL  # behind the release before, too


def test_what_is_not_yet_required_is_not_asked_for() -> None:
    assert compared("4.4", "4.5 2027-01-01").status is Status.NOT_APPLICABLE


def test_without_a_required_release_the_check_says_who_has_to_name_one() -> None:
    said = compared("4.5")
    assert said.status is Status.NOT_APPLICABLE
    assert "kebijakan" in words(said.measured, "id")


@pytest.mark.parametrize("line", ["4.5", "4.5 kemarin", "4.5 2026-13-01", "rilis 2026-01-01", ""])
def test_a_wrong_line_of_policy_is_named_and_judges_nobody(line: str) -> None:
    said = compared("4.5.1", line)
    assert said.status is Status.UNKNOWN
    assert "baris kebijakan salah" in words(said.measured, "id")
