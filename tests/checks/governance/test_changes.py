from __future__ import annotations

from datetime import timedelta

from checks.facts.config_changes import ChangedFile, ConfigChanges
from checks.facts.package_changes import ChangedDay, PackageChanges
from checks.governance.changes import config_changes, package_changes
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


def packages(age: int, **thresholds: int) -> Verdict:
    day = ChangedDay((NOW - timedelta(days=age)).date(), 2, ("nginx", "openssl"))
    said = package_changes(PackageChanges((day,)), NOW, **thresholds)
    assert isinstance(said, Verdict)
    return said


def files(days: int) -> Verdict:
    said = config_changes(ConfigChanges(9, (ChangedFile("/etc/nginx/nginx.conf", NOW - timedelta(days=days)),)), NOW)
    assert isinstance(said, Verdict)
    return said


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
