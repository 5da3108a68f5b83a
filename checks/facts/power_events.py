"""When power failed, as the UPS's own software noted it: apcupsd's log of events, or upsmon in the journal."""

from __future__ import annotations

import re
from datetime import datetime

from checks.fact import Fact, Missing, reads
from checks.facts.ups import UpsNames
from checks.source import Command, File, FileStat, Stat
from checks.text import Text

DAYS = 30
MOST = 50
EVENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4})  ?(.+)")
ENTRY = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d) \S+ (?:upsmon|nut-monitor)\[\d+\]: (.+)")
ON_BATTERY = re.compile(r"UPS \S+ on battery")
# "/" is always there: that no journal survives a restart is said by the parser, and is no sign that there is no UPS.
KEPT = Stat(("/", "/var/log/journal/*/system*.journal"))
UPSMON = Command((
    "journalctl", "--system", "--no-pager", "--output=short-iso", f"--since=-{DAYS}d", "--lines=5000",
    "SYSLOG_IDENTIFIER=upsmon", "SYSLOG_IDENTIFIER=nut-monitor",
))  # fmt: skip


class PowerEvents(Fact, frozen=True):
    """When the UPS went on battery, newest first, at most 50 of the last 30 days and before. Absent: no UPS is watched."""

    failures: tuple[datetime, ...]


@reads(
    File("/var/log/apcupsd.events", max_bytes=4 << 20),
    absent=Text("apcupsd tidak mencatat apa pun di sini", "apcupsd has logged nothing here"),
)
def apcupsd(text: str) -> PowerEvents:
    events = [match for line in text.splitlines() if (match := EVENT.fullmatch(line.strip()))]
    if not events:
        raise Missing(Text("/var/log/apcupsd.events tidak memuat peristiwa", "/var/log/apcupsd.events holds no event"))
    return _events([_time(match[1]) for match in events if match[2].startswith("Power failure")])


@reads(KEPT, UPSMON, root=True, given=UpsNames)
def upsmon(journals: tuple[FileStat, ...], printed: str) -> PowerEvents:
    if not any(journal.kind == "file" and journal.size for journal in journals):
        raise Missing(
            Text(
                "jurnal tidak disimpan melewati boot (/var/log/journal)",
                "no journal is kept over restarts (/var/log/journal)",
            )
        )
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    if not lines or not all(line.startswith("-- ") or re.match(r"\d{4}-\d\d-\d\dT", line) for line in lines):
        raise Missing(Text("journalctl tidak menampilkan jurnal", "journalctl did not print a journal"))
    entries = [match for line in lines if (match := ENTRY.fullmatch(line))]
    return _events([_time(match[1]) for match in entries if ON_BATTERY.fullmatch(match[2])])


def _events(times: list[datetime]) -> PowerEvents:
    return PowerEvents(tuple(sorted(times, reverse=True)[:MOST]))


def _time(said: str) -> datetime:
    try:
        return datetime.fromisoformat(said)
    except ValueError as error:
        raise Missing(Text(f"waktu {said} tidak masuk akal", f"the time {said} makes no sense")) from error
