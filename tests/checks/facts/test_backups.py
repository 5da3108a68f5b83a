from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent, Missing
from checks.facts.backups import PLACES, Backups, is_database, production, series_name
from checks.facts.backups import backups as recipe
from checks.source import FileStat, FileText
from tests.checks.real import NOW

PASSWD = (FileText("/etc/passwd", "root:x:0:0\npostgres:x:26:26\nspse:x:1001:1001\n"),)
OWNED = (FileStat("/opt/spse/conf/application.conf", "file", 0o600, 1001, 0, 9, 0.0),)


def backups(found: tuple[FileStat, ...]) -> Backups:
    return recipe(found, OWNED, PASSWD)


def file(path: str, *, days: float = 0, size: int = 1000, mode: int = 0o600, uid: int = 0) -> FileStat:
    return FileStat(path, "file", mode, uid, 0, size, (NOW - timedelta(days=days)).timestamp())


def folder(path: str, mode: int = 0o700, kind: str = "directory", uid: int = 0) -> FileStat:
    return FileStat(path, kind, mode, uid, 0, 4096, NOW.timestamp())


@pytest.mark.parametrize(
    ("path", "yes"),
    [
        ("/backup/epns_prod-2026-11-22.dump", True),
        ("/backup/epns_prod.backup.gz", True),
        ("/backup/epns_prod.sql.gz.age", True),
        ("/backup/db/base.tar.gz", True),
        ("/backup/pg_basebackup-2026.tar", True),
        ("/var/backups/dpkg.status.1.gz", False),
        ("/var/backups/alternatives.tar.0", False),
        ("/backup/spse-4.5.tar.gz", False),
        ("/backup/file_prod-2026.tar.gz", False),
        ("/backup/epns_prod.sql.gz.md5", False),
        ("/backup/pg_dump.log", False),
    ],
)
def test_dumps_are_told_from_what_packages_leave_behind(path: str, yes: bool) -> None:
    assert is_database(path) is yes


def test_names_that_differ_by_their_date_are_one_series() -> None:
    assert series_name("/backup/epns_prod-2026-11-22_0100.dump") == series_name(
        "/backup/epns_prod-2025-01-03_2359.dump"
    )
    assert series_name("/backup/epns_prod.Mon.sql.gz") == series_name("/backup/epns_prod.Tue.sql.gz")
    assert series_name("/backup/epns_prod-1.dump") != series_name("/backup/epns_lat-1.dump")


def test_a_series_has_its_newest_its_median_and_its_days() -> None:
    copies = tuple(file(f"/backup/epns_prod-{day}.dump", days=day, size=1000 + day) for day in range(40))

    (series,) = backups(copies).database

    assert (series.count, series.size, series.median, series.days, series.months) == (40, 1000, 1007, 40, 2)


def test_the_production_database_goes_before_others() -> None:
    found = backups((file("/backup/epns_lat-1.dump"), file("/backup/epns_prod-1.dump", days=2)))

    assert found.newest == "/backup/epns_prod-1.dump"
    assert [one.name for one in production(found.database)] == ["/backup/epns_prod-#.dump"]


def test_files_in_a_closed_folder_are_read_by_nobody() -> None:
    inside = (file("/backup/db/epns.dump", mode=0o644), file("/backup/db/epns2.dump", mode=0o666, uid=1000))

    closed = backups((folder("/backup"), folder("/backup/db", 0o755), *inside)).guard
    opened = backups((folder("/backup", 0o755), folder("/backup/db", 0o755), *inside)).guard

    assert (closed.files, closed.readable, closed.writable, closed.login_owned) == (2, 0, 0, 1)
    assert (opened.readable, opened.writable, opened.worst) == (2, 1, 0o666)


def test_documents_are_seen_by_archive_stamp_or_mirror_and_never_named() -> None:
    stamped = backups((folder("/backup/file_prod"), file("/backup/file_prod.stamp", days=1)))
    mirrored = backups((folder("/backup/file_prod"),))

    assert stamped.documents == (NOW - timedelta(days=1)).timestamp()
    assert (mirrored.mirror, mirrored.documents, mirrored.database) == (True, None, ())


