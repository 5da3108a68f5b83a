from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.fact import Missing
from checks.facts.postgres_databases import (
    PgDatabase,
    PgDatabases,
    in_largest,
    pg_databases,
    with_growth,
    with_growth_of_dumps,
)
from checks.source import FileStat, FileText, Samples
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


ROWS = real("debian12/postgres-databases.csv")
PASSWD = (FileText("/etc/passwd", "root:x:0:0\npostgres:x:26:26\n"),)
DAY = 86400.0


def dump(name: str, day: int, size: int, uid: int = 0) -> FileStat:
    return FileStat(f"/backup/{name}-{day:02}.dump", "file", 0o600, uid, 0, size, 1.76e9 + day * DAY)


def test_growth_is_a_share_of_the_present_size_a_day() -> None:
    points = tuple((1.76e9 + n * DAY / 4, 1e9 + n * 2.5e6) for n in range(41))  # ten million a day to 1.1e9
    found = with_growth(ROWS, (Samples("", points),))

    assert found.databases == pg_databases(ROWS).databases
    assert found.growth is not None
    assert found.growth.basis == "samples"
    assert found.growth.share.slope == pytest.approx(1e7 / 1.1e9, rel=1e-5)


def test_dated_dumps_tell_the_growth_where_nothing_is_remembered_yet() -> None:
    dumps = [dump("epns_prod", day, 1000 + 10 * day) for day in range(14)]
    others = [dump("epns_lat", day, 9000 - day) for day in range(30)]
    found = with_growth_of_dumps(ROWS, (*dumps, *others), (), PASSWD)

    assert found.growth is not None
    assert (found.growth.basis, found.growth.share.points, found.growth.share.days) == ("backups", 14, 13.0)
    assert found.growth.share.slope == pytest.approx(10 / 1130, rel=1e-5)


def test_too_little_is_missing_so_that_the_next_way_is_tried() -> None:
    with pytest.raises(Missing, match="growth"):
        with_growth(ROWS, (Samples("", ((1.76e9, 1.0), (1.77e9, 2.0))),))
    with pytest.raises(Missing, match="growth"):
        with_growth_of_dumps(ROWS, tuple(dump("epns_prod", day, 100) for day in range(6)), (), PASSWD)
    with pytest.raises(Missing, match="growth"):
        with_growth_of_dumps(ROWS, tuple(dump("epns_prod", day, 0) for day in range(14)), (), PASSWD)


def test_without_history_the_databases_are_read_all_the_same(own: Cluster, tmp_path: Path) -> None:
    assert read(own, tmp_path, PgDatabases).growth is None
