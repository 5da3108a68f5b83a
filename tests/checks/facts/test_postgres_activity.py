from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from checks.fact import Missing
from checks.facts.postgres_activity import PgActivity, pg_activity
from checks.text import words
from tests.checks.real import real
from tests.checks.sql_host import read, survey
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)


def test_connections_transactions_and_waiting_sessions_are_counted(tmp_path: Path) -> None:
    with cluster(max_connections="20", max_prepared_transactions="2") as own:
        own.execute("CREATE TABLE tender (id int)")
        with psycopg.connect(own.dsn()) as holder, psycopg.connect(own.dsn(), autocommit=True) as waiter:
            holder.execute("LOCK TABLE tender")
            waiter.execute("SET statement_timeout = '20s'")
            waiter.pgconn.send_query(b"SELECT * FROM tender")
            own.execute("SELECT pg_sleep(1.2)")
            seen = read(own, tmp_path, PgActivity)
            waiter.close()

        assert (seen.connections, seen.maximum, seen.blocked) == (2, 20, 1)
        assert seen.longest >= 1
        assert seen.remote == 0

        own.execute("BEGIN; INSERT INTO tender VALUES (1); PREPARE TRANSACTION 'forgotten'")
        own.execute("SELECT pg_sleep(1.2)")
        assert read(own, tmp_path, PgActivity).prepared >= 1


def test_a_backup_is_no_long_transaction(postgres: Cluster, tmp_path: Path) -> None:
    with psycopg.connect(postgres.dsn() + " application_name=pg_dump") as backup:
        backup.execute("SELECT pg_sleep(1.2)")
        assert read(postgres, tmp_path, PgActivity).longest == 0


def test_a_role_that_may_not_see_the_others_counts_nothing(postgres: Cluster, tmp_path: Path) -> None:
    postgres.execute("CREATE ROLE onlooker LOGIN")
    try:
        seen = survey(postgres, tmp_path, PgActivity, user="onlooker")
        assert "pg_monitor" in words(seen.missing[PgActivity], "en")
        postgres.execute("GRANT pg_monitor TO onlooker")
        assert read(postgres, tmp_path, PgActivity, user="onlooker").maximum == 100
    finally:
        postgres.execute("DROP ROLE onlooker")


def test_counts_that_make_no_sense_are_missing() -> None:
    with pytest.raises(Missing):
        pg_activity(real("debian12/postgres-activity.csv").replace("0,100,", "0,0,"))
