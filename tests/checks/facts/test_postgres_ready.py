from __future__ import annotations

from pathlib import Path

import pytest

from checks.fact import Missing
from checks.facts.postgres_ready import PostgresReady, pg_isready
from tests.checks.sql_host import read
from tests.postgres_cluster import cluster

pytest_plugins = ("tests.postgres_cluster",)


def test_a_server_is_seen_to_stop_and_to_come_back(tmp_path: Path) -> None:
    with cluster() as own:
        assert read(own, tmp_path, PostgresReady).state == "accepting"
        own.stop()
        assert read(own, tmp_path, PostgresReady).state == "silent"
        own.start()
        assert read(own, tmp_path, PostgresReady) == PostgresReady("accepting", f"{own.host}:{own.port}")


def test_a_server_that_is_starting_rejects_connections() -> None:
    assert pg_isready("/var/run/postgresql:5432 - rejecting connections\n").state == "rejecting"


@pytest.mark.parametrize("printed", ["", "accepting", "x - no attempt", "Error: You must install"])
def test_anything_else_is_missing(printed: str) -> None:
    with pytest.raises(Missing):
        pg_isready(printed)
