"""The spool: sealed reports that wait for the collector, and the chain they form.

One SQLite file holds both, so that a report and the place it takes in the chain are kept or lost together.

Laws:
- `seal` is all or nothing: after a crash at any point the report is in the spool and counted in the chain, or neither.
- Bounded by bytes and age. The oldest reports of the shortest cadence go first; what goes leaves a `Gap`.
- A report leaves only when the collector has named its digest, when it is refused for good, or by eviction.
- A damaged file is set aside, never deleted, and a new stream begins: the agent goes on.
"""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from evidence.envelope import Envelope
from evidence.report import Gap

log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS chain (one INTEGER PRIMARY KEY CHECK (one = 1), stream TEXT NOT NULL, sequence INTEGER NOT NULL,
  digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS report (sequence INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, taken_at REAL NOT NULL,
  every INTEGER NOT NULL, gaps BLOB NOT NULL, envelope BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS gap (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, reason TEXT NOT NULL);
"""


class SpoolFull(Exception):
    """The disk is full, and making room did not help. Nothing was sealed; the chain stands where it was."""


@dataclass(frozen=True)
class Place:
    """The next place in the chain: where a report will stand, and which gaps it must declare."""

    stream: str
    sequence: int
    previous: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Waiting:
    """A report in the spool. `taken_at` in seconds since the epoch."""

    sequence: int
    digest: str
    taken_at: float
    envelope: bytes


@dataclass(frozen=True)
class Size:
    """How full the spool is. `oldest`: seconds since the epoch, 0 if empty."""

    reports: int
    bytes: int
    oldest: float
    gaps: int


class Spool:
    """The spool of one agent. Safe to use from several threads; one process at a time."""

    def __init__(
        self, path: Path, *, most_bytes: int, most_days: float, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._most_seconds = most_days * 86400
        self._clock = clock
        self._lock = threading.RLock()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
                raise
            aside = self._path.with_name(f"{self._path.name}.damaged-{int(self._clock())}")
            log.error("event=spool_damaged error=%r set_aside=%s; a new stream begins", str(error), aside)
            for suffix in ("", "-wal", "-shm"):
                part = Path(f"{self._path}{suffix}")
                if part.exists():
                    part.rename(f"{aside}{suffix}")
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        made = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        os.close(made)
        db = sqlite3.connect(self._path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA auto_vacuum=FULL")
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            if (said := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(f"malformed: {said}")
            db.executescript(SCHEMA)
            db.execute("INSERT OR IGNORE INTO chain VALUES (1, ?, 0, '')", (secrets.token_hex(8),))
        except sqlite3.Error:
            db.close()
            raise
        return db

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()

    def seal(self, make: Callable[[Place], Envelope], *, taken_at: float, every: int) -> str:
        """Give the next place to the report that `make` seals, and keep it; returns its digest. Raises SpoolFull."""
        with self._lock:
            try:
                digest = self._seal(make, taken_at, every)
            except sqlite3.OperationalError as error:
                if "full" not in str(error):
                    raise
                self._evict(self.size().bytes // 2, reason="disk full")
                try:
                    digest = self._seal(make, taken_at, every)
                except sqlite3.OperationalError as again:
                    raise SpoolFull(f"{self._path}: {again}; free some disk space") from again
            self.bound()
        return digest

    def _seal(self, make: Callable[[Place], Envelope], taken_at: float, every: int) -> str:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            stream, sequence, previous = self._db.execute("SELECT stream, sequence, digest FROM chain").fetchone()
            rows = self._db.execute("SELECT first, last, reason FROM gap ORDER BY first LIMIT 50").fetchall()
            gaps = tuple(Gap(*row) for row in rows)
            envelope = make(Place(stream, sequence + 1, previous, gaps))
            digest = envelope.digest
            self._db.execute(
                "INSERT INTO report VALUES (?, ?, ?, ?, ?, ?)",
                (sequence + 1, digest, taken_at, every, msgspec.json.encode(gaps), envelope.encode()),
            )
            self._db.execute("UPDATE chain SET sequence = ?, digest = ?", (sequence + 1, digest))
            self._db.executemany("DELETE FROM gap WHERE first = ?", [(gap.first,) for gap in gaps])
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return digest

    def waiting(self, *, most: int, most_bytes: int) -> list[Waiting]:
        """The oldest reports, at least one if there is any, together no more than `most_bytes`."""
        with self._lock:
            rows = self._db.execute(
                "SELECT sequence, digest, taken_at, envelope FROM report ORDER BY sequence LIMIT ?", (most,)
            ).fetchall()
        found: list[Waiting] = []
        total = 0
        for row in rows:
            total += len(row[3])
            if found and total > most_bytes:
                break
            found.append(Waiting(*row))
        return found

    def acknowledge(self, digests: Sequence[str]) -> None:
        """The collector has these: let them go."""
        with self._lock:
            self._db.executemany("DELETE FROM report WHERE digest = ?", [(digest,) for digest in digests])

    def refuse(self, digest: str, reason: str) -> None:
        """The collector will never take this one: let it go, and declare the gap."""
        with self._lock:
            row = self._db.execute("SELECT sequence FROM report WHERE digest = ?", (digest,)).fetchone()
            if row:
                self._drop([row[0]], f"refused: {reason}"[:100])

    def bound(self) -> None:
        """Evict what is too old or too much."""
        with self._lock:
            limit = self._clock() - self._most_seconds
            old = [row[0] for row in self._db.execute("SELECT sequence FROM report WHERE taken_at < ?", (limit,))]
            if old:
                self._drop(old, "too old")
            self._evict(self._most_bytes, reason="spool full")

    def _evict(self, most_bytes: int, *, reason: str) -> None:
        excess = self.size().bytes - most_bytes
        if excess <= 0:
            return
        gone = []
        for sequence, size in self._db.execute(
            "SELECT sequence, length(envelope) FROM report ORDER BY every, sequence"
        ):
            if excess <= 0:
                break
            gone.append(sequence)
            excess -= size
        self._drop(gone, reason)

    def _drop(self, sequences: Sequence[int], reason: str) -> None:
        """Delete `sequences` and note the gaps, runs of neighbours as one; what they declared is declared again."""
        log.warning("event=spool_evicted reports=%d reason=%r", len(sequences), reason)
        runs: list[tuple[int, int]] = []
        for sequence in sorted(sequences):
            if runs and sequence == runs[-1][1] + 1:
                runs[-1] = (runs[-1][0], sequence)
            else:
                runs.append((sequence, sequence))
        declared: list[Gap] = []
        self._db.execute("BEGIN IMMEDIATE")
        for sequence in sequences:
            row = self._db.execute("DELETE FROM report WHERE sequence = ? RETURNING gaps", (sequence,)).fetchone()
            declared += msgspec.json.decode(row[0], type=list[Gap]) if row else []
        lost = [Gap(*run, reason) for run in runs] + declared
        self._db.executemany("INSERT OR REPLACE INTO gap VALUES (?, ?, ?)", [(g.first, g.last, g.reason) for g in lost])
        self._db.execute("COMMIT")

    def size(self) -> Size:
        """How full it is."""
        with self._lock:
            count, total, oldest = self._db.execute(
                "SELECT count(*), coalesce(sum(length(envelope)), 0), coalesce(min(taken_at), 0) FROM report"
            ).fetchone()
            gaps = self._db.execute("SELECT count(*) FROM gap").fetchone()[0]
        return Size(count, total, oldest, gaps)

    def chain(self) -> tuple[str, int]:
        """Stream, and the last sequence given."""
        with self._lock:
            stream, sequence = self._db.execute("SELECT stream, sequence FROM chain").fetchone()
        return stream, sequence
