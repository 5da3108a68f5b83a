from __future__ import annotations

from datetime import date, timedelta

import pytest

from checks.continuity.registers import backups_cover, exercises, recovery_sites
from checks.evaluate import evaluate
from checks.fact import Snapshot
from checks.facts.continuity_registers import (
    BackupDuty,
    BackupRegister,
    ContinuityExercises,
    DataKind,
    Exercise,
    ExerciseKind,
    RecoverySite,
    RecoverySites,
)
from checks.facts.discovered import Copy, Data, DiscoveredBackups, DiscoveredReleases, Held, Release, Told
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

TODAY = date(2026, 11, 23)
DUTIES = (
    BackupDuty(DataKind.DATABASE, "epns_prod", "lpse01", 24),
    BackupDuty(DataKind.DOCUMENTS, "/home/file/file_prod", "lpse01"),
    BackupDuty(DataKind.CONFIGURATION, "/etc", "lpse01.kota.go.id"),
)
DATA = (Held("lpse01", "database", "epns_prod"), Held("lpse01", "documents", "/home/file/file_prod"))


def copy(kind: Data, name: str = "", hours: float = 5, server: str = "lpse01") -> Copy:
    return Copy(server, kind, name, NOW - timedelta(hours=hours))


TOLD = (Told("lpse01", "database"), Told("lpse01", "documents"), Told("lpse01", "configuration"))
COPIES = (copy("database", "/backup/EPNS_prod-#.dump"), copy("documents"), copy("configuration"))


def covered(
    *duties: BackupDuty,
    copies: tuple[Copy, ...] = COPIES,
    data: tuple[Held, ...] = DATA,
    told: tuple[Told, ...] = TOLD,
) -> Verdict:
    said = backups_cover(BackupRegister(duties or DUTIES), DiscoveredBackups(copies, data, told), NOW)
    assert isinstance(said, Verdict)
    return said


def test_registered_data_with_fresh_copies_passes() -> None:
    assert covered().status is Status.PASS


@pytest.mark.parametrize(
    ("copies", "measured"),
    [
        (COPIES[1:], "epns_prod (lpse01): no backup"),
        ((copy("database", "/backup/other-#.dump"), *COPIES[1:]), "epns_prod (lpse01): no backup"),
        ((copy("database", "/backup/epns_prod-#", server="lpse02"), *COPIES[1:]), "epns_prod (lpse01): no backup"),
        ((copy("database", "epns_prod", 25), *COPIES[1:]),
         "epns_prod (lpse01): last 2026-11-22 09:00 WIB, over 24 hours"),
        ((COPIES[0], copy("documents", hours=193), COPIES[2]),
         "/home/file/file_prod (lpse01): last 2026-11-15 09:00 WIB, over 192 hours"),
    ],
)  # fmt: skip
def test_registered_data_without_a_fresh_copy_fails_by_name(copies: tuple[Copy, ...], measured: str) -> None:
    said = covered(copies=copies)
    assert (said.status, said.value) == (Status.FAIL, 1)
    assert words(said.measured, "en") == measured


def test_data_on_a_server_that_the_register_forgot_fails() -> None:
    said = covered(data=(*DATA, Held("lpse01", "database", "epns_latihan")))
    assert words(said.measured, "en") == "epns_latihan (lpse01): on the server, not registered"


def test_a_replica_of_registered_data_needs_no_row_of_its_own() -> None:
    assert covered(data=(*DATA, Held("drc01", "database", "epns_prod"))).status is Status.PASS


@pytest.mark.parametrize("told", [(), TOLD[1:], tuple(Told("lpse02", one.kind) for one in TOLD)])
def test_a_server_that_could_not_tell_is_not_said_to_have_no_backup(told: tuple[Told, ...]) -> None:
    said = covered(copies=COPIES[1:], told=told)
    assert said.status is Status.UNKNOWN
    assert words(said.measured, "en") == "no agent could see: epns_prod (lpse01)"
    assert covered(copies=(), told=TOLD[:1]).status is Status.FAIL


def test_a_backup_of_pgbackrest_holds_every_database_of_its_server() -> None:
    assert covered(copies=(copy("database"), *COPIES[1:])).status is Status.PASS


def test_what_no_agent_can_see_is_undetermined_unless_something_else_fails() -> None:
    tape = BackupDuty(DataKind.OTHER, "kaset arsip", "nas01")
    assert covered(*DUTIES, tape).status is Status.UNKNOWN
    assert covered(*DUTIES, tape, copies=()).status is Status.FAIL


