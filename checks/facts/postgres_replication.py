"""Replication of PostgreSQL: the standbys of a primary, and how far behind a standby is."""

from __future__ import annotations

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import query, rows
from checks.text import Text


class PgStandby(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One standby as its primary sees it: `lag` in seconds, `behind` in bytes of WAL; `role` is who it logs in as."""

    name: str
    role: str
    superuser: bool
    state: str
    lag: int
    behind: int


class PgReplication(Fact, frozen=True):
    """A primary with its `standbys`, or a standby itself (`in_recovery`). Absent: no PostgreSQL server here.

    `receiving`: a standby has a live stream from its primary. `replay_age`: seconds by which it is behind, None if
    nothing was ever replayed. `abandoned`: physical slots that no standby uses.
    """

    in_recovery: bool
    standbys: tuple[PgStandby, ...] = ()
    receiving: bool = False
    replay_age: int | None = None
    abandoned: int = 0


class Row(msgspec.Struct):
    in_recovery: bool
    receiving: bool
    replay_age: int | None
    abandoned: int
    name: str
    role: str
    superuser: bool | None
    state: str
    lag: int | None
    behind: int | None
    hidden: bool


@reads(
    query(
        """SELECT me.in_recovery::text AS in_recovery, me.receiving::text AS receiving,
          CASE WHEN NOT me.in_recovery THEN NULL
            WHEN me.receiving AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp())::bigint END AS replay_age,
          (SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT active) AS abandoned,
          s.application_name AS name, s.usename AS role,
          (SELECT rolsuper FROM pg_roles WHERE rolname = s.usename)::text AS superuser, s.state,
          CASE WHEN s.pid IS NOT NULL THEN coalesce(extract(epoch FROM s.replay_lag), 0)::bigint END AS lag,
          pg_wal_lsn_diff(CASE WHEN me.in_recovery THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END,
            coalesce(s.replay_lsn, s.flush_lsn))::bigint AS behind,
          (s.pid IS NOT NULL AND s.state IS NULL)::text AS hidden
        FROM (SELECT pg_is_in_recovery() AS in_recovery,
            EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming') AS receiving) AS me
        LEFT JOIN pg_stat_replication s ON s.state IS DISTINCT FROM 'backup' ORDER BY name LIMIT 20"""
    ),
    root=True,
    given=PostgresInstalled,
)
def pg_replication(printed: str) -> PgReplication:
    found = rows(printed, Row)
    if not found:
        raise Missing(
            Text("PostgreSQL tidak menyebut apakah ia primer", "PostgreSQL did not say whether it is a primary")
        )
    if any(row.hidden for row in found):
        raise Missing(
            Text(
                "PostgreSQL menyembunyikan replikanya; tanyakan sebagai postgres atau anggota pg_monitor",
                "PostgreSQL hides its standbys from us; ask as postgres or a member of pg_monitor",
            )
        )
    me = found[0]
    standbys = tuple(
        PgStandby(row.name, row.role, row.superuser or False, row.state, max(0, row.lag or 0), max(0, row.behind or 0))
        for row in found
        if row.state
    )
    return PgReplication(me.in_recovery, standbys, me.receiving, me.replay_age, me.abandoned)
