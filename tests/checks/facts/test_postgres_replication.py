from __future__ import annotations

import time
from pathlib import Path

from checks.facts.postgres_replication import PgReplication
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, caught_up, cluster, standby

pytest_plugins = ("tests.postgres_cluster",)


def test_a_lone_server_is_a_primary_without_standbys(postgres: Cluster, tmp_path: Path) -> None:
    assert read(postgres, tmp_path, PgReplication) == PgReplication(in_recovery=False)


def test_primary_and_standby_each_tell_their_side(tmp_path: Path) -> None:
    with cluster(wal_keep_size="64MB") as primary:
        with standby(primary) as second:
            primary.execute("CREATE TABLE tender (id int)")
            caught_up(second, "tender")
            seen, there = read(primary, tmp_path, PgReplication), read(second, tmp_path, PgReplication)
            (one,) = seen.standbys
            assert (one.role, one.superuser, one.state, one.lag) == ("postgres", True, "streaming", 0)
            assert (there.in_recovery, there.receiving) == (True, True)
            assert there.replay_age is not None
            assert there.replay_age <= 5

            primary.stop()
            time.sleep(2)
            alone = read(second, tmp_path, PgReplication)
            assert not alone.receiving
            assert alone.replay_age is not None
            assert alone.replay_age >= 1
            primary.start()

        primary.execute("SELECT pg_create_physical_replication_slot('gone', true)")
        assert read(primary, tmp_path, PgReplication).abandoned == 1
