from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from checks.capacity import postgres
from checks.check import Check
from checks.facts.filesystems import Filesystem, Filesystems
from checks.facts.postgres_activity import PgActivity
from checks.facts.postgres_databases import Growth, PgDatabase, PgDatabases
from checks.facts.postgres_settings import PgSettings
from checks.facts.postgres_tables import PgTable, PgTables, PgTablesOf
from checks.text import words
from checks.trend import Trend
from checks.verdict import Status, Verdict
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)

DAY = 86400
GIBIBYTE = 1 << 30


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster(max_connections="20", autovacuum="off") as made:
        yield made


def verdicts(check: Check, *facts: object, **thresholds: int) -> list[Verdict]:
    said = check(*facts, **thresholds)
    return [said] if isinstance(said, Verdict) else list(said)


def status(check: Check, *facts: object, **thresholds: int) -> Status:
    (verdict,) = verdicts(check, *facts, **thresholds)
    return verdict.status


@pytest.mark.parametrize(
    ("used", "expected"), [(69, Status.PASS), (70, Status.WARN), (89, Status.WARN), (90, Status.FAIL)]
)
def test_connections_warn_at_70_percent_and_fail_at_90(used: int, expected: Status) -> None:
    assert status(postgres.connections, PgActivity(used, 100)) is expected


def test_a_real_server_fills_up(own: Cluster, tmp_path: Path) -> None:
    assert status(postgres.connections, read(own, tmp_path, PgActivity)) is Status.PASS
    held = [psycopg.connect(own.dsn()) for _ in range(18)]
    try:
        (verdict,) = verdicts(postgres.connections, read(own, tmp_path, PgActivity))
    finally:
        for connection in held:
            connection.close()
    assert (verdict.status, verdict.value) == (Status.FAIL, 90)


def disk(free: float, mount: str = "/var") -> Filesystems:
    root = Filesystem("/", "/dev/vda1", "ext4", 1 << 40, 0, 1 << 39, 1, 1)
    size = 100 * GIBIBYTE
    return Filesystems((root, Filesystem(mount, "/dev/vdb", "xfs", size, 0, int(free * GIBIBYTE), 1, 1)))


@pytest.mark.parametrize(("free", "expected"), [(20, Status.PASS), (4, Status.WARN), (0.9, Status.FAIL)])
def test_free_space_is_measured_against_the_size_of_the_databases(free: float, expected: Status) -> None:
    databases = PgDatabases((PgDatabase("epns_prod", 9 * GIBIBYTE, 1, 1), PgDatabase("epns_lat", GIBIBYTE, 1, 1)))
    settings = PgSettings({"data_directory": "/var/lib/pgsql/data"})

    assert status(postgres.room, databases, settings, disk(free)) is expected
    assert status(postgres.room, databases, settings, disk(free, "/var/lib/pgsq")) is Status.PASS  # then it is on /


@pytest.mark.parametrize(
    ("share", "low", "free", "expected"),
    [
        (0.01, 0.01, 20, Status.PASS),  # 200 days
        (0.03, 0.03, 20, Status.FAIL),  # 67 days
        (0.03, -0.1, 20, Status.WARN),  # 67 days, if it grows at all
        (0.0, 0.0, 4, Status.WARN),  # little room all the same
        (0.0, 0.0, 0.9, Status.FAIL),
    ],
)
def test_growth_that_is_known_tells_when_the_disk_is_full(
    share: float, low: float, free: float, expected: Status
) -> None:
    growth = Growth(Trend(share, low, share, 30.0, 120), "samples")
    databases = PgDatabases((PgDatabase("epns_prod", 10 * GIBIBYTE, 1, 1),), growth)
    settings = PgSettings({"data_directory": "/var/lib/pgsql/data"})

    assert status(postgres.room, databases, settings, disk(free)) is expected


def test_growth_that_was_taken_from_dumps_says_so() -> None:
    growth = Growth(Trend(0.01, 0.01, 0.01, 13.0, 14), "backups")
    databases = PgDatabases((PgDatabase("epns_prod", 10 * GIBIBYTE, 1, 1),), growth)
    (verdict,) = verdicts(postgres.room, databases, PgSettings({"data_directory": "/var/lib"}), disk(20))

    assert "growth estimated from the sizes of dumps; +102 MiB a day over 13 days" in words(verdict.measured, "en")


