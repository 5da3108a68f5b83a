"""Large tables of PostgreSQL: dead rows, and when they were vacuumed. Looks into the three largest databases."""

from __future__ import annotations

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.postgres_databases import in_largest
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import distinct, rows
from checks.text import Text


class PgTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One table of 10,000 rows or more. `vacuumed`: seconds since; None if never since the counters were reset."""

    name: str
    live: int
    dead: int
    vacuumed: int | None = None


class PgTablesOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The five large tables of a database with the most dead rows, out of `large`."""

    database: str
    large: int
    tables: tuple[PgTable, ...] = ()


class PgTables(Fact, frozen=True):
    """Large tables by database; `others` are databases that were not looked into. Absent: no PostgreSQL server here."""

    databases: tuple[PgTablesOf, ...]
    others: int = 0


class Row(msgspec.Struct):
    database: str
    connectable: int
    large: int
    name: str
    live: int | None
    dead: int | None
    vacuumed: int | None


TEXT = """SELECT current_database() AS database,
  (SELECT count(*) FROM pg_database WHERE datallowconn AND NOT datistemplate) AS connectable,
  (SELECT count(*) FROM pg_stat_user_tables WHERE n_live_tup + n_dead_tup >= 10000) AS large, t.*
FROM (SELECT 1) AS always LEFT JOIN LATERAL (SELECT schemaname || '.' || relname AS name, n_live_tup AS live,
    n_dead_tup AS dead, extract(epoch FROM now() - greatest(last_vacuum, last_autovacuum))::bigint AS vacuumed
  FROM pg_stat_user_tables WHERE n_live_tup + n_dead_tup >= 10000
  ORDER BY n_dead_tup::float8 / (n_live_tup + n_dead_tup) DESC LIMIT 5) AS t ON true"""


@reads(*in_largest(TEXT), root=True, given=PostgresInstalled)
def pg_tables(first: str, second: str, third: str) -> PgTables:
    found = [rows(printed, Row) for printed in (first, second, third)]
    if not all(found) or any(row.large < 0 or not row.database for group in found for row in group):
        raise Missing(
            Text(
                "PostgreSQL tidak menyebut basis data mana yang diperiksanya",
                "PostgreSQL did not say which database it looked into",
            )
        )
    parts = distinct(tuple(_tables_of(group) for group in found), lambda part: part.database)
    return PgTables(parts, max(0, found[0][0].connectable - len(parts)))


def _tables_of(group: tuple[Row, ...]) -> PgTablesOf:
    tables = tuple(
        PgTable(row.name, row.live, row.dead, row.vacuumed)
        for row in group
        if row.live is not None and row.dead is not None and row.live + row.dead > 0
    )
    if bool(tables) is not bool(group[0].large):
        raise Missing(
            Text(
                "PostgreSQL menghitung tabel besar tetapi tidak menggambarkannya",
                "PostgreSQL counted large tables but described none",
            )
        )
    return PgTablesOf(group[0].database, group[0].large, tables)
