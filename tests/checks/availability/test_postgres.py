from __future__ import annotations

from pathlib import Path

from checks.availability.postgres import accepts_connections
from checks.evaluate import evaluate
from checks.fact import Snapshot
from checks.facts.postgres_ready import PostgresReady
from checks.verdict import Status, Verdict
from tests.checks.real import NOW
from tests.checks.sql_host import read
from tests.postgres_cluster import cluster

pytest_plugins = ("tests.postgres_cluster",)


def status(ready: PostgresReady) -> Status:
    verdict = accepts_connections(ready)
    assert isinstance(verdict, Verdict)
    return verdict.status


def test_a_server_that_is_stopped_fails_and_passes_again_when_started(tmp_path: Path) -> None:
    with cluster() as own:
        assert status(read(own, tmp_path, PostgresReady)) is Status.PASS
        own.stop()
        assert status(read(own, tmp_path, PostgresReady)) is Status.FAIL
        own.start()
        assert status(read(own, tmp_path, PostgresReady)) is Status.PASS


def test_a_server_that_turns_everyone_away_fails() -> None:
    assert status(PostgresReady("rejecting")) is Status.FAIL


def test_without_postgresql_it_does_not_apply() -> None:
    nothing = Snapshot(absent={PostgresReady: "there is no PostgreSQL cluster on this host"})
    (result,) = evaluate(accepts_connections, {}, nothing, NOW)
    assert result.status is Status.NOT_APPLICABLE
