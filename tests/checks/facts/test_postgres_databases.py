from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.facts.postgres_databases import PgDatabase, PgDatabases, in_largest, pg_databases
from tests.checks.real import real
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster("--data-checksums", autovacuum="off") as made:
        for name in ("epns_prod", "epns_lat", "host=203.0.113.9 dbname=x"):
            made.create_database(name)
        made.execute("CREATE TABLE tender AS SELECT generate_series(1, 40000) id", dbname="epns_prod")
        yield made


def test_databases_come_with_size_ages_and_checksum_failures(own: Cluster, tmp_path: Path) -> None:
    found = read(own, tmp_path, PgDatabases)
    by_name = {one.name: one for one in found.databases}

    assert found.databases[0].name == "epns_prod"
    assert by_name["epns_prod"].checksum_failures == 0
    assert not by_name["template0"].connectable
    assert found.size > 30_000_000


def test_a_database_whose_name_could_lead_psql_elsewhere_is_never_connected_to() -> None:
    evil = ("host=203.0.113.9 dbname=x", "postgresql://203.0.113.9/x", "-c", "")
    found = PgDatabases(tuple(PgDatabase(name, 9, 1, 1) for name in (*evil, "epns_prod")))

    assert [found.examinable(position) for position in range(3)] == ["epns_prod", "postgres", "postgres"]


def test_with_checksums_off_there_is_no_count_of_failures() -> None:
    off = pg_databases(real("debian12/postgres-databases.csv"))
    on = pg_databases(real("postgres18/postgres-databases.csv"))

    assert {one.checksum_failures for one in off.databases} == {None}
    assert on.databases[0].checksum_failures == 0


def test_a_query_in_the_three_largest_databases_says_which_they_are() -> None:
    found = PgDatabases((PgDatabase("epns_prod", 9, 1, 1), PgDatabase("epns_lat", 5, 1, 1)))
    sources = in_largest("SELECT 1")

    assert [source.make(found).describe().partition(")")[0] for source in sources] == [
        "sql (epns_prod", "sql (epns_lat", "sql (postgres",
    ]  # fmt: skip
    assert [source.describe().partition(" database")[0] for source in sources] == [
        "sql (largest", "sql (second largest", "sql (third largest",
    ]  # fmt: skip
