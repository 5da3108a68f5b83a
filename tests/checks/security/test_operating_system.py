from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks.check import DAY
from checks.facts.mandatory_access import MandatoryAccess
from checks.facts.os_release import OsRelease, os_release
from checks.facts.package_signing import PackageSigning
from checks.facts.reboot import Reboot
from checks.facts.sysctl import Sysctl
from checks.facts.updates import Updates, apt, dnf
from checks.security import operating_system
from checks.security.releases import SUPPORTED_UNTIL
from checks.source import FileStat
from checks.verdict import Status, Verdict
from tests.checks.real import NOW, real

PASS, WARN, FAIL, UNKNOWN = Status.PASS, Status.WARN, Status.FAIL, Status.UNKNOWN


def one(said: object) -> Verdict:
    assert isinstance(said, Verdict)
    return said


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("debian13", PASS),
        ("centos7", FAIL),
        ("oracle7", FAIL),
        ("rhel9", PASS),
        ("centosstream9", PASS),
        ("debiantesting", UNKNOWN),
    ],
)
def test_a_release_without_support_fails(name: str, status: Status) -> None:
    assert one(operating_system.supported_release(os_release(real(f"linux/os-release-{name}")), NOW)).status is status


def test_the_last_half_year_of_support_is_a_warning_and_its_last_day_still_counts() -> None:
    system = OsRelease("ubuntu", "22.04")

    assert one(operating_system.supported_release(system, datetime(2026, 11, 1, tzinfo=UTC))).status is PASS
    assert one(operating_system.supported_release(system, datetime(2027, 1, 1, tzinfo=UTC))).status is WARN
    assert one(operating_system.supported_release(system, datetime(2027, 6, 1, tzinfo=UTC))).status is WARN
    assert one(operating_system.supported_release(system, datetime(2027, 6, 2, tzinfo=UTC))).status is FAIL


def test_policy_may_add_a_contract_of_extended_support() -> None:
    system = OsRelease("ubuntu", "20.04")

    assert one(operating_system.supported_release(system, NOW)).status is FAIL
    assert one(operating_system.supported_release(system, NOW, also=("ubuntu 20.04 2030-04-23",))).status is PASS


def test_a_release_that_only_begins_alike_is_not_meant() -> None:
    assert one(operating_system.supported_release(OsRelease("debian", "120"), NOW)).status is UNKNOWN


def test_every_row_of_the_table_can_be_read() -> None:
    for row in SUPPORTED_UNTIL:
        distribution, version, day = row.split()
        assert datetime.fromisoformat(day)
        assert one(operating_system.supported_release(OsRelease(distribution, version), NOW)).status is not UNKNOWN


def updates(security: int, days_old: float = 1, **more: object) -> Updates:
    at = (NOW - timedelta(days=days_old)).timestamp()
    return Updates("apt", security, at, **more)  # type: ignore[arg-type]


def test_waiting_security_updates_fail_and_are_named() -> None:
    lists = (FileStat("/var/lib/apt/lists/x-security_InRelease", "file", 0o644, 0, 0, 1, NOW.timestamp()),)
    said = one(operating_system.security_updates(apt(lists, real("debian12/apt-simulate.txt")), NOW))

    assert said.status is FAIL
    assert said.value == 67
    assert "ca-certificates" in str(said.measured)


def test_waiting_updates_become_a_finding_only_after_two_weeks() -> None:
    assert operating_system.security_updates.grace == 14 * DAY


def test_no_waiting_update_passes_only_on_fresh_lists() -> None:
    assert one(operating_system.security_updates(updates(0), NOW)).status is PASS
    assert one(operating_system.security_updates(updates(0, days_old=20), NOW)).status is UNKNOWN


def test_stale_lists_that_name_an_update_still_fail() -> None:
    assert one(operating_system.security_updates(updates(1, days_old=20), NOW)).status is FAIL


def test_el_may_wait_longer_with_what_is_not_urgent() -> None:
    recent, old = NOW - timedelta(days=5), NOW - timedelta(days=20)

    assert one(operating_system.security_updates(updates(3, urgent=0, oldest=recent), NOW)).status is WARN
    assert one(operating_system.security_updates(updates(3, urgent=0, oldest=old), NOW)).status is FAIL
    assert one(operating_system.security_updates(updates(3, urgent=1, oldest=recent), NOW)).status is FAIL
    assert one(operating_system.security_updates(updates(3, urgent=0), NOW)).status is FAIL


def test_el_with_important_advisories_fails() -> None:
    cache = (FileStat("/var/cache/dnf/a/repodata/updateinfo.xml.gz", "file", 0o644, 0, 0, 1, NOW.timestamp()),)
    said = operating_system.security_updates(dnf(cache, cache, real("debian12/dnf-updateinfo.txt")), NOW)

    assert one(said).status is FAIL


@pytest.mark.parametrize(("days", "status"), [(None, PASS), (3, WARN), (8, FAIL)])
def test_a_reboot_may_wait_a_week(days: float | None, status: Status) -> None:
    since = None if days is None else (NOW - timedelta(days=days)).timestamp()
    newest = "" if days is None else "6.1.0-41-amd64"

    assert one(operating_system.reboot_pending(Reboot("6.1.0-18-amd64", newest, since=since), NOW)).status is status


def test_a_container_needs_no_reboot_for_a_kernel() -> None:
    assert operating_system.reboot_pending.absent is Status.NOT_APPLICABLE


def test_one_unsigned_source_fails_and_is_named() -> None:
    assert one(operating_system.signed_packages(PackageSigning("apt", 3))).status is PASS
    said = one(operating_system.signed_packages(PackageSigning("apt", 3, ("/etc/apt/sources.list:4",))))

    assert said.status is FAIL
    assert said.measured == "/etc/apt/sources.list:4"


@pytest.mark.parametrize(("value", "status"), [("2", PASS), ("1", FAIL), ("0", FAIL), ("", FAIL)])
def test_only_full_randomisation_passes(value: str, status: Status) -> None:
    assert one(operating_system.address_randomisation(Sysctl({"kernel.randomize_va_space": value}))).status is status


@pytest.mark.parametrize(
    ("control", "status"),
    [
        (MandatoryAccess("enforcing", "enforcing"), PASS),
        (MandatoryAccess("enforcing", "disabled"), WARN),
        (MandatoryAccess("permissive", "enforcing"), FAIL),
        (MandatoryAccess("disabled", "disabled"), FAIL),
        (MandatoryAccess("disabled", apparmor=True, enforcing=12), PASS),
        (MandatoryAccess("disabled", apparmor=True, enforcing=12, complaining=("/usr/sbin/x",)), WARN),
        (MandatoryAccess("disabled", apparmor=True, enforcing=0), FAIL),
        (MandatoryAccess("disabled", apparmor=False, enforcing=0), FAIL),
    ],
)
def test_something_must_be_enforced_now(control: MandatoryAccess, status: Status) -> None:
    assert one(operating_system.mandatory_access(control)).status is status
