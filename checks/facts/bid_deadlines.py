"""How many bids are due within a day, and how much one brings: from a view that LKPP supplies. Counts only, never names.

    CREATE SCHEMA pantau;
    CREATE VIEW pantau.deadlines AS SELECT ... AS deadline, ... AS bids FROM ...;

`deadline` (timestamp with time zone) is that of one tender, of the last 30 days and of those to come; `bids` (integer) is how
many bids it received, or how many bidders it has registered while it is open.

Laws:
- The agent may ask as superuser, and a view runs its functions as whoever asks: only a view that a superuser owns, in a schema
  that a superuser owns, and that calls nothing but PostgreSQL's own functions on plain tables is ever read.
- The bytes of a bid are what the document store grew by for each bid of the last 30 days.
"""

from __future__ import annotations

import msgspec

from checks.fact import Absent, After, Fact, Missing, reads
from checks.facts.document_store import DocumentStore
from checks.facts.postgres_databases import in_largest
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import distinct, one, query
from checks.source import History, Samples
from checks.text import Text
from checks.trend import trend

VIEW = "pantau.deadlines"
DAYS = 30  # of tenders that are over
NO_VIEW = Text(
    f"view {VIEW} dari LKPP belum dipasang di basis data SPSE: pasang sebagai superuser",
    f"LKPP's view {VIEW} is not installed in SPSE's database: install it as superuser",
)
LOOK = """SELECT current_database() AS database, CASE
    WHEN v.oid IS NULL THEN 'none'
    WHEN NOT o.rolsuper OR NOT s.rolsuper THEN 'owner'
    WHEN v.relkind NOT IN ('v', 'm', 'r') THEN 'kind'
    WHEN EXISTS (SELECT FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
      LEFT JOIN pg_class t ON d.refclassid = 'pg_class'::regclass AND t.oid = d.refobjid
      WHERE r.ev_class = v.oid AND d.refobjid >= 16384 AND d.refobjid <> v.oid
      AND (d.refclassid <> 'pg_class'::regclass OR t.relkind NOT IN ('r', 'p', 'm'))) THEN 'function'
    WHEN (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = v.oid AND NOT a.attisdropped AND (
      (a.attname = 'deadline' AND a.atttypid = 'timestamptz'::regtype)
      OR (a.attname = 'bids' AND a.atttypid IN ('int4'::regtype, 'int8'::regtype)))) <> 2 THEN 'columns'
    ELSE 'good' END AS state
  FROM (SELECT) AS always LEFT JOIN (pg_class v JOIN pg_namespace n ON n.oid = v.relnamespace AND n.nspname = 'pantau'
    JOIN pg_roles o ON o.oid = v.relowner JOIN pg_roles s ON s.oid = n.nspowner) ON v.relname = 'deadlines'"""
COUNT = f"""WITH d AS MATERIALIZED (SELECT deadline, greatest(coalesce(bids, 0), 0) AS bids FROM {VIEW}
    WHERE deadline > now() - interval '{DAYS} days' AND deadline <= now() + interval '24 hours')
  SELECT (SELECT count(*) FROM d WHERE deadline > now()) AS deadlines,
    (SELECT coalesce(max(h.bids), 0) FROM (SELECT sum(bids) AS bids FROM d WHERE deadline > now()
      GROUP BY date_trunc('hour', deadline - interval '1 second')) AS h) AS peak,
    (SELECT coalesce(sum(bids), 0) FROM d WHERE deadline <= now()) AS past"""  # noqa: S608 - a constant
WRONG = {
    "owner": Text("view atau skemanya bukan milik superuser", "the view or its schema does not belong to a superuser"),
    "kind": Text("bukan view atau tabel", "it is no view and no table"),
    "function": Text(
        "view memanggil fungsi atau view buatan sendiri", "it calls functions or views that are not PostgreSQL's own"
    ),
    "columns": Text(
        "kolomnya bukan deadline timestamptz dan bids integer", "its columns are not deadline timestamptz, bids integer"
    ),
}


class DeadlinesView(Fact, frozen=True):
    """The database that holds the view. Absent: no PostgreSQL server here, or none of its three largest databases has it."""

    database: str


class BidDeadlines(Fact, frozen=True):
    """Deadlines of the next 24 hours, the bids expected in the busiest hour of them, and the bids of the last 30 days.

    `growth`: bytes a day by which the document stores of this host grow; None where the agent's history does not know it.
    Absent: as DeadlinesView.
    """

    deadlines: int
    peak: int
    past: int
    growth: float | None = None


class _Seen(msgspec.Struct, frozen=True):
    database: str
    state: str


class _Counted(msgspec.Struct, frozen=True):
    deadlines: int
    peak: int
    past: int


def _sizes(found: DocumentStore) -> dict[str, float]:
    return {store.path: store.used for store in found.stores}


COUNTED = After(
    DeadlinesView, f"sql (database of {VIEW}) {' '.join(COUNT.split())}", lambda found: query(COUNT, found.database)
)
GROWN = History(DocumentStore, "used", _sizes, days=90.0)  # as DocumentStore itself remembers


@reads(*in_largest(LOOK), root=True, given=PostgresInstalled)
def deadlines_view(first: str, second: str, third: str) -> DeadlinesView:
    seen = distinct(tuple(one(printed, _Seen) for printed in (first, second, third)), lambda row: row.database)
    found = [row for row in seen if row.state != "none"]
    if not found:
        raise Absent(NO_VIEW)
    if len(found) > 1:
        names = ", ".join(row.database for row in found)
        raise Missing(Text(f"{VIEW} ada di beberapa basis data: {names}", f"{VIEW} is in several databases: {names}"))
    (row,) = found
    if row.state != "good":
        why = WRONG.get(row.state, Text("keadaannya tidak dikenal", "its state is not understood"))
        raise Missing(Text(f"{VIEW} tidak dibaca: {why.id}", f"{VIEW} is not read: {why.en}"))
    return DeadlinesView(row.database)


@reads(COUNTED, GROWN, root=True)
def with_growth(printed: str, remembered: tuple[Samples, ...]) -> BidDeadlines:
    slopes = [moving.slope for store in remembered if (moving := trend(store.points)) is not None]
    if not slopes:
        raise Missing(Text("pertumbuhan dokumen belum diketahui", "the growth of documents is not known yet"))
    return msgspec.structs.replace(_counted(printed), growth=sum(slopes))


@reads(COUNTED, root=True)
def bid_deadlines(printed: str) -> BidDeadlines:
    return _counted(printed)


def _counted(printed: str) -> BidDeadlines:
    row = one(printed, _Counted)
    if min(row.deadlines, row.peak, row.past) < 0:
        raise Missing(Text(f"{VIEW} menghitung kurang dari nol", f"{VIEW} counted less than nothing"))
    return BidDeadlines(row.deadlines, row.peak, row.past)
