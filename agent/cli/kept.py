"""What this agent keeps until the collector has it, for commands that only look: the spool of a server, or a prober's together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from agent import instances
from agent.cli.common import open_spool
from agent.identity import load
from agent.settings import Settings
from agent.spool import Spool
from agent.spools import INSTANCES, Spools
from checks.text import Text


@dataclass(frozen=True)
class Kept:
    """`spool` is to be closed; `written`: when it last changed; `what` it is: a word and its value, to be shown."""

    spool: Spool | Spools
    written: datetime
    what: tuple[Text, str]


def kept(settings: Settings) -> Kept | None:
    """None if nothing was ever kept. Raises NotEnrolled (of a prober), sqlite3.Error, SpoolDamaged."""
    if settings.prober is not None:
        return _of_prober(settings)
    path = settings.path("spool.db")
    if not path.exists():
        return None
    spool = open_spool(settings)
    stream, sequence = spool.chain()
    return Kept(spool, _changed(path.stat().st_mtime), (Text("rantai", "chain"), f"{stream} #{sequence}"))


def _of_prober(settings: Settings) -> Kept | None:
    listed = [one.id for one in instances.current(settings, load(settings).collector_key)]
    spools = Spools(
        settings.path(INSTANCES), most_bytes=settings.spool_bytes, most_days=settings.spool_days, repair=False
    )
    there = [path for path in map(spools.path, listed) if path.exists()]
    if not there:
        return None
    spools.keep(listed)
    written = max(path.stat().st_mtime for path in there)
    return Kept(spools, _changed(written), (Text("instans", "instances"), str(len(listed))))


def _changed(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