def test_pgbackrest_counts_by_its_catalogue() -> None:
    found = backups((file("/var/lib/pgbackrest/backup/main/backup.info", days=0.5),))

    assert found.catalogue is not None
    assert found.newest == ""


def test_nothing_but_packages_is_absent() -> None:
    with pytest.raises(Absent, match="usual backup folder"):
        backups((folder("/", 0o755), folder("/var/backups", 0o755), file("/var/backups/dpkg.status.1.gz")))


def test_a_tree_is_read_to_the_depth_of_dated_folders(tmp_path: Path) -> None:
    for name in ("backup/2026-11-22/epns_prod.dump", "backup/file_prod/12/rahasia.sql", "home/backup/old.sql"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")

    fact = Survey(LocalHost(str(tmp_path))).outcome(Backups).fact

    assert isinstance(fact, Backups)
    assert {one.name for one in fact.database} == {"/backup/#/epns_prod.dump", "/home/backup/old.sql"}
    assert fact.mirror


@pytest.mark.parametrize(("uid", "counts"), [(0, True), (26, True), (1001, True), (1002, False), (65534, False)])
def test_a_dump_of_a_user_in_their_own_folder_is_no_backup(uid: int, counts: bool) -> None:
    found = backups(
        (file("/home/budi/backup/db1/epns_prod.dump", uid=uid), file("/home/budi/backups/file_prod.stamp", uid=uid))
    )

    assert bool(found.database) is bool(found.newest) is (found.documents is not None) is counts
    assert found.foreign == (0 if counts else 2)
    assert found.guard.files == 2  # a leak is a leak


def test_a_fresh_fake_does_not_hide_an_old_backup() -> None:
    old = file("/backup/epns_prod-1.dump", days=9)
    found = backups((old, file("/home/budi/backup/epns_prod-2.dump", uid=1002)))

    assert (found.newest, [one.newest for one in found.database]) == (old.path, [old.modified])


def test_a_link_of_a_user_makes_no_backup_of_the_logs_of_root() -> None:
    log = file("/home/budi/backup/db/postgresql-15-main.log.2.gz", uid=26)

    assert backups((log,)).database
    for path in ("/home/budi/backup", "/home/budi/backup/db"):
        assert not backups((folder(path, 0o777, "link", 1002), log)).database
        assert backups((folder(path, 0o777, "link"), log)).database


def test_a_folder_with_too_many_files_is_skipped_alone(tmp_path: Path) -> None:
    for path, many in (("home/budi/backup", 2001), ("backup/db", 3)):
        (tmp_path / path).mkdir(parents=True)
        for number in range(many):
            (tmp_path / path / f"epns{number}.dump").touch()

    fact = Survey(LocalHost(str(tmp_path))).outcome(Backups).fact

    assert isinstance(fact, Backups)
    assert [(one.name, one.count) for one in fact.database] == [("/backup/db/epns#.dump", 3)]
    assert fact.skipped == ("/home/budi/backup",)


def test_many_folders_are_too_many_too(tmp_path: Path) -> None:
    for number in range(2000):
        (tmp_path / f"home/budi/backup/db{number}").mkdir(parents=True)
        (tmp_path / f"home/budi/backup/db{number}/x.dump").touch()
    for number in range(60):
        (tmp_path / f"mnt/budi/backup{number}").mkdir(parents=True)
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup/epns.dump").touch()

    fact = Survey(LocalHost(str(tmp_path))).outcome(Backups).fact

    assert isinstance(fact, Backups)
    assert [one.name for one in fact.database] == ["/backup/epns.dump"]
    assert fact.skipped == ("/home/budi/backup", "/mnt/budi")


def test_a_crowded_folder_of_root_is_not_called_empty() -> None:
    with pytest.raises(Missing, match="too many files to be read: /backup"):
        backups((folder("/backup", kind="crowded"),))
    with pytest.raises(Absent):
        backups((folder("/home/budi/backup", kind="crowded", uid=1002),))


def test_the_list_of_sources_stays_readable() -> None:
    assert len(PLACES.describe()) < 600


@given(text())
def test_no_name_breaks_it(name: str) -> None:
    found = backups((file("/backup/epns_prod.dump"), file(f"/backup/{name}"), file(f"/backup/{name}.dump")))

    assert 1 <= len(found.database) <= 3
