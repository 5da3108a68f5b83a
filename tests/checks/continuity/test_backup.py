from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest

from checks.continuity import backup
from checks.facts.backup_test import BackupTest
from checks.facts.backups import Backups, Guard, Series
from checks.facts.document_store import DocumentFolders
from checks.facts.postgres_installed import PostgresInstalled
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

HERE = PostgresInstalled(("/var/lib/pgsql/data",))
STORE = DocumentFolders(("/home/file/file_prod",))
SAFE = Guard(files=20, encrypted=20, readable=0, writable=0, login_owned=0, worst=0o600)


def series(
    *, hours: float = 5, size: int = 1000, median: int = 1000, count: int = 20, name: str = "epns_prod"
) -> Series:
    return Series(f"/backup/{name}-#.dump", count, NOW.timestamp() - hours * 3600, size, median, 20, 7)


def found(*database: Series, **more: object) -> Backups:
    return Backups(database, SAFE, **more)  # type: ignore[arg-type]


def one(said: Verdict | Iterable[Verdict]) -> Verdict:
    if isinstance(said, Verdict):
        return said
    (verdict,) = said
    return verdict


@pytest.mark.parametrize(
    ("backups", "status"),
    [
        (found(series()), Status.PASS),
        (found(series(hours=25)), Status.FAIL),
        (found(series(hours=-48)), Status.FAIL),  # from the future
        (found(series(hours=30), series(name="epns_lat")), Status.FAIL),  # the training database does not count
        (found(catalogue=NOW.timestamp() - 3600), Status.PASS),
        (found(mirror=True), Status.FAIL),
        (None, Status.FAIL),
    ],
)
def test_the_newest_dump_of_production_is_of_the_last_day(backups: Backups | None, status: Status) -> None:
    assert one(backup.database_age(HERE, backups, NOW)).status is status


@pytest.mark.parametrize(
    ("backups", "status"),
    [
        (found(series(size=1390)), Status.PASS),
        (found(series(size=590)), Status.FAIL),
        (found(series(size=1410)), Status.FAIL),
        (found(series(size=0, count=1)), Status.FAIL),
        (found(series(count=2)), Status.UNKNOWN),
        (found(catalogue=1.0), Status.UNKNOWN),
        (None, Status.UNKNOWN),
    ],
)
def test_a_dump_far_from_the_median_is_implausible(backups: Backups | None, status: Status) -> None:
    assert one(backup.size(HERE, backups)).status is status


@pytest.mark.parametrize(
    ("test", "status"),
    [
        (BackupTest("/backup/epns.dump", "pg_restore", True), Status.PASS),
        (BackupTest("/backup/epns.dump", "pg_restore", False), Status.FAIL),
        (BackupTest("/backup/epns.dump", "pg_restore --list", True, False), Status.WARN),
        (BackupTest("/backup/epns.dump.age", "", container="age"), Status.UNKNOWN),
        (BackupTest("/backup/epns.dump.age", "", True, container="age", proof="sha256"), Status.PASS),
        (BackupTest("/backup/epns.dump.age", "", False, container="age", proof="sha256"), Status.FAIL),
        (BackupTest("/backup/epns.dump.gpg", "", True, container="OpenPGP", proof="end"), Status.PASS),
        (BackupTest("/backup/epns.dump.gpg", "", False, container="OpenPGP", proof="end"), Status.FAIL),
        (BackupTest("/backup/epns.dump.gpg", "", container="OpenPGP", proof="head"), Status.FAIL),
        (BackupTest("/backup/epns.dump.enc", "", proof="head"), Status.FAIL),
    ],
)
def test_only_a_dump_read_to_its_end_passes(test: BackupTest, status: Status) -> None:
    assert one(backup.readable(test)).status is status


def test_of_an_encrypted_dump_it_is_said_what_was_seen_and_what_only_a_restore_shows() -> None:
    said = one(backup.readable(BackupTest("/backup/epns.dump.age", "", True, container="age", proof="sha256")))

    assert words(said.measured, "en") == (
        "epns.dump.age (age): equals the SHA-256 checksum beside it; its content is proven by L-BCK-09 alone"
    )
    unproven = one(backup.readable(BackupTest("/backup/epns.dump.age", "", container="age")))
    assert "sha256sum FILE > FILE.sha256" in words(unproven.measured, "en")


@pytest.mark.parametrize(
    ("backups", "status"),
    [
        (found(documents=NOW.timestamp() - 3600), Status.PASS),
        (found(documents=NOW.timestamp() - 90000), Status.FAIL),
        (found(mirror=True), Status.UNKNOWN),
        (found(series()), Status.FAIL),
        (None, Status.FAIL),
    ],
)
def test_documents_need_an_archive_or_a_stamp_of_the_last_day(backups: Backups | None, status: Status) -> None:
    assert one(backup.documents_age(STORE, backups, NOW)).status is status


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, Status.PASS),
        ({"readable": 1}, Status.FAIL),
        ({"writable": 1}, Status.FAIL),
        ({"login_owned": 1}, Status.WARN),
        ({"encrypted": 19}, Status.WARN),
        ({"files": 0, "encrypted": 0}, Status.NOT_APPLICABLE),
    ],
)
def test_backups_that_others_may_read_or_change_fail(change: dict[str, int], status: Status) -> None:
    guard = msgspec.structs.replace(SAFE, **change)

    assert one(backup.protected(Backups((), guard))).status is status


@pytest.mark.parametrize(
    ("backups", "status"),
    [
        (found(series()), Status.PASS),
        (found(msgspec.structs.replace(series(), days=13)), Status.FAIL),
        (found(msgspec.structs.replace(series(), months=5)), Status.FAIL),
        (found(catalogue=1.0), Status.UNKNOWN),
        (None, Status.FAIL),
    ],
)
def test_two_weeks_of_days_and_half_a_year_of_months_are_kept(backups: Backups | None, status: Status) -> None:
    assert one(backup.retention(HERE, backups)).status is status


def test_what_does_not_count_is_said() -> None:
    said = one(backup.database_age(HERE, found(foreign=2, skipped=("/home/budi/backup",)), NOW))

    assert said.status is Status.FAIL
    assert "2 files of ordinary users" in words(said.measured, "en")
    assert "/home/budi/backup" in words(said.measured, "en")
