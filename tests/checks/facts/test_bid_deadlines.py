from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text

from checks.facts.bid_deadlines import BidDeadlines, DeadlinesView, bid_deadlines, deadlines_view, with_growth
from checks.source import Samples
from checks.text import words
from tests.checks import sql_host
from tests.checks.facts.fuzzing import gives_or_says_why
from tests.postgres_cluster import Cluster

pytest_plugins = ("tests.postgres_cluster",)

DATABASE = "epns_deadlines"
TENDERS = "CREATE TABLE public.tender (name text, closes timestamptz, offers integer)"
VIEW = "CREATE VIEW pantau.deadlines AS SELECT closes AS deadline, offers AS bids FROM public.tender"
ROWS = """INSERT INTO public.tender SELECT 'PT Maju Jaya', at, offers FROM (VALUES
  (date_trunc('hour', now()) + interval '3 hours', 7), (date_trunc('hour', now()) + interval '150 minutes', 4),
  (date_trunc('hour', now()) + interval '6 hours', 5), (now() + interval '26 hours', 100),
  (now() - interval '2 days', 30), (now() - interval '40 days', 900), (now() - interval '1 day', NULL)) AS x (at, offers)"""


@pytest.fixture
def database(postgres: Cluster) -> Iterator[str]:
    """A database of SPSE with seven tenders; the view is for the test to make."""
    postgres.create_database(DATABASE)
    try:
        postgres.execute("CREATE SCHEMA pantau", TENDERS, ROWS, dbname=DATABASE)
        yield DATABASE
    finally:
        postgres.drop_database(DATABASE)


def test_deadlines_and_bids_are_counted_and_nothing_is_named(postgres: Cluster, database: str, tmp_path: Path) -> None:
    postgres.execute(VIEW, dbname=database)
    found = sql_host.read(postgres, tmp_path, BidDeadlines)
    # the deadline at the full hour belongs to the hour before it, as the one at half past does
    assert found == BidDeadlines(deadlines=3, peak=11, past=30)


def test_without_the_view_it_is_absent_and_says_what_to_install(
    postgres: Cluster, database: str, tmp_path: Path
) -> None:
    seen = sql_host.survey(postgres, tmp_path, BidDeadlines)
    assert "pantau.deadlines" in words(seen.absent[BidDeadlines], "id")


def refused(postgres: Cluster, root: Path) -> str:
    seen = sql_host.survey(postgres, root, BidDeadlines)
    return words(seen.missing[BidDeadlines], "en")


def test_a_view_or_schema_of_the_application_is_not_read(postgres: Cluster, database: str, tmp_path: Path) -> None:
    postgres.execute("CREATE ROLE epns_owner", VIEW, dbname=database)
    try:
        postgres.execute("ALTER VIEW pantau.deadlines OWNER TO epns_owner", dbname=database)
        assert "does not belong to a superuser" in refused(postgres, tmp_path)
        postgres.execute(
            "ALTER VIEW pantau.deadlines OWNER TO postgres", "ALTER SCHEMA pantau OWNER TO epns_owner", dbname=database
        )
        assert "does not belong to a superuser" in refused(postgres, tmp_path)
    finally:
        postgres.execute("ALTER SCHEMA pantau OWNER TO postgres", "DROP ROLE epns_owner", dbname=database)


@pytest.mark.parametrize(
    "statements",
    [
        (
            "CREATE FUNCTION public.evil(integer) RETURNS integer LANGUAGE plpgsql AS $$BEGIN RAISE 'called'; END$$",
            "CREATE VIEW pantau.deadlines AS SELECT closes AS deadline, public.evil(offers) AS bids FROM public.tender",
        ),
        (
            "CREATE FUNCTION public.evil(integer, integer) RETURNS integer LANGUAGE plpgsql AS $$BEGIN RAISE 'called'; END$$",
            "CREATE OPERATOR public.+! (LEFTARG = integer, RIGHTARG = integer, FUNCTION = public.evil)",
            "CREATE VIEW pantau.deadlines AS SELECT closes AS deadline, offers OPERATOR(public.+!) 1 AS bids FROM public.tender",
        ),
        (
            "CREATE VIEW public.below AS SELECT * FROM public.tender",
            "CREATE VIEW pantau.deadlines AS SELECT closes AS deadline, offers AS bids FROM public.below",
        ),
    ],
    ids=["function", "operator", "view"],
)
def test_a_view_that_rests_on_others_code_is_not_read(
    statements: tuple[str, ...], postgres: Cluster, database: str, tmp_path: Path
) -> None:
    postgres.execute(*statements, dbname=database)
    said = refused(postgres, tmp_path)
    assert "not PostgreSQL's own" in said
    assert "called" not in said


def test_other_columns_are_not_read(postgres: Cluster, database: str, tmp_path: Path) -> None:
    postgres.execute(
        "CREATE VIEW pantau.deadlines AS SELECT closes AS deadline, name AS bids FROM public.tender", dbname=database
    )
    assert "its columns are not" in refused(postgres, tmp_path)


def test_what_documents_grow_by_stands_beside_the_counts() -> None:
    points = tuple((day * 86400.0, 1e9 + day * 5e6) for day in range(40))
    found = with_growth("deadlines,peak,past\n1,2,3\n", (Samples("/home/file/file_prod", points),))
    assert found == BidDeadlines(1, 2, 3, growth=5e6)


@given(text(), text())
def test_any_text_gives_a_fact_or_says_why(one: str, other: str) -> None:
    gives_or_says_why(bid_deadlines, f"deadlines,peak,past\n{one}")
    found = gives_or_says_why(deadlines_view, *[f"database,state\n{one},{other}\n"] * 3)
    assert found is None or isinstance(found, DeadlinesView)
