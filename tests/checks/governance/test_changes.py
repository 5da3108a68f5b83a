from __future__ import annotations

from datetime import timedelta

from checks.facts.change_register import ApprovedChange, ChangeRegister
from checks.facts.config_changes import ChangedFile, ConfigChanges
from checks.facts.package_changes import ChangedDay, PackageChanges
from checks.governance.changes import config_changes, package_changes
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


def packages(age: int, approved: ChangeRegister | None = None, **thresholds: int) -> Verdict:
    day = ChangedDay((NOW - timedelta(days=age)).date(), 2, ("nginx", "openssl"))
    said = package_changes(PackageChanges((day,)), approved, NOW, **thresholds)
    assert isinstance(said, Verdict)
    return said


def files(days: float, approved: ChangeRegister | None = None) -> Verdict:
    changed = ConfigChanges(9, (ChangedFile("/etc/nginx/nginx.conf", NOW - timedelta(days=days)),))
    said = config_changes(changed, approved, NOW)
    assert isinstance(said, Verdict)
    return said


def window(begins: float, ends: float) -> ChangeRegister:
    """One approved change, from so many days ago until so many days ago."""
    opens, closes = NOW - timedelta(days=begins), NOW - timedelta(days=ends)
    return ChangeRegister((ApprovedChange("CHG-1", "nginx", opens, closes, "Kepala LPSE"),))


def test_a_change_within_an_approved_window_passes_and_one_outside_fails() -> None:
    assert files(2, window(2.1, 1.9)).status is Status.PASS
    assert files(2, window(1.9, 1)).status is Status.FAIL
    assert "tanpa persetujuan" in words(files(2, window(1.9, 1)).measured, "id")
    assert packages(2, window(2, 2)).status is Status.PASS
    assert packages(2, window(5, 4)).status is Status.FAIL


def test_a_window_may_be_overrun_by_an_hour_and_no_more() -> None:
    hour = 1 / 24
    assert files(2, window(2.5, 2 + 0.9 * hour)).status is Status.PASS
    assert files(2, window(2.5, 2 + 1.1 * hour)).status is Status.FAIL


def test_a_register_that_is_kept_but_empty_approves_nothing() -> None:
    assert files(2, ChangeRegister()).status is Status.FAIL
    assert packages(2, ChangeRegister()).status is Status.FAIL
    assert packages(8, ChangeRegister()).status is Status.PASS


def test_changed_packages_are_named_and_need_a_form() -> None:
    assert packages(2).status is Status.WARN
    assert "nginx, openssl" in words(packages(2).measured, "id")


def test_old_changes_of_packages_pass() -> None:
    assert packages(8).status is Status.PASS
    assert packages(8, days=30).status is Status.WARN


def test_changed_configuration_is_named_and_needs_a_form() -> None:
    assert files(2).status is Status.WARN
    assert "/etc/nginx/nginx.conf" in words(files(2).measured, "en")
    assert files(8).status is Status.PASS


def test_a_date_that_lies_ahead_counts_as_a_change() -> None:
    assert files(-3).status is Status.WARN
