"""The SQLite file under the spool: its opening, its transactions, and what is done when it is damaged or cannot grow.

Laws:
- Every change is one transaction that is on the disk when it returns, or did not happen.
- A damaged file is set aside, never deleted, and an empty one takes its place; only the daemon (`repair`) does that.
- A full disk is `SpoolFull`, and stops nothing for ever: the file and its rollback journal keep the room they once had, so
  that reports can still leave, and new ones take their pages, when not one more byte can be written. (A write-ahead log
  would have to grow for a deletion too, and could not be folded back into a file that cannot grow.)
"""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from agent.problem import Problem
from checks.text import Text

log = logging.getLogger(__name__)

T = TypeVar("T")

SCHEMA = """
CREATE TABLE IF NOT EXISTS chain (one INTEGER PRIMARY KEY CHECK (one = 1), stream TEXT NOT NULL, sequence INTEGER NOT NULL,
  digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS report (id INTEGER PRIMARY KEY, stream TEXT NOT NULL, sequence INTEGER NOT NULL,
  digest TEXT NOT NULL UNIQUE, taken_at REAL NOT NULL, every INTEGER NOT NULL, gaps BLOB NOT NULL, envelope BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS gap (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, reason TEXT NOT NULL);
"""

JOURNAL = (
    256 << 10
)  # bytes reserved for the rollback journal: some sixty pages, more than sealing or letting go touches
NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}  # primary codes
DAMAGE_EXTENDED = {sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_READONLY_DBMOVED}


def new_stream() -> str:
    """The name of a new chain."""
    return secrets.token_hex(8)


class SpoolFull(Problem):
    """The disk is full, and making room did not help. Nothing was written; everything stands where it was."""


class SpoolDamaged(Problem):
    """The file makes no sense; nothing was done to it."""

    def __init__(self, path: Path, error: sqlite3.Error) -> None:
        super().__init__(
            Text(
                f"{path} rusak: {error}; `pantau-agent run` akan menyisihkannya dan memulai yang baru",
                f"{path} is damaged: {error}; `pantau-agent run` will set it aside and begin a new one",
            )
        )


class SpoolFile:
    """One open file. Safe to use from several threads."""

    def __init__(self, path: Path, clock: Callable[[], float], *, repair: bool) -> None:
        self._path = path
        self._clock = clock
        self._repair = repair
        self._lock = threading.RLock()
        if repair:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._db = self._open()

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns. It must not write."""
        with self._lock:
            try:
                return work(self._db)
            except sqlite3.Error as error:
                self._mend(error)
                return work(self._db)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns, all it wrote being one transaction. `work` may be called twice. Raises SpoolFull."""
        with self._lock:
            try:
                return self._transaction(work)
            except sqlite3.Error as error:
                if _code(error) in NO_ROOM:
                    raise SpoolFull(
                        Text(
                            f"{self._path} tidak dapat ditulis: {error}; kosongkan sebagian ruang disk",
                            f"{self._path}: {error}; free some disk space",
                        )
                    ) from error
                self._mend(error)
                return self._transaction(work)

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()

    def _transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            done = work(self._db)
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        return done

    def _mend(self, error: sqlite3.Error) -> None:
        """Put an empty file in the place of a damaged one. Raises `error` again if it is another one."""
        if not _damaged(error):
            raise error
        if not self._repair:
            raise SpoolDamaged(self._path, error) from error
        self._db.close()
        self._set_aside(error)
        self._db = self._connect()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.Error as error:
            if not _damaged(error):
                raise
            if not self._repair:
                raise SpoolDamaged(self._path, error) from error
            self._set_aside(error)
            return self._connect()

    def _set_aside(self, error: sqlite3.Error) -> None:
        number, aside = int(self._clock()), self._path
        while aside.exists():
            aside = self._path.with_name(f"{self._path.name}.damaged-{number}")
            number += 1
        log.error("event=spool_damaged error=%r set_aside=%s; a new stream begins", str(error), aside)
        for suffix in ("", "-journal"):
            part = Path(f"{self._path}{suffix}")
            if part.exists():
                part.rename(f"{aside}{suffix}")

    def _connect(self) -> sqlite3.Connection:
        os.close(os.open(self._path, os.O_RDWR | (os.O_CREAT if self._repair else 0), 0o600))
        db = sqlite3.connect(self._path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode=PERSIST")
            db.execute("PRAGMA synchronous=FULL")
            if self._repair:
                if (said := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                    raise _Malformed(said)
                db.executescript(SCHEMA)
                db.execute("INSERT OR IGNORE INTO chain VALUES (1, ?, 0, '')", (new_stream(),))
                self._reserve()
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _reserve(self) -> None:
        """Make room for the journal while there is some. Zeros are what SQLite leaves in a journal that is not in use."""
        try:
            descriptor = os.open(f"{self._path}-journal", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, JOURNAL)
            finally:
                os.close(descriptor)
        except OSError as error:
            log.warning("event=spool_journal_not_reserved error=%r", str(error))


class _Malformed(sqlite3.DatabaseError):
    """What `quick_check` found."""


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0)


def _damaged(error: sqlite3.Error) -> bool:
    code = _code(error)
    return isinstance(error, _Malformed) or code & 0xFF in DAMAGE or code in DAMAGE_EXTENDED
