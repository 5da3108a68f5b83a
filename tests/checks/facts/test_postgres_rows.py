from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.hosts.local import LocalHost
from checks.fact import Absent, Fact, Missing, Recipe
from checks.facts import (
    postgres_activity,
    postgres_archiver,
    postgres_databases,
    postgres_default_password,
    postgres_extensions,
    postgres_hba,
    postgres_ready,
    postgres_replication,
    postgres_roles,
    postgres_settings,
    postgres_tables,
)  # fmt: skip
from checks.facts.postgres_rows import one, query, rows
from tests.checks.real import real
from tests.checks.sql_host import SqlHost
from tests.postgres_cluster import Cluster

pytest_plugins = ("tests.postgres_cluster",)

# every recipe that reads psql's CSV, with the recording it is tried on
RECIPES: dict[str, Recipe[Fact]] = {
    "activity": postgres_activity.pg_activity,
    "archiver": postgres_archiver.pg_archiver,
    "databases": postgres_databases.pg_databases,
    "default-password": postgres_default_password.compared,
    "extensions": postgres_extensions.pg_extensions,
    "hba": postgres_hba.as_the_server_reads_it,
    "replication": postgres_replication.pg_replication,
    "roles": postgres_roles.with_passwords,
    "settings": postgres_settings.pg_settings,
    "tables": postgres_tables.pg_tables,
}


class Pair(msgspec.Struct):
    name: str
    size: int | None


def follow(recipe: Recipe[Fact], text: str) -> Fact:
    return recipe(*[text] * len(recipe.sources))


def test_empty_stands_for_null_where_the_column_is_no_text() -> None:
    assert rows("name,size\n,\nx,3\n", Pair) == (Pair("", None), Pair("x", 3))


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "\n",
        "name\nx\n",
        "size,name\n1,x\n",
        "name,size\nx\n",
        "name,size\nx,1,2\n",
        "name,size\nx,much\n",
        'name,size\n"x,1\n',
    ],
)
def test_what_is_not_the_table_that_was_asked_for_is_missing(printed: str) -> None:
    with pytest.raises(Missing):
        rows(printed, Pair)


def test_one_row_means_one_row() -> None:
    with pytest.raises(Missing):
        one("name,size\nx,1\ny,2\n", Pair)


@pytest.mark.parametrize("system", ["debian12", "postgres13", "postgres14", "postgres16", "postgres18"])
@pytest.mark.parametrize("name", RECIPES)
def test_postgresql_13_to_18_answer_every_query_with_a_fact(system: str, name: str) -> None:
    fact = follow(RECIPES[name], real(f"{system}/postgres-{name}.csv"))

    assert msgspec.json.decode(msgspec.json.encode(fact), type=type(fact)) == fact
    assert len(msgspec.json.encode(fact)) < 1500


@pytest.mark.parametrize("name", RECIPES)
def test_an_empty_answer_never_makes_a_fact(name: str) -> None:
    header = real(f"debian12/postgres-{name}.csv").splitlines()[0]
    for printed in ("", header, header + "\n"):
        if name == "default-password" and printed:  # no role has a password: a fact, and it says that none was compared
            assert follow(RECIPES[name], printed) == postgres_default_password.PgDefaultPassword()
            continue
        with pytest.raises((Missing, Absent)):
            follow(RECIPES[name], printed)


@pytest.mark.parametrize("name", [*RECIPES, "ready"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_garbage_gives_a_fact_or_missing_and_nothing_else(name: str, data: st.DataObject) -> None:
    recipe = RECIPES.get(name, postgres_ready.pg_isready)
    recorded = real(f"debian12/postgres-{name}.csv") if name in RECIPES else "/run:5432 - accepting connections\n"
    start = data.draw(st.integers(0, len(recorded)))
    end = data.draw(st.integers(start, len(recorded)))
    text = data.draw(
        st.one_of(
            st.text(), st.text(alphabet='-0123456789,\n"tf /.').map(lambda t: recorded[:start] + t + recorded[end:])
        )
    )
    try:
        assert isinstance(follow(recipe, text), Fact)
    except (Missing, Absent):
        return


def test_a_query_runs_read_only_and_calls_nothing_that_the_application_left_behind(
    postgres: Cluster, tmp_path: Path
) -> None:
    host = SqlHost(postgres, str(tmp_path))
    postgres.execute("CREATE FUNCTION public.lower(name) RETURNS text LANGUAGE sql AS $$SELECT 'hijacked'$$")
    try:
        assert postgres.execute("SELECT lower(datname) FROM pg_database LIMIT 1") == [("hijacked",)]
        asked = query("SELECT lower(datname) AS name, NULL AS size FROM pg_database WHERE datname = 'postgres'")
        assert one(host.read(asked), Pair).name == "postgres"
    finally:
        postgres.execute("DROP FUNCTION public.lower(name)")
    with pytest.raises(Missing, match="read-only"):
        host.read(query("CREATE TABLE left_behind ()"))


def test_root_asks_as_the_owner_and_a_host_below_another_root_does_not_ask() -> None:
    with pytest.raises(Missing):
        LocalHost("/nowhere").read(query("SELECT 1"))
