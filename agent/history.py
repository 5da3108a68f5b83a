"""The agent's own memory of this host: when each verdict changed, and hourly values for trends.

Laws:
- History serves people and trends; it never blocks a survey. A damaged or unwritable file is set aside and reported.
- One row per change, one value per check, subject and hour; older than `days` is forgotten.
- It knows what is wrong with this host, so it is its owner's alone.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from agent.private import prepare
from agent.problem import Problem
from checks.text import Text, Words
from checks.verdict import Result

log = logging.getLogger(__name__)

LONGEST = 300  # characters of what was measured that are kept
SCHEMA = """
CREATE TABLE IF NOT EXISTS change (at REAL NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL, status TEXT NOT NULL,
  measured TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS change_of ON change (code, subject, at);
CREATE TABLE IF NOT EXISTS value (hour INTEGER NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (code, subject, hour)) WITHOUT ROWID;
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

    def record(self, results: Iterable[Result], at: datetime) -> None:
        """Note what changed since the last results, and this hour's values. Never raises for the file's sake."""
        with self._lock:
            try:
                prepare(self._path)
                self._record(list(results), at.timestamp())
            except sqlite3.DatabaseError as error:
                if "malformed" in str(error) or "not a database" in str(error):
                    self._path.rename(self._path.with_name(f"{self._path.name}.damaged-{int(at.timestamp())}"))
                log.error("event=history_not_written file=%s error=%r", self._path, str(error))
            except OSError as error:
                log.error("event=history_not_written file=%s error=%r", self._path, str(error))

    def _record(self, results: list[Result], at: float) -> None:
        with closing(sqlite3.connect(self._path, timeout=5)) as db, db:
            db.executescript(SCHEMA)
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
            oldest = at - self._days * 86400
            db.execute("DELETE FROM value WHERE hour < ?", (int(oldest // 3600),))
            db.execute(
                "DELETE FROM change WHERE at < ? AND rowid NOT IN (SELECT max(rowid) FROM change GROUP BY code, subject)",
                (oldest,),
            )

    def changes(self, code: str = "", most: int = 100) -> list[Change]:
        """The latest changes, of one check or of all, newest first. Raises NoHistory, OSError, sqlite3.Error."""
        if not self._path.exists():
            raise NoHistory(
                Text(
                    f"{self._path} tidak ada: daemon belum pernah memeriksa server ini; jalankan `pantau-agent run`",
                    f"{self._path} does not exist: nothing was surveyed by the daemon yet; start `pantau-agent run`",
                )
            )
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as db:
            rows = db.execute(
                "SELECT at, code, subject, status, measured FROM change WHERE ? IN ('', code) ORDER BY at DESC, rowid DESC LIMIT ?",
                (code, most),
            ).fetchall()
        return [
            Change(datetime.fromtimestamp(at, UTC), code, subject, status, _said(measured))
            for at, code, subject, status, measured in rows
        ]


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
