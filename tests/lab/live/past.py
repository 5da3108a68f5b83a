"""Give a host of the laboratory a past: the samples its agent would have gathered, written with the agent's own history.

usage: past.py steady|filling     (steady: a third of a percent a month; filling: all of it came in the last month)
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.history import History
from agent.hosts.local import LocalHost
from agent.hosts.remembering import series
from agent.settings import Settings
from agent.survey import Survey
from checks.catalogue import catalogue
from checks.facts.document_store import DocumentStore
from checks.facts.filesystems import Filesystems
from checks.facts.interfaces import Interfaces
from checks.facts.log_volume import LogVolume
from checks.facts.postgres_databases import PgDatabases

DAY = 86400.0  # seconds
GROWING = {DocumentStore, Filesystems, Interfaces, LogVolume, PgDatabases}  # other memories hold no quantity
POINTS = 60  # of a quantity that is sampled for weeks
LINE = {"steady": 1e6, "filling": 9.6e9}  # bit/s


def main(how: str) -> None:
    """Sample now, and write what came before as `how` says."""
    now = datetime.now(UTC)
    wanted = {kind: found for kind, found in series(catalogue().facts.values()).items() if kind in GROWING}
    snapshot = Survey(LocalHost()).take(wanted)
    settings = Settings()
    Path(settings.state).mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:  # a sync to disk after every sample takes its time
        made = Path(folder) / "history.db"
        history = History(made, settings.history_days)
        for kind, fact in snapshot.facts.items():
            for source in wanted[kind]:
                counted = kind is Interfaces
                days = 1.05 if counted else min(source.days, 30.0)
                step = source.step if counted else max(source.step, days * DAY / POINTS)
                for number in range(int(days * DAY / step), -1, -1):
                    ago = number * step
                    past = {name: _then(value, ago, how, counted) for name, value in source.sample(fact).items()}
                    history.remember(source, past, now - timedelta(seconds=ago))
        shutil.copy(made, settings.path("history.db"))
    settings.path("history.db").chmod(0o600)


def _then(value: float, ago: float, how: str, counted: bool) -> float:
    if counted:  # bytes that went over the line since the day before
        return LINE[how] / 8 * (1.1 * DAY - ago)
    return value * (1 - ago / DAY / (9000 if how == "steady" else 31))


if __name__ == "__main__":
    main(sys.argv[1])
