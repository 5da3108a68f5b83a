from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from checks.continuity import restore
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.restore_test import Reason, RestoredTable, RestoreTest, Step
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

HERE = PostgresInstalled(("/var/lib/pgsql/data",))


def outcome(
    *,
    days: float = 3,
    backup_days: float = 0.3,
    seconds: float = 725,
    step: Step = "",
    reason: Reason = "",
    detail: str = "",
) -> RestoreTest:
    at = NOW - timedelta(days=days)
    return RestoreTest(
        at, "/backup/epns_prod-2026.dump", at - timedelta(days=backup_days), 1 << 30, "custom", seconds, passed=not reason,
        server="15.14", step=step, reason=reason, detail=detail, tables=0 if reason else 312,
        counted=() if reason else (RestoredTable("public.paket", 12_345),),
    )  # fmt: skip


def recent(test: RestoreTest | None, **thresholds: float) -> Verdict:
    said = restore.recent(HERE, test, NOW, **thresholds)
    assert isinstance(said, Verdict)
    return said


def recovery(test: RestoreTest | None, **thresholds: float) -> Verdict:
    said = restore.recovery_time(HERE, test, NOW, **thresholds)
    assert isinstance(said, Verdict)
    return said


@pytest.mark.parametrize(
    ("test", "status"),
    [
        (outcome(), Status.PASS),
        (outcome(days=89.9), Status.PASS),
        (outcome(days=91), Status.FAIL),
        (outcome(days=-2), Status.FAIL),  # from the future
        (outcome(backup_days=400), Status.FAIL),  # an old backup proves nothing of the new ones
        (outcome(step="restore", reason="cut"), Status.FAIL),
        (None, Status.FAIL),
    ],
)
def test_a_restore_test_is_recent_and_passed(test: RestoreTest | None, status: Status) -> None:
    assert recent(test).status is status


def test_what_was_restored_is_told() -> None:
    said = words(recent(outcome()).measured, "en")
    assert (
        said
        == "3 days ago epns_prod-2026.dump (0.3 days old) came back: 312 tables, 12345 rows in the 1 that were counted"
    )


def test_a_failure_names_step_reason_and_extension() -> None:
    said = recent(outcome(step="extensions", reason="extension", detail="postgis"))
    assert words(said.measured, "en") == (
        "epns_prod-2026.dump: failed while preparing extensions: an extension is not available on this server (postgis), 3 days ago"
    )
    assert "gagal saat menyiapkan ekstensi" in words(said.measured, "id")


def test_policy_moves_the_days() -> None:
    assert recent(outcome(days=40), days=30.0).status is Status.FAIL
    assert recent(outcome(backup_days=20), backup_days=30.0).status is Status.PASS


@pytest.mark.parametrize(
    ("test", "status"),
    [
        (outcome(), Status.PASS),
        (outcome(seconds=4 * 3600 + 60), Status.FAIL),
        (outcome(step="restore", reason="too_slow", seconds=5 * 3600), Status.FAIL),  # not done, and too long already
        (outcome(step="restore", reason="too_slow", seconds=1800), Status.UNKNOWN),
        (outcome(step="restore", reason="cut"), Status.UNKNOWN),
        (outcome(days=91), Status.UNKNOWN),
        (None, Status.UNKNOWN),
    ],
)
def test_the_measured_time_is_within_the_target(test: RestoreTest | None, status: Status) -> None:
    assert recovery(test).status is status


def test_the_time_is_said_as_people_say_it_and_is_a_number_too() -> None:
    said = recovery(outcome())
    assert (words(said.measured, "id"), words(said.measured, "en"), said.value) == (
        "12 menit 5 detik",
        "12 min 5 s",
        0.2,
    )
    assert words(recovery(outcome(seconds=7260)).measured, "en") == "2 h 1 min"
    assert recovery(outcome(seconds=7260), hours=2.0).status is Status.FAIL


def test_every_step_and_every_reason_has_its_words() -> None:
    kinds = {one.name: one.type for one in msgspec.structs.fields(RestoreTest)}
    assert set(restore.STEPS) | {""} == set(kinds["step"].__args__)
    assert set(restore.REASONS) | {""} == set(kinds["reason"].__args__)
