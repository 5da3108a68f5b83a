from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.fact import Missing
from checks.facts.postgres_extensions import InstalledExtensions, PgExtensions, PgExtensionsOf, pg_extensions
from tests.checks.real import real
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)

RECORDED = real("debian12/postgres-extensions.csv")
HEADER = RECORDED.splitlines()[0]


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster() as made:
        for name in ("epns_prod", "epns_lat"):
            made.create_database(name)
        made.execute(
            "CREATE EXTENSION pgcrypto",
            "CREATE TABLE tender AS SELECT generate_series(1, 40000) id",
            dbname="epns_prod",
        )
        yield made


def test_extensions_are_listed_by_database(own: Cluster, tmp_path: Path) -> None:
    found = {one.database: one.extensions for one in read(own, tmp_path, PgExtensions).databases}

    assert found == {"epns_prod": ("pgcrypto", "plpgsql"), "epns_lat": ("plpgsql",), "postgres": ("plpgsql",)}


def test_what_is_installed_stands_item_by_item_for_a_baseline(own: Cluster, tmp_path: Path) -> None:
    found = read(own, tmp_path, InstalledExtensions)
    assert "extension epns_prod pgcrypto" in found.items
    assert found.count == 4


def test_a_language_that_the_server_trusts_with_everything_is_named(own: Cluster, tmp_path: Path) -> None:
    own.execute(
        "CREATE LANGUAGE rogue HANDLER plpgsql_call_handler",
        "UPDATE pg_language SET lanpltrusted = false WHERE lanname = 'rogue'",
        dbname="epns_lat",
    )
    try:
        found = {one.database: one.untrusted for one in read(own, tmp_path, PgExtensions).databases}
    finally:
        own.execute("DROP LANGUAGE rogue", dbname="epns_lat")

    assert found == {"epns_prod": (), "epns_lat": ("rogue",), "postgres": ()}


def test_what_was_asked_twice_counts_once_and_the_rest_as_not_looked_into() -> None:
    found = pg_extensions(RECORDED, RECORDED, RECORDED)

    assert found == PgExtensions((PgExtensionsOf("epns_prod", ("pgcrypto", "plpgsql")),), others=2)


@pytest.mark.parametrize(
    "wrong", ["", f"{HEADER}\n", f"{HEADER}\n,3,plpgsql,\n", f"{HEADER}\nepns_prod,many,plpgsql,\n"]
)
def test_an_answer_that_names_no_database_is_missing(wrong: str) -> None:
    for readings in ((wrong, RECORDED, RECORDED), (RECORDED, RECORDED, wrong)):
        with pytest.raises(Missing):
            pg_extensions(*readings)
