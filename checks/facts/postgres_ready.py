"""Does PostgreSQL accept connections?"""

from __future__ import annotations

from typing import Literal

from checks.fact import Fact, Missing, reads
from checks.facts.postgres_installed import PostgresInstalled
from checks.source import Command
from checks.text import Text


class PostgresReady(Fact, frozen=True):
    """What `pg_isready` says of the local server; `where` is the socket it tried. Absent: no PostgreSQL server here."""

    state: Literal["accepting", "rejecting", "silent"]
    where: str = ""


@reads(Command(("pg_isready", "--timeout=3"), ok=(0, 1, 2)), given=PostgresInstalled)
def pg_isready(printed: str) -> PostgresReady:
    where, _, said = printed.strip().rpartition(" - ")
    where = where[:100]
    match said:
        case "accepting connections":
            return PostgresReady("accepting", where)
        case "rejecting connections":
            return PostgresReady("rejecting", where)
        case "no response":
            return PostgresReady("silent", where)
    raise Missing(Text(f"pg_isready menjawab {printed.strip()[:100]!r}", f"pg_isready said {printed.strip()[:100]!r}"))
