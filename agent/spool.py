"""The spool: sealed reports that wait for the collector, and the chain they form.

One SQLite file holds both, so that a report and the place it takes in the chain are kept or lost together.

Laws:
- `seal` is all or nothing: after a crash at any point the report is in the spool and counted in the chain, or neither.
- Bounded by bytes and age. The oldest reports of the shortest cadence go first; what goes leaves a `Gap`.
- A gap is declared by one report; if that one is lost too, by another. One declaring report waits at a time.
- Age is a matter of clocks, and clocks jump: only a few reports go for their age at a time.
- A report leaves only when the collector has named its digest, when it is refused for good, or by eviction.
- A damaged file is set aside, never deleted, and a new stream begins: the agent goes on. So it does when the collector says
  that other bytes stand in its places.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from agent.spool_file import SpoolFile, SpoolFull, new_stream
from evidence.envelope import Envelope
from evidence.report import Gap

log = logging.getLogger(__name__)

MOST_GAPS = 50  # declared by one report
MOST_TOO_OLD = 10  # evicted for their age at a time
MAKE_ROOM = (1, 16 << 10, 64 << 10)  # bytes to evict, one after the other, when the disk is full


@dataclass(frozen=True)
class Place:
    """The next place in the chain: where a report will stand, and which gaps it must declare."""

    stream: str
    sequence: int
    previous: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Waiting:
    """A report in the spool, packed (`Envelope.packed`). `taken_at` in seconds since the epoch."""

    stream: str
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
    """The spool of one agent. Safe to use from several threads; one process at a time.

    Without `repair` (commands that look at a daemon's spool) no file is made and none is set aside; a damaged one raises
    `SpoolDamaged`.
    """

    def __init__(
        self,
        path: Path,
        *,
        most_bytes: int,
        most_days: float,
        clock: Callable[[], float] = time.time,
        repair: bool = True,
    ) -> None:
        self._most_bytes = most_bytes
        self._most_seconds = most_days * 86400
        self._clock = clock
        self._file = SpoolFile(path, clock, repair=repair)

    def close(self) -> None:
        """Release the file."""
        self._file.close()

    def seal(self, make: Callable[[Place], Envelope], *, taken_at: float, every: int) -> str:
        """Give the next place to the report that `make` seals, and keep it; returns its digest. Raises SpoolFull.

        `make` may be called again for another place, if the first could not be kept.
        """

        def work(db: sqlite3.Connection) -> str:
            stream, sequence, previous = db.execute("SELECT stream, sequence, digest FROM chain").fetchone()
            gaps = _to_declare(db)
            envelope = make(Place(stream, sequence + 1, previous, gaps))
            digest = envelope.digest
            db.execute(
                "INSERT INTO report (stream, sequence, digest, taken_at, every, gaps, envelope) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (stream, sequence + 1, digest, taken_at, every, msgspec.json.encode(gaps), envelope.packed()),
            )
            db.execute("UPDATE chain SET sequence = ?, digest = ?", (sequence + 1, digest))
            db.executemany("DELETE FROM gap WHERE first = ?", [(gap.first,) for gap in gaps])
            return digest

        digest = self._kept(work)
        try:
            self.bound()
        except SpoolFull as error:  # this report is kept all the same
            log.warning("event=spool_not_bounded error=%r", str(error))
        return digest

    def _kept(self, work: Callable[[sqlite3.Connection], str]) -> str:
        """What `work` returns; the room it may lack is taken from the oldest reports, as little as will do."""
        for more in MAKE_ROOM:
            try:
                return self._file.write(work)
            except SpoolFull:
                self._evict(more, "disk full")
        return self._file.write(work)

    def waiting(self, *, most: int, most_bytes: int) -> list[Waiting]:
        """The oldest reports, at least one if there is any, together no more than `most_bytes`."""

        def work(db: sqlite3.Connection) -> list[Waiting]:
            found: list[Waiting] = []
            total = 0
            for row in db.execute(
                "SELECT stream, sequence, digest, taken_at, envelope FROM report ORDER BY id LIMIT ?", (most,)
            ):
                total += len(row[4])
                if found and total > most_bytes:
                    break
                found.append(Waiting(*row))
            return found

        return self._file.read(work)

    def acknowledge(self, digests: Sequence[str]) -> None:
        """The collector has these: let them go. Raises SpoolFull; then they stay, and are known when they come again."""
        if digests:
            self._file.write(
                lambda db: db.executemany("DELETE FROM report WHERE digest = ?", [(digest,) for digest in digests])
            )

    def refuse(self, digest: str, reason: str) -> None:
        """The collector will never take this one: let it go, and declare the gap. Raises SpoolFull."""
        find = "SELECT id FROM report WHERE digest = ?"
        if row := self._file.read(lambda db: db.execute(find, (digest,)).fetchone()):
            self._drop([row[0]], f"refused: {reason}"[:100])

    def bound(self) -> None:
        """Evict what is too old or too much. Raises SpoolFull."""
        limit = self._clock() - self._most_seconds
        find = "SELECT id FROM report WHERE taken_at < ? ORDER BY id LIMIT ?"
        if old := self._file.read(lambda db: db.execute(find, (limit, MOST_TOO_OLD)).fetchall()):
            self._drop([row[0] for row in old], "too old")
        if (excess := self.size().bytes - self._most_bytes) > 0:
            self._evict(excess, "spool full")

    def _evict(self, excess: int, reason: str) -> None:
        """Let go of the oldest reports of the shortest cadence, together at least `excess` bytes."""
        find = "SELECT id, length(envelope) FROM report ORDER BY every, id"
        gone = []
        for number, size in self._file.read(lambda db: db.execute(find).fetchall()):
            if excess <= 0:
                break
            gone.append(number)
            excess -= size
        self._drop(gone, reason)

    def begin_again(self, stream: str) -> None:
        """Begin a new stream, if `stream` is still the one that grows: somebody else has used its places. Raises SpoolFull.

        So it is after a snapshot of the machine was restored, or when the machine was cloned with its key.
        """

        def work(db: sqlite3.Connection) -> None:
            fresh = (new_stream(), stream)
            if db.execute("UPDATE chain SET stream = ?, sequence = 0, digest = '' WHERE stream = ?", fresh).rowcount:
                db.execute("DELETE FROM gap")
                log.warning("event=new_stream after=%s", stream)

        self._file.write(work)

    def _drop(self, numbers: Sequence[int], reason: str) -> None:
        """Delete the reports with these ids and note the gaps; what they declared is declared again.

        A stream that was given up is left as it is: nothing more will ever be said of it.
        """

        def work(db: sqlite3.Connection) -> None:
            lost = []
            current = db.execute("SELECT stream FROM chain").fetchone()[0]
            for number in numbers:
                row = db.execute(
                    "DELETE FROM report WHERE id = ? RETURNING stream, sequence, gaps", (number,)
                ).fetchone()
                if row and row[0] == current:
                    lost += [Gap(row[1], row[1], reason), *msgspec.json.decode(row[2], type=list[Gap])]
            noted = [Gap(*row) for row in db.execute("DELETE FROM gap RETURNING first, last, reason").fetchall()]
            rows = [(gap.first, gap.last, gap.reason) for gap in _merged([*noted, *lost])]
            db.executemany("INSERT INTO gap VALUES (?, ?, ?)", rows)

        self._file.write(work)
        log.warning("event=spool_evicted reports=%d reason=%r", len(numbers), reason)

    def size(self) -> Size:
        """How full it is."""
        count = "SELECT count(*), coalesce(sum(length(envelope)), 0), coalesce(min(taken_at), 0) FROM report"

        def work(db: sqlite3.Connection) -> Size:
            reports, total, oldest = db.execute(count).fetchone()
            return Size(reports, total, oldest, db.execute("SELECT count(*) FROM gap").fetchone()[0])

        return self._file.read(work)

    def chain(self) -> tuple[str, int]:
        """Stream, and the last sequence given."""
        stream, sequence = self._file.read(lambda db: db.execute("SELECT stream, sequence FROM chain").fetchone())
        return stream, sequence


def _to_declare(db: sqlite3.Connection) -> tuple[Gap, ...]:
    """What the next report declares: nothing while a declaring one still waits, so that what is lost meanwhile can merge."""
    if db.execute("SELECT 1 FROM report WHERE gaps != ? LIMIT 1", (b"[]",)).fetchone():
        return ()
    rows = db.execute("SELECT first, last, reason FROM gap ORDER BY first LIMIT ?", (MOST_GAPS,))
    return tuple(Gap(*row) for row in rows.fetchall())


def _merged(gaps: Iterable[Gap]) -> list[Gap]:
    """`gaps` in order, neighbours that were lost for the same reason as one: months without a network are few rows."""
    merged: list[Gap] = []
    for gap in sorted(gaps, key=lambda one: one.first):
        if merged and gap.first == merged[-1].last + 1 and gap.reason == merged[-1].reason:
            merged[-1] = Gap(merged[-1].first, gap.last, gap.reason)
        else:
            merged.append(gap)
    return merged
