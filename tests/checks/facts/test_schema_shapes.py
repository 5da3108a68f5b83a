from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.schema_shapes import SchemaShapes, schema_shapes
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)

HEADER = "database,connectable,schema,tables,columns,digest"
GOOD = f"{HEADER}\nepns_prod,1,public,2,9,{'ab' * 32}\n"
NONE = f"{HEADER}\npostgres,1,,,,\n"


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster() as made:
        made.create_database("epns_prod")
        made.execute("CREATE TABLE paket (pkt_id bigint, pkt_nama text)", dbname="epns_prod")
        yield made


def test_a_column_more_is_another_item_and_no_name_of_it_leaves(own: Cluster, tmp_path: Path) -> None:
    before = read(own, tmp_path, SchemaShapes)
    own.execute("ALTER TABLE paket ADD COLUMN pkt_pagu numeric", dbname="epns_prod")
    after = read(own, tmp_path, SchemaShapes)

    assert before.digest != after.digest
    (old,), (new,) = set(before.items) - set(after.items), set(after.items) - set(before.items)
    assert old.startswith("epns_prod public tables=1 columns=2 sha256:")
    assert new.startswith("epns_prod public tables=1 columns=3 sha256:")
    assert "pkt" not in new


def test_what_a_column_is_called_counts_even_where_the_numbers_stay(own: Cluster, tmp_path: Path) -> None:
    before = read(own, tmp_path, SchemaShapes)
    own.execute("ALTER TABLE paket RENAME COLUMN pkt_nama TO pkt_judul", dbname="epns_prod")
    assert read(own, tmp_path, SchemaShapes).digest != before.digest


def test_a_database_without_tables_has_no_item() -> None:
    assert schema_shapes(GOOD, NONE, NONE).items == (f"epns_prod public tables=2 columns=9 sha256:{'ab' * 16}",)
    assert schema_shapes(NONE, NONE, NONE).count == 0


@pytest.mark.parametrize("text", ["", "psql: error\n", HEADER, GOOD.replace("ab", "zz")])
def test_what_makes_no_sense_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        schema_shapes(text, NONE, NONE)


@given(mixed(HEADER, "\n", "epns_prod,1,public,2,9,", "ab" * 32, ",,"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(schema_shapes, text, text, text)
    gives_or_says_why(schema_shapes, GOOD, text, NONE)
