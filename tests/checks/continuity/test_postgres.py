from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest

from checks.check import Check
from checks.continuity.postgres import archiving, lag, own_role
from checks.facts.postgres_archiver import PgArchiver
from checks.facts.postgres_replication import PgReplication, PgStandby
from checks.verdict import Status, Verdict
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, caught_up, cluster, standby

pytest_plugins = ("tests.postgres_cluster",)

WORKING = PgArchiver(
    in_recovery=False,
    mode="on",
    configured=True,
    pretends=False,
    failing=False,
    waiting=0,
    timeout=1800,
    up=99999,
    archived=60,
)
STANDBY = PgStandby("second", "replicator", False, "streaming", 1, 0)


def verdicts(check: Check, *facts: object, **thresholds: bool) -> list[Verdict]:
    said = check(*facts, **thresholds)
    return [said] if isinstance(said, Verdict) else list(said)


def status(check: Check, *facts: object, **thresholds: bool) -> Status:
    (verdict,) = verdicts(check, *facts, **thresholds)
    return verdict.status


def tried(own: Cluster, root: Path, *, failing: bool) -> PgArchiver:
    """What is seen once the archiver has tried a segment with its present command."""
    own.execute("SELECT pg_logical_emit_message(false, 'x', 'y')", "SELECT pg_switch_wal()")
    for _ in range(100):
        seen = read(own, root, PgArchiver)
        if seen.failing if failing else seen.archived is not None and not (seen.failing or seen.waiting):
            break
        time.sleep(0.1)
    return seen


def test_archiving_on_a_real_server_fails_breaks_and_is_mended(postgres: Cluster, tmp_path: Path) -> None:
    assert status(archiving, read(postgres, tmp_path, PgArchiver)) is Status.FAIL  # off

    with cluster(archive_mode="on", archive_timeout="1800", archive_command="cp %p /nowhere/%f") as own:
        assert status(archiving, read(own, tmp_path, PgArchiver)) is Status.WARN  # nothing to archive yet
        assert status(archiving, tried(own, tmp_path, failing=True)) is Status.FAIL
        own.set(archive_command="test -f %p")
        assert status(archiving, tried(own, tmp_path, failing=False)) is Status.PASS
        own.set(archive_command="true")
        assert status(archiving, read(own, tmp_path, PgArchiver)) is Status.FAIL
        own.set(archive_command="")
        assert status(archiving, read(own, tmp_path, PgArchiver)) is Status.FAIL


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Status.PASS),
        ({"archived": 7200}, Status.PASS),  # idle: archive_timeout would have closed a segment with changes in it
        ({"archived": 7200, "waiting": 1}, Status.FAIL),
        ({"archived": 7200, "timeout": 0}, Status.FAIL),
        ({"archived": None}, Status.FAIL),
        ({"archived": None, "up": 60}, Status.WARN),
        ({"failing": True}, Status.FAIL),
        ({"in_recovery": True}, Status.NOT_APPLICABLE),
        ({"in_recovery": True, "mode": "always", "failing": True}, Status.FAIL),
    ],
)
def test_age_alone_is_no_failure_and_everything_else_is(change: dict[str, int | None], expected: Status) -> None:
    assert status(archiving, msgspec.structs.replace(WORKING, **change)) is expected


def test_a_real_standby_is_followed_until_it_is_lost(tmp_path: Path) -> None:
    with cluster(wal_keep_size="64MB") as primary:
        assert status(lag, read(primary, tmp_path, PgReplication)) is Status.NOT_APPLICABLE
        assert status(lag, read(primary, tmp_path, PgReplication), declared=True) is Status.FAIL
        assert status(own_role, read(primary, tmp_path, PgReplication)) is Status.NOT_APPLICABLE
        with standby(primary) as second:
            primary.execute("CREATE TABLE tender (id int)")
            caught_up(second, "tender")
            seen, there = read(primary, tmp_path, PgReplication), read(second, tmp_path, PgReplication)
            assert status(lag, seen) is Status.PASS
            assert status(lag, there) is Status.PASS
            assert status(own_role, seen) is Status.FAIL  # it came as postgres

            second.execute("SELECT pg_wal_replay_pause()")
            primary.execute("INSERT INTO tender SELECT generate_series(1, 100000)")
            time.sleep(1)
            behind = read(primary, tmp_path, PgReplication)
            (verdict,) = verdicts(lag, behind, mebibytes=1)
            assert verdict.status is Status.FAIL

        primary.execute("SELECT pg_create_physical_replication_slot('gone', true)")
        assert status(lag, read(primary, tmp_path, PgReplication)) is Status.FAIL


@pytest.mark.parametrize(
    ("replication", "expected"),
    [
        (PgReplication(False, (STANDBY,)), Status.PASS),
        (PgReplication(False, (msgspec.structs.replace(STANDBY, lag=301),)), Status.FAIL),
        (PgReplication(False, (msgspec.structs.replace(STANDBY, state="catchup"),)), Status.FAIL),
        (PgReplication(False, (msgspec.structs.replace(STANDBY, behind=2 << 30),)), Status.FAIL),
        (PgReplication(True, receiving=True, replay_age=0), Status.PASS),
        (PgReplication(True, receiving=True, replay_age=301), Status.FAIL),
        (PgReplication(True, receiving=False, replay_age=9000), Status.FAIL),
        (PgReplication(True, receiving=False), Status.FAIL),
        (PgReplication(True, receiving=True), Status.UNKNOWN),
    ],
)
def test_a_standby_must_be_connected_and_close(replication: PgReplication, expected: Status) -> None:
    assert status(lag, replication) is expected


def test_a_role_for_replication_only_is_right() -> None:
    assert status(own_role, PgReplication(False, (STANDBY,))) is Status.PASS
    assert status(own_role, PgReplication(True)) is Status.NOT_APPLICABLE
