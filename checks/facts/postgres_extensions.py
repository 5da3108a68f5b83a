"""Extensions and untrusted languages of PostgreSQL. Looks into the three largest databases."""

from __future__ import annotations

import msgspec

from checks.baseline import Approved, Listed, listed
from checks.fact import Fact, Missing, reads
from checks.facts.items import item
from checks.facts.postgres_databases import in_largest
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import distinct, rows
from checks.source import Register
from checks.text import Text


class PgExtensionsOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is installed in one database. `untrusted` are languages whose functions may do what the server may do."""

    database: str
    extensions: tuple[str, ...]
    untrusted: tuple[str, ...] = ()


class PgExtensions(Fact, frozen=True):
    """Extensions by database; `others` are databases that were not looked into. Absent: no PostgreSQL server here."""

    databases: tuple[PgExtensionsOf, ...]
    others: int = 0


class Row(msgspec.Struct):
    database: str
    connectable: int
    extensions: str
    untrusted: str


TEXT = """SELECT current_database() AS database,
  (SELECT count(*) FROM pg_database WHERE datallowconn AND NOT datistemplate) AS connectable,
  (SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension) AS extensions,
  (SELECT string_agg(lanname, ' ' ORDER BY lanname) FROM pg_language
    WHERE NOT lanpltrusted AND lanname NOT IN ('internal', 'c')) AS untrusted"""


class InstalledExtensions(Listed, frozen=True):
    """`extension DATABASE NAME` and `language DATABASE NAME`, the latter of those that may do what the server may do.

    Absent: no PostgreSQL server here.
    """


class ApprovedExtensions(Approved, frozen=True):
    """What of `InstalledExtensions` a person approved. Absent: nothing yet."""


@reads(*in_largest(TEXT), root=True, given=PostgresInstalled)
def installed_extensions(first: str, second: str, third: str) -> InstalledExtensions:
    parts = pg_extensions(first, second, third).databases
    found = [item("extension", one.database, name) for one in parts for name in one.extensions]
    found += (item("language", one.database, name) for one in parts for name in one.untrusted)
    return listed(InstalledExtensions, found)


@reads(Register("approved_extensions", ApprovedExtensions))
def approved_extensions(approved: ApprovedExtensions) -> ApprovedExtensions:
    return approved


@reads(*in_largest(TEXT), root=True, given=PostgresInstalled)
def pg_extensions(first: str, second: str, third: str) -> PgExtensions:
    found = [row for printed in (first, second, third) for row in rows(printed, Row)]
    if len(found) != 3 or any(not row.database for row in found):
        raise Missing(
            Text(
                "PostgreSQL tidak menyebut basis data mana yang diperiksanya",
                "PostgreSQL did not say which database it looked into",
            )
        )
    parts = distinct(
        tuple(
            PgExtensionsOf(row.database, tuple(row.extensions.split()), tuple(row.untrusted.split())) for row in found
        ),
        lambda part: part.database,
    )
    return PgExtensions(parts, max(0, found[0].connectable - len(parts)))
