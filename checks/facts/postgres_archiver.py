"""WAL archiving of PostgreSQL. The command itself is not read out: it may hold a password."""

from __future__ import annotations

from typing import Literal

from checks.fact import Fact, reads
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import one, query


class PgArchiver(Fact, frozen=True):
    """How the archiver is doing; times in seconds ago, None for never. Absent: no PostgreSQL server here.

    `configured`: there is a command or library to archive with. `pretends`: the command is `true` or alike, which throws
    WAL away. `failing`: the last attempt failed. `waiting`: finished segments not yet archived. `timeout`: after how
    long a segment is closed although it is not full; 0 for never. `up`: since when the server runs.
    """

    in_recovery: bool
    mode: Literal["off", "on", "always"]
    configured: bool
    pretends: bool
    failing: bool
    waiting: int
    timeout: int
    up: int
    archived: int | None = None
    failed: int | None = None


@reads(
    query(
        """SELECT pg_is_in_recovery()::text AS in_recovery, current_setting('archive_mode') AS mode,
          (coalesce(current_setting('archive_library', true), '') <> ''
            OR current_setting('archive_command') NOT IN ('', '(disabled)'))::text AS configured,
          (current_setting('archive_command') ~ '^ *((/usr)?/bin/)?(true|:|cd [.]|exit 0) *$')::text AS pretends,
          (last_failed_time IS NOT NULL
            AND (last_archived_time IS NULL OR last_failed_time > last_archived_time))::text AS failing,
          (SELECT count(*) FROM pg_ls_dir('pg_wal/archive_status') AS name WHERE name LIKE '%.ready') AS waiting,
          (SELECT setting FROM pg_settings WHERE name = 'archive_timeout') AS timeout,
          extract(epoch FROM now() - pg_postmaster_start_time())::bigint AS up,
          extract(epoch FROM now() - last_archived_time)::bigint AS archived,
          extract(epoch FROM now() - last_failed_time)::bigint AS failed
        FROM pg_stat_archiver"""
    ),
    root=True,
    given=PostgresInstalled,
)
def pg_archiver(printed: str) -> PgArchiver:
    return one(printed, PgArchiver)
