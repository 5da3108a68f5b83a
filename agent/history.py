"""The agent's own memory of this host: when each verdict changed, hourly values, and the samples that trends are made of.

Laws:
- History serves people and trends; it never blocks a survey. A damaged or unwritable file is set aside and reported.
- One row per change, one value per check, subject and hour; older than `days` is forgotten.
- One sample per series, subject and step; at most `MOST_SUBJECTS` subjects of a series, and none older than it is asked for.
- It knows what is wrong with this host, so it is its owner's alone.
"""

from __future__ import annotations

import logging
import math
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from agent.private import prepare
from agent.problem import Problem
from checks.source import History as Remembered
from checks.source import Samples
from checks.text import Text, Words
from checks.verdict import Result

log = logging.getLogger(__name__)

MOST_SUBJECTS = 16  # of one series
DAY = 86400.0  # seconds
LONGEST = 300  # characters of what was measured that are kept
SCHEMA = """
CREATE TABLE IF NOT EXISTS change (at REAL NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL, status TEXT NOT NULL,
  measured TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS change_of ON change (code, subject, at);
CREATE TABLE IF NOT EXISTS value (hour INTEGER NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (code, subject, hour)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sample (series TEXT NOT NULL, subject TEXT NOT NULL, slot INTEGER NOT NULL, at REAL NOT NULL,
  value REAL NOT NULL, PRIMARY KEY (series, subject, slot)) WITHOUT ROWID;
"""


class NoHistory(Problem):
    """The daemon has written no history yet."""


@dataclass(frozen=True)
class Change:
    """A verdict from `at` on."""

    at: datetime
    code: str
    subject: str
    status: str
    measured: Words


class History:
    """The history file of one agent. Opened for each use: it is used once a minute at most. Safe to use from several threads."""

    def __init__(self, path: Path, days: int) -> None:
        self._path = path
        self._days = days
        self._lock = threading.Lock()
        self._slots: dict[str, int] = {}  # the step of each series that was kept last: most surveys have nothing to add

    def record(self, results: Iterable[Result], at: datetime) -> None:
        """Note what changed since the last results, and this hour's values. Never raises for the file's sake."""
        kept = list(results)
        self._write(at, lambda db: _record(db, kept, at.timestamp(), self._days))

    def remember(self, source: Remembered[Any], values: Mapping[str, float], at: datetime) -> None:
        """Keep the value of each subject, if it is the first of its step. Never raises for the file's sake."""
        slot = int(at.timestamp() // source.step)
        if values and self._slots.get(source.series) != slot:
            self._write(at, lambda db: _remember(db, source, values, at.timestamp()))
            self._slots[source.series] = slot

    def samples(self, source: Remembered[Any], now: float) -> tuple[Samples, ...]:
        """What was remembered for `source` until `now` (seconds since the epoch). Raises NoHistory, sqlite3.Error."""
        with closing(self._read()) as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'sample'").fetchone():
                return ()
            rows = db.execute(
                "SELECT subject, at, value FROM sample WHERE series = ? AND at BETWEEN ? AND ? ORDER BY subject, at",
                (source.series, now - source.days * DAY, now),
            ).fetchall()
        return tuple(
            Samples(subject, tuple((at, value) for _, at, value in group))
            for subject, group in groupby(rows, key=lambda row: str(row[0]))
        )

    def _write(self, at: datetime, write: Callable[[sqlite3.Connection], None]) -> None:
        with self._lock:
            try:
                prepare(self._path)
                with closing(sqlite3.connect(self._path, timeout=5)) as db, db:
                    db.executescript(SCHEMA)
                    write(db)
            except sqlite3.DatabaseError as error:
                if "malformed" in str(error) or "not a database" in str(error):
                    self._path.rename(self._path.with_name(f"{self._path.name}.damaged-{int(at.timestamp())}"))
                log.error("event=history_not_written file=%s error=%r", self._path, str(error))
            except OSError as error:
                log.error("event=history_not_written file=%s error=%r", self._path, str(error))

    def changes(self, code: str = "", most: int = 100) -> list[Change]:
        """The latest changes, of one check or of all, newest first. Raises NoHistory, OSError, sqlite3.Error."""
        with closing(self._read()) as db:
            rows = db.execute(
                "SELECT at, code, subject, status, measured FROM change WHERE ? IN ('', code) ORDER BY at DESC, rowid DESC LIMIT ?",
                (code, most),
            ).fetchall()
        return [
            Change(datetime.fromtimestamp(at, UTC), code, subject, status, _said(measured))
            for at, code, subject, status, measured in rows
        ]

    def _read(self) -> sqlite3.Connection:
        if not self._path.exists():
            raise NoHistory(
                Text(
                    f"{self._path} tidak ada: daemon belum pernah memeriksa server ini; jalankan `pantau-agent run`",
                    f"{self._path} does not exist: nothing was surveyed by the daemon yet; start `pantau-agent run`",
                )
            )
        return sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)


def _record(db: sqlite3.Connection, results: list[Result], at: float, days: int) -> None:
    last = {
        (code, subject): status
        for code, subject, status in db.execute(
            "SELECT code, subject, status FROM change WHERE rowid IN (SELECT max(rowid) FROM change GROUP BY code, subject)"
        )
    }
    for one in results:
        if last.get((one.check, one.subject)) != one.status.value:
            db.execute(
                "INSERT INTO change VALUES (?, ?, ?, ?, ?)",
                (at, one.check, one.subject, one.status.value, _kept(one.measured)),
            )
        if one.value is not None:
            db.execute(
                "INSERT OR REPLACE INTO value VALUES (?, ?, ?, ?)",
                (int(at // 3600), one.check, one.subject, one.value),
            )
    oldest = at - days * 86400
    db.execute("DELETE FROM value WHERE hour < ?", (int(oldest // 3600),))
    db.execute(
        "DELETE FROM change WHERE at < ? AND rowid NOT IN (SELECT max(rowid) FROM change GROUP BY code, subject)",
        (oldest,),
    )


def _remember(db: sqlite3.Connection, source: Remembered[Any], values: Mapping[str, float], at: float) -> None:
    known = {
        subject for (subject,) in db.execute("SELECT DISTINCT subject FROM sample WHERE series = ?", (source.series,))
    }
    room = max(0, MOST_SUBJECTS - len(known))
    kept = known | set(sorted(set(values) - known)[:room])
    slot, oldest = int(at // source.step), int((at - source.days * DAY) // source.step)
    rows = [
        (source.series, subject, slot, at, float(value))
        for subject, value in values.items()
        if subject in kept and math.isfinite(value)
    ]
    if db.executemany("INSERT OR IGNORE INTO sample VALUES (?, ?, ?, ?, ?)", rows).rowcount > 0:
        db.execute("DELETE FROM sample WHERE series = ? AND slot < ?", (source.series, oldest))


def _kept(measured: Words) -> str:
    """`measured` as JSON, in both languages where they differ."""
    if isinstance(measured, str):
        return msgspec.json.encode(measured[:LONGEST]).decode()
    return msgspec.json.encode(Text(measured.id[:LONGEST], measured.en[:LONGEST])).decode()


def _said(kept: str) -> Words:
    """The words that were kept. A row of a file that was written before both languages were kept is what it is."""
    try:
        said: Words = msgspec.json.decode(kept, type=Words)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return kept
    return said
