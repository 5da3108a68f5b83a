from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.fact import Missing
from checks.facts.postgres_tables import PgTable, PgTables, PgTablesOf, pg_tables
from tests.checks.real import real
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)

RECORDED = real("debian12/postgres-tables.csv")
HEADER = RECORDED.splitlines()[0]
NONE = f"{HEADER}\npostgres,3,0,,,,\n"


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster(autovacuum="off") as made:
        for name in ("epns_prod", "epns_lat", "host=203.0.113.9 dbname=x"):
            made.create_database(name)
        made.execute(
            "CREATE TABLE tender AS SELECT generate_series(1, 40000) id",
            "CREATE TABLE small AS SELECT generate_series(1, 100) id",
            "DELETE FROM tender WHERE id <= 20000",
            "SELECT pg_stat_force_next_flush()",
            dbname="epns_prod",
        )
        made.execute("SELECT pg_sleep(1)")
        yield made


def test_large_tables_come_with_their_dead_rows_and_last_vacuum(own: Cluster, tmp_path: Path) -> None:
    tables = read(own, tmp_path, PgTables)

    (table,) = tables.databases[0].tables
    assert (tables.databases[0].database, tables.databases[0].large) == ("epns_prod", 1)
    assert (table.name, table.dead, table.vacuumed) == ("public.tender", 20000, None)
    assert {one.database for one in tables.databases} == {"epns_prod", "epns_lat", "postgres"}
    assert tables.others == 1  # the one with the strange name


def test_a_vacuum_is_remembered(own: Cluster, tmp_path: Path) -> None:
    own.execute("VACUUM tender", "SELECT pg_stat_force_next_flush()", dbname="epns_prod")
    own.execute("SELECT pg_sleep(1)")
    (table,) = read(own, tmp_path, PgTables).databases[0].tables

    assert table.dead == 0
    assert table.vacuumed is not None
    assert 0 <= table.vacuumed < 60


def test_three_answers_become_three_databases() -> None:
    second = NONE.replace("postgres,", "epns_lat,")
    found = pg_tables(RECORDED, second, NONE)

    assert found.databases[0] == PgTablesOf("epns_prod", 1, (PgTable("public.t", 12000, 8000),))
    assert [one.database for one in found.databases] == ["epns_prod", "epns_lat", "postgres"]
    assert found.others == 0


def test_a_database_that_was_asked_twice_counts_once_and_the_rest_as_not_looked_into() -> None:
    found = pg_tables(RECORDED, NONE, NONE)

    assert [one.database for one in found.databases] == ["epns_prod", "postgres"]
    assert found.others == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "", f"{HEADER}\n", f"{HEADER}\n,3,0,,,,\n", f"{HEADER}\nepns_prod,3,-1,,,,\n", f"{HEADER}\nepns_prod,3,2,,,,\n",
        f"{HEADER}\nepns_prod,3,0,public.t,1,1,\n",
    ],
)  # fmt: skip
def test_an_answer_that_contradicts_itself_is_missing(wrong: str) -> None:
    with pytest.raises(Missing):
        pg_tables(wrong, NONE, NONE)
    with pytest.raises(Missing):
        pg_tables(RECORDED, NONE, wrong)
