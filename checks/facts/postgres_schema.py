"""The shape of SPSE's schemas in PostgreSQL: how many tables and columns, and a digest of them all. Never a name, never a row.

What the digest covers, line by line: table, column, type with its modifier, and whether it may be null; of tables, partitioned
tables, views and foreign tables, without what belongs to an extension and without single partitions, which come by themselves.
"""

from __future__ import annotations

import re

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.postgres_databases import in_largest
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import distinct, rows
from checks.text import Text

SCHEMAS = ("public", "ekontrak")
DIGEST = re.compile(r"[0-9a-f]{64}")


class SchemaShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One schema: its tables and columns, and the SHA-256 of their list. The order of columns within a table does not count."""

    schema: str
    tables: int
    columns: int
    digest: str


class SchemasOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Schemas `public` and `ekontrak` of a database, as far as they hold tables."""

    database: str
    schemas: tuple[SchemaShape, ...] = ()


class PgSchemas(Fact, frozen=True):
    """Shapes by database, of the three largest; `others` were not looked into. Absent: no PostgreSQL server here."""

    databases: tuple[SchemasOf, ...]
    others: int = 0


class Row(msgspec.Struct):
    database: str
    connectable: int
    schema: str
    tables: int | None
    columns: int | None
    digest: str


TEXT = """SELECT current_database() AS database,
  (SELECT count(*) FROM pg_database WHERE datallowconn AND NOT datistemplate) AS connectable, t.*
FROM (SELECT 1) AS always LEFT JOIN LATERAL (SELECT n.nspname AS schema, count(DISTINCT c.oid) AS tables,
    count(*) AS columns, encode(sha256(convert_to(string_agg(c.relname || ' ' || a.attname || ' ' ||
      format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text, chr(10)
      ORDER BY c.relname::text COLLATE "C", a.attname::text COLLATE "C"), getdatabaseencoding())), 'hex') AS digest
  FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE n.nspname IN ('public', 'ekontrak') AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND a.attnum > 0 AND NOT a.attisdropped AND NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  GROUP BY n.nspname ORDER BY n.nspname DESC) AS t ON true"""


@reads(*in_largest(TEXT), root=True, given=PostgresInstalled)
def pg_schemas(first: str, second: str, third: str) -> PgSchemas:
    found = [rows(printed, Row) for printed in (first, second, third)]
    if not all(found) or any(not row.database for group in found for row in group):
        raise Missing(
            Text(
                "PostgreSQL tidak menyebut basis data mana yang diperiksanya",
                "PostgreSQL did not say which database it looked into",
            )
        )
    parts = distinct(tuple(_schemas_of(group) for group in found), lambda part: part.database)
    return PgSchemas(parts, max(0, found[0][0].connectable - len(parts)))


def _schemas_of(group: tuple[Row, ...]) -> SchemasOf:
    told = [row for row in group if row.schema]
    if (not told and len(group) > 1) or (told and not all(_makes_sense(row) for row in group)):
        raise Missing(
            Text(
                "PostgreSQL menggambarkan skema secara tidak masuk akal",
                "PostgreSQL described a schema in a way that makes no sense",
            )
        )
    return SchemasOf(
        group[0].database, tuple(SchemaShape(row.schema, row.tables or 0, row.columns or 0, row.digest) for row in told)
    )


def _makes_sense(row: Row) -> bool:
    return (
        row.schema in SCHEMAS
        and 0 < (row.tables or 0) <= (row.columns or 0)
        and DIGEST.fullmatch(row.digest) is not None
    )
