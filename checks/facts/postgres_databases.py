"""Databases of PostgreSQL: size, age of transaction ids, checksum failures, reads from cache and from disk."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from checks.fact import After, Fact, Missing, reads
from checks.facts.backups import PLACES, dump_sizes
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import query, rows
from checks.facts.spse_owners import OWNERS, PASSWD
from checks.source import FileStat, FileText, History, Samples
from checks.text import Text
from checks.trend import Basis, Trend, scaled, trend

MOST = 100
FEWEST_DUMPS = 7
# psql takes a name with "=" or "://" for a connection string; a name is only ever used if it cannot be one
PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


class PgDatabase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One database: `size` in bytes, ages in transactions. `checksum_failures` is None where checksums are off."""

    name: str
    size: int
    xid_age: int
    mxid_age: int
    connectable: bool = True
    checksum_failures: int | None = None
    hits: int = 0
    reads: int = 0


class Growth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How fast databases grow, in shares of their present size a day.

    `basis`: the agent's own samples of their size, or the sizes of dumps that lie in the backup folders, which grow alike
    as long as they are packed alike.
    """

    share: Trend
    basis: Basis


class PgDatabases(Fact, frozen=True):
    """All databases, templates included, the largest first. Absent: no PostgreSQL server here.

    `growth`: of all together, where it is known.
    """

    databases: tuple[PgDatabase, ...]
    growth: Growth | None = None

    @property
    def size(self) -> int:
        """Bytes of all databases."""
        return sum(one.size for one in self.databases)

    def examinable(self, position: int) -> str:
        """Name of the database to look into at `position` (0 is the largest); `postgres` where there are not so many."""
        names = [one.name for one in self.databases if one.connectable and PLAIN_NAME.fullmatch(one.name)]
        return names[position] if position < len(names) else "postgres"


class Row(msgspec.Struct):
    name: str
    size: int
    xid_age: int
    mxid_age: int
    connectable: bool
    checksum_failures: int | None
    hits: int
    reads: int


QUERY = query(
    """SELECT d.datname AS name, pg_database_size(d.oid) AS size, age(d.datfrozenxid) AS xid_age,
      mxid_age(d.datminmxid) AS mxid_age, (d.datallowconn AND NOT d.datistemplate)::text AS connectable,
      to_jsonb(s) ->> 'checksum_failures' AS checksum_failures,
      coalesce(s.blks_hit, 0) AS hits, coalesce(s.blks_read, 0) AS reads
    FROM pg_database d LEFT JOIN pg_stat_database s ON s.datid = d.oid ORDER BY size DESC LIMIT 101"""
)


def _total(found: PgDatabases) -> dict[str, float]:
    return {"": found.size}


@reads(QUERY, History(PgDatabases, "size", _total, days=90.0), root=True, given=PostgresInstalled)
def with_growth(printed: str, remembered: tuple[Samples, ...]) -> PgDatabases:
    points = [point for one in remembered for point in one.points]
    return PgDatabases(_databases(printed), _growth(trend(points), points, "samples"))


@reads(QUERY, PLACES, OWNERS, PASSWD, root=True, given=PostgresInstalled)
def with_growth_of_dumps(
    printed: str, found: tuple[FileStat, ...], installed: tuple[FileStat, ...], passwd: tuple[FileText, ...]
) -> PgDatabases:
    points = dump_sizes(found, installed, passwd)
    return PgDatabases(_databases(printed), _growth(trend(points, least=FEWEST_DUMPS), points, "backups"))


@reads(QUERY, root=True, given=PostgresInstalled)
def pg_databases(printed: str) -> PgDatabases:
    return PgDatabases(_databases(printed))


def _growth(moving: Trend | None, points: Sequence[tuple[float, float]], basis: Basis) -> Growth:
    if moving is None or points[-1][1] <= 0:
        raise Missing(Text("pertumbuhan basis data belum diketahui", "the growth of the databases is not known yet"))
    return Growth(scaled(moving, 1 / points[-1][1]), basis)


def _databases(printed: str) -> tuple[PgDatabase, ...]:
    found = rows(printed, Row)
    if not found:
        raise Missing(
            Text(
                "PostgreSQL tidak menyebut satu basis data pun, padahal selalu ada",
                "PostgreSQL named no database, and it always has one",
            )
        )
    if len(found) > MOST:
        raise Missing(Text(f"ada lebih dari {MOST} basis data", f"there are more than {MOST} databases"))
    if any(not r.name or min(r.size, r.hits, r.reads) < 0 for r in found):
        raise Missing(
            Text(
                "PostgreSQL menggambarkan sebuah basis data secara tidak masuk akal",
                "PostgreSQL described a database in a way that makes no sense",
            )
        )
    return tuple(
        PgDatabase(r.name, r.size, r.xid_age, r.mxid_age, r.connectable, r.checksum_failures, r.hits, r.reads)
        for r in found
    )


def in_largest(text: str) -> tuple[After[PgDatabases, str], After[PgDatabases, str], After[PgDatabases, str]]:
    """The query `text` in each of the three largest databases; `distinct` drops what was asked twice."""

    def at(position: int, called: str) -> After[PgDatabases, str]:
        return After(
            PgDatabases, f"sql ({called} database) {text}", lambda found: query(text, found.examinable(position))
        )

    return at(0, "largest"), at(1, "second largest"), at(2, "third largest")
