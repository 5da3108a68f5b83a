"""Append admitted reports, many at a time: one transaction, one fsync.

Laws:
- `append` returns only after the commit: what it calls accepted is durable.
- Ids are given under a lock (SQLite: the writer's; PostgreSQL: an advisory lock), so ids appear in the order they commit and
  a consumer that has read up to an id has read everything before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

import zstandard
from django.db import connection, transaction

from collector.ledger.admitted import Admitted
from collector.ledger.models import Kind

LOCK = 0x50414E5455  # "PANTU", any constant number shared by all collectors of one database

COLUMNS = (
    "agent_id", "server_id", "kind", "stream", "sequence", "digest",
    "taken_at", "received_at", "payload_type", "payload", "signature",
)  # fmt: skip
MOST_ROWS = 500  # in one statement: SQLite takes 32,766 parameters
ROW = f"({', '.join(['%s'] * len(COLUMNS))})"
INSERT = f"INSERT INTO ledger_entry ({', '.join(COLUMNS)}) VALUES "  # noqa: S608 - constants
RETURNING = " ON CONFLICT DO NOTHING RETURNING id, agent_id, stream, sequence, digest"


class Outcome(Enum):
    """What became of one admitted report."""

    ACCEPTED = auto()
    KNOWN = auto()  # the same bytes were accepted before
    EQUIVOCATION = auto()  # other bytes were accepted under this sequence before


@dataclass(frozen=True)
class Appender:
    """Writes to the ledger on the connection of its thread. Keeps one compressor: it is not shared between threads."""

    compressor: zstandard.ZstdCompressor

    @classmethod
    def create(cls) -> Appender:
        """An appender for the calling thread."""
        return cls(zstandard.ZstdCompressor(level=1))

    def append(self, batch: Sequence[Admitted]) -> list[Outcome]:
        """Append `batch` in order; returns one outcome each, after the commit."""
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            inserted = self._insert(batch, Kind.REPORT)
            outcomes: list[Outcome | None] = []
            for one in batch:
                fresh = (one.agent, one.report.stream, one.report.sequence, one.digest) in inserted
                inserted.discard((one.agent, one.report.stream, one.report.sequence, one.digest))
                outcomes.append(Outcome.ACCEPTED if fresh else None)
            known = self._digests([one for one, outcome in zip(batch, outcomes, strict=True) if outcome is None])
            contradictions = []
            for index, one in enumerate(batch):
                if outcomes[index] is None:
                    same = known.get((one.agent, one.report.stream, one.report.sequence)) == one.digest
                    outcomes[index] = Outcome.KNOWN if same else Outcome.EQUIVOCATION
                    if not same:
                        contradictions.append(one)
            if contradictions:
                self._insert(contradictions, Kind.EQUIVOCATION)
        return [outcome for outcome in outcomes if outcome is not None]

    def _insert(self, batch: Sequence[Admitted], kind: Kind) -> set[tuple[str, str, int, str]]:
        """Insert those whose place is free; returns these."""
        inserted: set[tuple[str, str, int, str]] = set()
        for start in range(0, len(batch), MOST_ROWS):
            inserted |= self._insert_rows(batch[start : start + MOST_ROWS], kind)
        return inserted

    def _insert_rows(self, batch: Sequence[Admitted], kind: Kind) -> set[tuple[str, str, int, str]]:
        parameters: list[str | int | bytes | datetime | None] = []
        for one in batch:
            report = one.report
            parameters += (
                one.agent, report.server, kind.value, report.stream, report.sequence, one.digest,
                connection.ops.adapt_datetimefield_value(report.taken_at),
                connection.ops.adapt_datetimefield_value(one.received_at),
                one.envelope.payload_type, self.compressor.compress(one.envelope.payload), one.envelope.signatures[0].sig,
            )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(INSERT + ", ".join([ROW] * len(batch)) + RETURNING, parameters)
            return {(row[1], row[2], row[3], row[4]) for row in cursor.fetchall()}

    @staticmethod
    def _digests(batch: Sequence[Admitted]) -> dict[tuple[str, str, int], str]:
        """Digests of the reports that hold the places of `batch`."""
        found = {}
        with connection.cursor() as cursor:
            for one in batch:
                cursor.execute(
                    "SELECT digest FROM ledger_entry WHERE agent_id = %s AND stream = %s AND sequence = %s AND kind = %s",
                    [one.agent, one.report.stream, one.report.sequence, Kind.REPORT.value],
                )
                if row := cursor.fetchone():
                    found[one.agent, one.report.stream, one.report.sequence] = row[0]
        return found
