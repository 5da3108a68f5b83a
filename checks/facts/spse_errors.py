"""How many errors SPSE logs, by day. Of a line its time and its level are read, never what it says.

Laws:
- Lines without a date count for no day: a log that has none is Missing, never a log without errors.
"""

from __future__ import annotations

import posixpath
import re
from datetime import datetime

from checks.fact import Absent, After, Fact, Missing, reads
from checks.facts.failed_logins import CLOCK
from checks.facts.log_rates import DAYS, Rate, clock, rate
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_process import plain
from checks.source import Command, FileStat, Stat
from checks.text import Text

MOST = 40
WEEK = (DAYS + 1) * 86400.0
LEVEL = "(?:ERROR|FATAL|SEVERE)"
DATE = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d"
# For grep: the time of a line of that level, which stands before or behind it.
PATTERN = rf"^\W{{0,2}}(?:{LEVEL}\W{{1,4}}\K{DATE}|\K{DATE}(?=[^\n]{{0,60}}?\b{LEVEL}\b))"
DATED = re.compile(rf"^.{{0,12}}?({DATE})", re.MULTILINE)
NAME = re.compile(r"/[\w./@+-]+")


class SpseLogs(Fact, frozen=True):
    """Logs of SPSE that were written in the last eight days before the newest: at most 40, the newest first.

    Absent: SPSE is not here, or has no log in webapp/logs or logs.
    """

    paths: tuple[str, ...]


class SpseErrors(Fact, frozen=True):
    """Lines of level ERROR, FATAL or SEVERE of all SPSE installations here. Absent: as SpseLogs."""

    rate: Rate


def _folders(spse: SpseInstances) -> Stat:
    folders = dict.fromkeys(
        plain(folder) for one in spse.instances for folder in (f"{one.app}/logs", f"{one.home}/logs")
    )
    return Stat(("/", *(f"{folder}/*.log*" for folder in folders if folder)))


@reads(After(SpseInstances, "stat {app}/logs/*.log*", _folders), root=True)
def spse_logs(seen: tuple[FileStat, ...]) -> SpseLogs:
    files = [one for one in seen if one.kind == "file" and one.size and NAME.fullmatch(one.path)]
    files = [one for one in files if not one.path.endswith((".gz", ".zip", ".bz2", ".xz", ".zst"))]
    if not files:
        raise Absent(Text("SPSE tidak mempunyai log di folder logs", "SPSE has no log in its folder logs"))
    files.sort(key=lambda one: (-one.modified, one.path))
    return SpseLogs(tuple(one.path for one in files if files[0].modified - one.modified < WEEK)[:MOST])


def _errors(logs: SpseLogs) -> Command:
    return Command(
        ("grep", "-ahoP", PATTERN, "--", *logs.paths), ok=(0, 1), timeout=60.0, max_bytes=32 << 20, heavy=True
    )


def _ends(logs: SpseLogs) -> Command:
    """The last lines of the newest log of each folder."""
    newest = {posixpath.dirname(path): path for path in reversed(logs.paths)}
    return Command(("tail", "-q", "-n", "50", "--", *newest.values()), max_bytes=8 << 20)


def _beginning(logs: SpseLogs) -> Command:
    return Command(("head", "-q", "-n", "20", "--", *logs.paths), max_bytes=8 << 20)


@reads(
    After(SpseLogs, "command grep (times of errors) {logs}", _errors),
    After(SpseLogs, "command tail {newest log}", _ends),
    After(SpseLogs, "command head {logs}", _beginning),
    CLOCK,
    root=True,
)
def spse_errors(errors: str, ends: str, beginnings: str, date: str) -> SpseErrors:
    now = clock(date)
    if not DATED.search(ends):
        raise Missing(
            Text(
                "baris log SPSE tidak memuat tanggal (yyyy-MM-dd HH:mm): ubah pola %d pada konfigurasi log4j",
                "the lines of SPSE's log carry no date (yyyy-MM-dd HH:mm): change the pattern %d in the log4j configuration",
            )
        )
    dated = [_time(stamp) for stamp in DATED.findall(beginnings)] + [_time(stamp) for stamp in DATED.findall(ends)]
    times = [_time(line) for line in errors.splitlines()]
    return SpseErrors(rate(times, min((*dated, *times)), now))


def _time(stamp: str) -> datetime:
    try:
        return datetime.fromisoformat(stamp)
    except ValueError as error:
        raise Missing(Text("log SPSE memuat tanggal yang mustahil", "SPSE's log has an impossible date")) from error