def test_a_data_directory_that_cannot_be_placed_is_unknown() -> None:
    databases = PgDatabases((PgDatabase("epns_prod", 1, 1, 1),))

    assert status(postgres.room, databases, PgSettings({}), disk(1)) is Status.UNKNOWN
    nowhere = PgSettings({"data_directory": "/data"})
    assert status(postgres.room, databases, nowhere, Filesystems(disk(1).filesystems[1:])) is Status.UNKNOWN


@pytest.mark.parametrize(
    ("hits", "reads", "expected"),
    [(990_000, 10_000, Status.PASS), (900_000, 100_000, Status.FAIL), (900, 100, Status.NOT_APPLICABLE)],
)
def test_the_cache_is_judged_once_it_was_used(hits: int, reads: int, expected: Status) -> None:
    databases = PgDatabases((PgDatabase("epns_prod", 1, 1, 1, hits=hits, reads=reads),))
    assert status(postgres.cache, databases) is expected


def test_dead_rows_of_a_real_table_fail_until_it_is_vacuumed(own: Cluster, tmp_path: Path) -> None:
    own.create_database("epns_prod")
    own.execute(
        "CREATE TABLE tender AS SELECT generate_series(1, 40000) id",
        "DELETE FROM tender WHERE id <= 20000",
        "SELECT pg_stat_force_next_flush()",
        dbname="epns_prod",
    )
    own.execute("SELECT pg_sleep(1)")
    before = {one.subject: one for one in verdicts(postgres.dead_rows, read(own, tmp_path, PgTables))}
    own.execute("VACUUM ANALYZE tender", dbname="epns_prod")
    own.execute("SELECT pg_sleep(1)")
    after = {one.subject: one for one in verdicts(postgres.dead_rows, read(own, tmp_path, PgTables))}

    assert (before["epns_prod"].status, before["epns_prod"].measured) == (Status.FAIL, "public.tender 50 %")
    assert {name: one.status for name, one in after.items()} == {"epns_prod": Status.PASS, "postgres": Status.PASS}


@pytest.mark.parametrize(
    ("dead", "vacuumed", "expected"),
    [
        (2, 30 * DAY, Status.PASS),  # an old vacuum of a clean table harms nobody
        (10, DAY, Status.PASS),
        (10, 8 * DAY, Status.WARN),
        (10, None, Status.WARN),
        (25, DAY, Status.FAIL),
    ],
)
def test_an_old_vacuum_warns_where_dead_rows_gather(dead: int, vacuumed: int | None, expected: Status) -> None:
    table = PgTable("public.t", (100 - dead) * 1000, dead * 1000, vacuumed)
    assert status(postgres.dead_rows, PgTables((PgTablesOf("epns_prod", 1, (table,)),))) is expected


def test_databases_that_were_not_looked_into_leave_it_unknown() -> None:
    said = verdicts(postgres.dead_rows, PgTables((PgTablesOf("epns_prod", 0),), others=1))
    assert [one.status for one in said] == [Status.PASS, Status.UNKNOWN]


@pytest.mark.parametrize(
    ("xid", "mxid", "expected"),
    [
        (200_000_000, 5, Status.PASS),
        (500_000_000, 5, Status.WARN),
        (1_000_000_000, 5, Status.FAIL),
        (5, 1_000_000_000, Status.FAIL),
    ],
)
def test_the_oldest_database_decides_about_wraparound(xid: int, mxid: int, expected: Status) -> None:
    databases = PgDatabases((PgDatabase("epns_prod", 9, 5, 5), PgDatabase("template0", 1, xid, mxid)))
    assert status(postgres.wraparound, databases) is expected


def test_a_fresh_cluster_is_far_from_wraparound(own: Cluster, tmp_path: Path) -> None:
    assert status(postgres.wraparound, read(own, tmp_path, PgDatabases)) is Status.PASS


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        (PgActivity(1, 100, longest=900, blocked=5), Status.PASS),
        (PgActivity(1, 100, longest=901), Status.FAIL),
        (PgActivity(1, 100, prepared=901), Status.FAIL),
        (PgActivity(1, 100, blocked=6), Status.FAIL),
    ],
)
def test_long_transactions_and_queues_fail(activity: PgActivity, expected: Status) -> None:
    assert status(postgres.long_transactions, activity) is expected


def test_a_transaction_left_open_on_a_real_server_fails(own: Cluster, tmp_path: Path) -> None:
    with psycopg.connect(own.dsn()) as forgotten:
        forgotten.execute("SELECT pg_sleep(1.2)")
        activity = read(own, tmp_path, PgActivity)
    assert status(postgres.long_transactions, activity, minutes=0) is Status.FAIL
    assert status(postgres.long_transactions, activity) is Status.PASS