def test_backups_without_rows_without_register_and_without_servers() -> None:
    empty, none = (
        backups_cover(BackupRegister(), DiscoveredBackups(COPIES), NOW),
        backups_cover(None, DiscoveredBackups(()), NOW),
    )
    assert isinstance(empty, Verdict)
    assert isinstance(none, Verdict)
    assert (empty.status, none.status) == (Status.FAIL, Status.UNKNOWN)
    snapshot = Snapshot({BackupRegister: BackupRegister(DUTIES)}, absent={DiscoveredBackups: "a service provider"})
    assert evaluate(backups_cover, backups_cover.thresholds, snapshot, NOW)[0].status is Status.NOT_APPLICABLE


# Recovery sites

SITE = RecoverySite("DRC Batam", "drc01", "lpse01")
MAIN = Release("lpse01", NOW, "4.5", "1.4-lkpp")


def site(*servers: Release, minutes: float = 0) -> Verdict:
    (said,) = recovery_sites(RecoverySites((SITE,)), DiscoveredReleases((MAIN, *servers)), NOW)  # type: ignore[misc]
    assert said.subject == "drc01"
    return said


def test_a_site_that_is_heard_with_the_same_release_passes() -> None:
    assert site(Release("drc01", NOW - timedelta(minutes=60), "4.5")).status is Status.PASS


def test_a_cold_site_on_which_spse_does_not_run_is_known_by_its_framework() -> None:
    assert site(Release("drc01", NOW, "", "1.4-lkpp")).status is Status.PASS
    assert site(Release("drc01", NOW, "", "1.3-lkpp")).status is Status.FAIL


def test_a_site_that_is_silent_or_behind_fails() -> None:
    silent = site(Release("drc01", NOW - timedelta(minutes=61), "4.5"))
    assert (silent.status, words(silent.measured, "en")) == (Status.FAIL, "last heard 2026-11-23 08:59 WIB")
    behind = site(Release("drc01", NOW, "4.4"))
    assert (behind.status, words(behind.measured, "en")) == (Status.FAIL, "4.4, main server 4.5")


@pytest.mark.parametrize(
    ("servers", "measured"),
    [
        ((), "0 servers are called drc01"),
        ((Release("drc01", NOW, "4.5"), Release("drc01.kota.go.id", NOW, "4.5")), "2 servers are called drc01"),
        ((Release("drc01", NOW),), "the SPSE version is not known"),
    ],
)
def test_a_site_that_no_agent_watches_or_whose_version_nobody_knows_is_undetermined(
    servers: tuple[Release, ...], measured: str
) -> None:
    said = site(*servers)
    assert (said.status, words(said.measured, "en")) == (Status.UNKNOWN, measured)


def test_who_declares_that_there_is_no_site_needs_none_and_who_declares_nothing_is_undetermined() -> None:
    (none,) = recovery_sites(RecoverySites(), DiscoveredReleases((MAIN,)), NOW)  # type: ignore[misc]
    (silent,) = recovery_sites(None, DiscoveredReleases((MAIN,)), NOW)  # type: ignore[misc]
    assert (none.status, silent.status) == (Status.NOT_APPLICABLE, Status.UNKNOWN)


# Exercises


def held(*rows: tuple[int, str]) -> Verdict:
    made = tuple(
        Exercise(TODAY - timedelta(days=age), ExerciseKind.RESTORE, "Disk rusak", result=result) for age, result in rows
    )
    said = exercises(ContinuityExercises(made), NOW)
    assert isinstance(said, Verdict)
    return said


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        (((365, "Pulih 2 jam"),), Status.PASS),
        (((366, "Pulih 2 jam"),), Status.FAIL),
        (((900, "Gagal"), (10, "Pulih")), Status.PASS),
        (((10, ""),), Status.FAIL),
        (((10, ""), (10, "Pulih")), Status.PASS),
        (((-1, "Pulih"),), Status.FAIL),
        ((), Status.FAIL),
    ],
)
def test_an_exercise_with_a_result_is_held_each_year(rows: tuple[tuple[int, str], ...], status: Status) -> None:
    assert held(*rows).status is status


def test_that_nobody_keeps_exercises_is_undetermined() -> None:
    said = exercises(None, NOW)
    assert isinstance(said, Verdict)
    assert said.status is Status.UNKNOWN
