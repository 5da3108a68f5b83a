"""What PostgreSQL is doing right now: connections, long transactions, sessions that wait for a lock."""

from __future__ import annotations

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import OURSELVES, one, query
from checks.text import Text


class PgActivity(Fact, frozen=True):
    """Client connections (without the agent's own) against `maximum`. Absent: no PostgreSQL server here.

    `longest`: age of the oldest open transaction in seconds, backups by pg_dump left out; 0 if none is open.
    `prepared`: the same for two-phase transactions that nobody ended. `blocked`: sessions that wait for a lock.
    `remote`: connections from other hosts; `remote_plain`: those of them without TLS.
    """

    connections: int
    maximum: int
    longest: int = 0
    prepared: int = 0
    blocked: int = 0
    remote: int = 0
    remote_plain: int = 0


class Row(msgspec.Struct):
    connections: int
    maximum: int
    longest: int
    prepared: int
    blocked: int
    remote: int
    remote_plain: int
    hidden: int


@reads(
    query(
        f"""SELECT count(*) FILTER (WHERE backend_type = 'client backend') AS connections,
          current_setting('max_connections') AS maximum,
          coalesce(max(extract(epoch FROM now() - xact_start)) FILTER (WHERE backend_type = 'client backend'
            AND application_name NOT IN ('pg_dump', 'pg_dumpall')), 0)::bigint AS longest,
          (SELECT coalesce(max(extract(epoch FROM now() - prepared)), 0)::bigint FROM pg_prepared_xacts) AS prepared,
          count(*) FILTER (WHERE wait_event_type = 'Lock') AS blocked,
          count(*) FILTER (WHERE distant) AS remote,
          count(*) FILTER (WHERE distant AND ssl IS NOT TRUE) AS remote_plain,
          count(*) FILTER (WHERE backend_type IS NULL) AS hidden
        FROM pg_stat_activity LEFT JOIN pg_stat_ssl USING (pid), LATERAL (SELECT backend_type = 'client backend'
          AND NOT (client_addr <<= '127.0.0.0/8' OR client_addr = '::1') AS distant) d
        WHERE pid <> pg_backend_pid() AND application_name IS DISTINCT FROM '{OURSELVES}'"""  # noqa: S608
    ),
    root=True,
    given=PostgresInstalled,
)
def pg_activity(printed: str) -> PgActivity:
    row = one(printed, Row)
    if row.hidden:
        raise Missing(
            Text(
                "PostgreSQL menyembunyikan sesi peran lain; tanyakan sebagai postgres atau anggota pg_monitor",
                "PostgreSQL hides the sessions of other roles from us; ask as postgres or a member of pg_monitor",
            )
        )
    if row.maximum <= 0 or row.connections < 0:
        raise Missing(
            Text(
                "PostgreSQL menghitung koneksinya secara tidak masuk akal",
                "PostgreSQL counted its connections in a way that makes no sense",
            )
        )
    return PgActivity(
        row.connections,
        row.maximum,
        max(0, row.longest),
        max(0, row.prepared),
        row.blocked,
        row.remote,
        row.remote_plain,
    )
