from __future__ import annotations

import time
from pathlib import Path

from checks.facts.postgres_archiver import PgArchiver
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)


def switched(own: Cluster, tmp_path: Path, *, failing: bool) -> PgArchiver:
    """What is seen once the archiver has tried a segment."""
    own.execute("SELECT pg_logical_emit_message(false, 'x', 'y')", "SELECT pg_switch_wal()")
    for _ in range(100):
        seen = read(own, tmp_path, PgArchiver)
        if (seen.failed is not None) if failing else (seen.archived is not None and not seen.failing):
            break
        time.sleep(0.1)
    return seen


def test_without_archiving_the_fact_says_so(postgres: Cluster, tmp_path: Path) -> None:
    seen = read(postgres, tmp_path, PgArchiver)

    assert (seen.mode, seen.configured, seen.archived) == ("off", False, None)


def test_success_failure_and_pretence_are_told_apart_and_the_command_is_not(tmp_path: Path) -> None:
    with cluster(archive_mode="on", archive_command="cp %p /nowhere/secret/%f") as own:
        broken = switched(own, tmp_path, failing=True)
        assert (broken.configured, broken.failing, broken.archived, broken.waiting) == (True, True, None, 1)
        assert "secret" not in repr(broken)

        own.set(archive_command="test -f %p")
        mended = switched(own, tmp_path, failing=False)
        assert (mended.failing, mended.pretends, mended.waiting) == (False, False, 0)

        own.set(archive_command="/bin/true")
        assert read(own, tmp_path, PgArchiver).pretends
