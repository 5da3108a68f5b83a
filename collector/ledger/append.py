"""Append admitted reports, many at a time: one transaction, one fsync.

Laws:
- `append` returns only after the commit: what it calls accepted is durable.
- Ids are given under a lock (SQLite: the writer's; PostgreSQL: an advisory lock), so ids appear in the order they commit and
  a consumer that has read up to an id has read everything before it.
- What is usual is cheap: nothing is read back but a count, unless a place was taken.
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
    "agent_id", "target_id", "kind", "stream", "sequence", "digest",
    "taken_at", "received_at", "payload_type", "payload", "signature",
)  # fmt: skip
MOST_ROWS = 500  # in one statement: SQLite takes 32,766 parameters
ROW = f"({', '.join(['%s'] * len(COLUMNS))})"
INSERT = f"INSERT INTO ledger_entry ({', '.join(COLUMNS)}) VALUES "  # noqa: S608 - constants
UNLESS_TAKEN = " ON CONFLICT DO NOTHING"


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

    def append(self, batch: Sequence[Admitted], kind: Kind = Kind.REPORT) -> list[Outcome]:
        """Append `batch` in order; returns one outcome each, after the commit (of the outermost transaction)."""
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            before = self._last()
            if self._insert(batch, kind) == len(batch):
                return [Outcome.ACCEPTED] * len(batch)
            outcomes = self._outcomes(batch, before, kind)
            contradictions = [
                one for one, outcome in zip(batch, outcomes, strict=True) if outcome is Outcome.EQUIVOCATION
            ]
            if contradictions:
                self._insert(contradictions, Kind.EQUIVOCATION)
        return outcomes

    @staticmethod
    def _last() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(id) FROM ledger_entry")
            return cursor.fetchone()[0] or 0

    def _insert(self, batch: Sequence[Admitted], kind: Kind) -> int:
        """Insert those whose place is free; returns how many these were."""
        return sum(self._insert_rows(batch[at : at + MOST_ROWS], kind) for at in range(0, len(batch), MOST_ROWS))

    def _insert_rows(self, batch: Sequence[Admitted], kind: Kind) -> int:
        parameters: list[str | int | bytes | datetime | None] = []
        # all at once: each call gives up the interpreter's lock, and gets it back only when the door lets go of it
        payloads = self.compressor.multi_compress_to_buffer([one.envelope.payload for one in batch])
        for index, one in enumerate(batch):
            report = one.report
            parameters += (
                one.agent, report.target, kind.value, report.stream, report.sequence, one.digest,
                connection.ops.adapt_datetimefield_value(report.taken_at),
                connection.ops.adapt_datetimefield_value(one.received_at),
                one.envelope.payload_type, payloads[index].tobytes(), one.envelope.signatures[0].sig,
            )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(INSERT + ", ".join([ROW] * len(batch)) + UNLESS_TAKEN, parameters)
            return int(cursor.rowcount)

    @staticmethod
    def _outcomes(batch: Sequence[Admitted], before: int, kind: Kind) -> list[Outcome]:
        """Who holds the places of `batch`, where not all were free. Entries up to `before` stood there already."""
        outcomes, accepted = [], set()
        with connection.cursor() as cursor:
            for one in batch:
                cursor.execute(
                    "SELECT id, digest FROM ledger_entry WHERE agent_id = %s AND stream = %s AND sequence = %s AND kind = %s",
                    [one.agent, one.report.stream, one.report.sequence, kind.value],
                )
                entry, digest = cursor.fetchone()
                if digest != one.digest:
                    outcomes.append(Outcome.EQUIVOCATION)
                elif entry <= before or entry in accepted:
                    outcomes.append(Outcome.KNOWN)
                else:
                    accepted.add(entry)
                    outcomes.append(Outcome.ACCEPTED)
        return outcomes
