from __future__ import annotations

from datetime import timedelta

import pytest

from checks.facts.boot_loader import BootLoader, GrubFile
from checks.facts.core_dumps import CoreDumps
from checks.facts.mounts import Mount, Mounts
from checks.facts.package_changes import ChangedDay, PackageChanges
from checks.security import hardening
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


def status(said: object) -> Status:
    assert isinstance(said, Verdict)
    return said.status


@pytest.mark.parametrize(("days", "expected"), [(0, Status.PASS), (30, Status.PASS), (31, Status.FAIL)])
def test_packages_change_once_a_month(days: int, expected: Status) -> None:
    changes = PackageChanges((ChangedDay((NOW - timedelta(days=days)).date(), 3, ("nginx",)),))

    assert status(hardening.updated_lately(changes, NOW)) is expected


def test_a_log_without_changes_is_no_sign_of_updates() -> None:
    assert status(hardening.updated_lately(PackageChanges(), NOW)) is Status.FAIL


@pytest.mark.parametrize(
    ("dumps", "expected"),
    [
        (CoreDumps(0, "0"), Status.PASS),
        (CoreDumps(0, "0", "none"), Status.PASS),
        (CoreDumps(0, "0", "external"), Status.FAIL),
        (CoreDumps(2, "0"), Status.FAIL),
        (CoreDumps(0), Status.FAIL),
        (CoreDumps(0, "unlimited"), Status.FAIL),
    ],
)
def test_core_dumps(dumps: CoreDumps, expected: Status) -> None:
    assert status(hardening.core_dumps_restricted(dumps)) is expected


@pytest.mark.parametrize(
    ("mode", "uid", "superusers", "password", "expected"),
    [
        (0o600, 0, True, True, Status.PASS),
        (0o400, 0, True, True, Status.PASS),
        (0o444, 0, True, True, Status.FAIL),
        (0o600, 1000, True, True, Status.FAIL),
        (0o600, 0, True, False, Status.FAIL),
        (0o600, 0, False, True, Status.FAIL),
    ],
)
def test_boot_loader(mode: int, uid: int, superusers: bool, password: bool, expected: Status) -> None:
    loader = BootLoader((GrubFile("/boot/grub/grub.cfg", mode, uid),), superusers, password)

    assert status(hardening.boot_loader_protected(loader)) is expected


def test_file_systems_that_are_not_their_own_are_named() -> None:
    ext4 = Mount("ext4", ())
    verdict = hardening.own_file_systems(Mounts({"/": ext4, "/var": ext4}))

    assert status(verdict) is Status.FAIL
    assert isinstance(verdict, Verdict)
    assert words(verdict.measured, "en") == "no file system of its own: /home, /var/log"
    whole = Mounts(dict.fromkeys(("/", "/home", "/var", "/var/log"), ext4))
    assert status(hardening.own_file_systems(whole)) is Status.PASS
