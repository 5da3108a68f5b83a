from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.postgres_schema import PgSchemas, SchemaShape, SchemasOf, pg_schemas
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)

HEADER = "database,connectable,schema,tables,columns,digest"
DIGEST = "ab" * 32
GOOD = f"{HEADER}\nepns_prod,3,public,2,9,{DIGEST}\nepns_prod,3,ekontrak,1,3,{DIGEST}\n"
NONE = f"{HEADER}\npostgres,3,,,,\n"


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster() as made:
        for name in ("epns_prod", "epns_lat"):
            made.create_database(name)
            made.execute(
                "CREATE SCHEMA ekontrak",
                "CREATE TABLE public.paket (pkt_id numeric(19) PRIMARY KEY, pkt_nama varchar(200))",
                "CREATE TABLE ekontrak.kontrak (id bigint)",
                "CREATE TABLE public.log (at date, said text) PARTITION BY RANGE (at)",
                dbname=name,
            )
        yield made


def shape(own: Cluster, root: Path, schema: str = "public") -> SchemaShape:
    (found,) = [one for one in read(own, root, PgSchemas).databases if one.database == "epns_prod"]
    return next(one for one in found.schemas if one.schema == schema)


def test_two_databases_of_one_shape_have_one_digest_and_no_name_leaves(own: Cluster, tmp_path: Path) -> None:
    found = read(own, tmp_path, PgSchemas)
    by_name = {one.database: one.schemas for one in found.databases}

    assert by_name["epns_prod"] == by_name["epns_lat"]
    assert [(one.schema, one.tables, one.columns) for one in by_name["epns_prod"]] == [
        ("public", 2, 4),
        ("ekontrak", 1, 1),
    ]
    assert by_name["postgres"] == ()
    assert found.others == 0
    assert b"pkt" not in msgspec.json.encode(found)


@pytest.mark.parametrize(
    ("change", "back"),
    [
        ("ALTER TABLE public.paket ADD x int", "ALTER TABLE public.paket DROP x"),
        (
            "ALTER TABLE public.paket ALTER pkt_nama TYPE varchar(250)",
            "ALTER TABLE public.paket ALTER pkt_nama TYPE varchar(200)",
        ),
        (
            "ALTER TABLE public.paket ALTER pkt_nama SET NOT NULL",
            "ALTER TABLE public.paket ALTER pkt_nama DROP NOT NULL",
        ),
        ("ALTER TABLE public.paket RENAME pkt_nama TO nama", "ALTER TABLE public.paket RENAME nama TO pkt_nama"),
        ("CREATE VIEW public.v AS SELECT 1 AS one", "DROP VIEW public.v"),
    ],
)
def test_every_change_of_a_column_changes_the_digest_and_taking_it_back_restores_it(
    own: Cluster, tmp_path: Path, change: str, back: str
) -> None:
    before, other = shape(own, tmp_path), shape(own, tmp_path, "ekontrak")
    own.execute(change, dbname="epns_prod")
    changed = shape(own, tmp_path)
    own.execute(back, dbname="epns_prod")

    assert changed.digest != before.digest
    assert shape(own, tmp_path) == before
    assert shape(own, tmp_path, "ekontrak") == other


@pytest.mark.parametrize(
    ("change", "back"),
    [
        ("INSERT INTO public.paket VALUES (1, 'x')", "DELETE FROM public.paket"),
        ("CREATE INDEX i ON public.paket (pkt_nama)", "DROP INDEX i"),
        (
            "CREATE TABLE public.log_1 PARTITION OF public.log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
            "DROP TABLE public.log_1",
        ),
        ("CREATE EXTENSION pg_stat_statements SCHEMA public", "DROP EXTENSION pg_stat_statements"),
        ("CREATE SCHEMA x; CREATE TABLE x.other (i int)", "DROP SCHEMA x CASCADE"),
    ],
)
def test_rows_indexes_partitions_and_extensions_are_no_change(
    own: Cluster, tmp_path: Path, change: str, back: str
) -> None:
    before = shape(own, tmp_path)
    own.execute(*change.split("; "), dbname="epns_prod")
    try:
        assert shape(own, tmp_path) == before
    finally:
        own.execute(back, dbname="epns_prod")


def test_three_answers_become_the_databases() -> None:
    found = pg_schemas(GOOD, NONE, NONE)

    assert found.databases[0] == SchemasOf(
        "epns_prod", (SchemaShape("public", 2, 9, DIGEST), SchemaShape("ekontrak", 1, 3, DIGEST))
    )
    assert (found.databases[1], found.others) == (SchemasOf("postgres"), 1)


@pytest.mark.parametrize(
    "wrong",
    [
        "", f"{HEADER}\n", f"{HEADER}\n,3,,,,\n", GOOD.replace(DIGEST, "ab"), GOOD.replace("public", "secret"),
        GOOD.replace(",2,9,", ",9,2,"), GOOD.replace(",2,9,", ",,,"), NONE + "postgres,3,,,,\n",
    ],
)  # fmt: skip
def test_an_answer_that_makes_no_sense_is_missing(wrong: str) -> None:
    with pytest.raises(Missing):
        pg_schemas(wrong, NONE, NONE)


@given(mixed(HEADER, "\nepns_prod,3,", "public,", "2,9,", DIGEST, "\n"))
def test_any_answer_gives_shapes_or_says_why(printed: str) -> None:
    found = gives_or_says_why(pg_schemas, printed, NONE, NONE)
    assert found is None or isinstance(found, PgSchemas)
