from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.facts.postgres_databases import PgDatabase, PgDatabases, pg_databases
from checks.facts.postgres_extensions import PgExtensions
from checks.facts.postgres_tables import PgTables
from tests.checks.real import real
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster("--data-checksums", autovacuum="off") as made:
        for name in ("epns_prod", "epns_lat", "host=203.0.113.9 dbname=x"):
            made.create_database(name)
        made.execute(
            "CREATE TABLE tender AS SELECT generate_series(1, 40000) id",
            "CREATE TABLE small AS SELECT generate_series(1, 100) id",
            "DELETE FROM tender WHERE id <= 20000",
            "SELECT pg_stat_force_next_flush()",
            "CREATE EXTENSION pgcrypto",
            dbname="epns_prod",
        )
        made.execute("SELECT pg_sleep(1)")
        yield made


def test_databases_come_with_size_ages_and_checksum_failures(own: Cluster, tmp_path: Path) -> None:
    found = read(own, tmp_path, PgDatabases)
    by_name = {one.name: one for one in found.databases}

    assert found.databases[0].name == "epns_prod"
    assert by_name["epns_prod"].checksum_failures == 0
    assert not by_name["template0"].connectable
    assert found.size > 40_000_000


def test_a_database_whose_name_could_lead_psql_elsewhere_is_never_connected_to() -> None:
    evil = ("host=203.0.113.9 dbname=x", "postgresql://203.0.113.9/x", "-c", "")
    found = PgDatabases(tuple(PgDatabase(name, 9, 1, 1) for name in (*evil, "epns_prod")))

    assert [found.examinable(position) for position in range(3)] == ["epns_prod", "postgres", "postgres"]


def test_large_tables_come_with_their_dead_rows_and_last_vacuum(own: Cluster, tmp_path: Path) -> None:
    tables = read(own, tmp_path, PgTables)

    (table,) = tables.databases[0].tables
    assert (tables.databases[0].database, tables.databases[0].large) == ("epns_prod", 1)
    assert (table.name, table.dead, table.vacuumed) == ("public.tender", 20000, None)
    assert {one.database for one in tables.databases} == {"epns_prod", "epns_lat", "postgres"}
    assert tables.others == 1  # the one with the strange name


def test_extensions_are_listed_by_database(own: Cluster, tmp_path: Path) -> None:
    found = {one.database: one.extensions for one in read(own, tmp_path, PgExtensions).databases}

    assert found == {"epns_prod": ("pgcrypto", "plpgsql"), "epns_lat": ("plpgsql",), "postgres": ("plpgsql",)}


def test_with_checksums_off_there_is_no_count_of_failures() -> None:
    off = pg_databases(real("debian12/postgres-databases.csv"))
    on = pg_databases(real("postgres18/postgres-databases.csv"))

    assert {one.checksum_failures for one in off.databases} == {None}
    assert on.databases[0].checksum_failures == 0
