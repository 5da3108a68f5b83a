"""Hours of which the system log says nothing: the times of its latest lines, never what they say.

Laws:
- What lies before this system was started, or between two boots, is no gap: nothing ran that could have written.
- A log that was cut at its beginning has a gap there: up to where its rotated part ends, or where it should begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.failed_logins import CLOCK, JOURNALS
from checks.facts.file_dates import newest
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.visible_processes import all_of
from checks.source import Command, FileStat, Stat
from checks.text import Text

LINES = 20_000  # at most; on a busy server they reach back less than the day
HOURS = 25  # the journalctl below says the same
SHORTEST = 1800.0  # seconds; a shorter silence is not told
MOST = 10
ENTRY = re.compile(r"(\d{9,11})\.\d{1,9} ")
BOOT = re.compile(r"-- (?:Re)?[Bb]oot\b.*--")
STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2}\s+\d{1,2} \d\d:\d\d:\d\d) ")
KERNEL = re.compile(r"kernel: (?:\[ *0\.0+\] )?Linux version ")


class Gap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time without a line: after the line at `start`, before the one at `end`."""

    start: datetime
    end: datetime


class LogGaps(Fact, frozen=True):
    """The latest lines of `log` (the journal, or a file): from `first` to `last`, with the longest ten of `total` gaps
    of half an hour and more. `up_since`: when process 1 was started. Never absent.

    `before`: the last line of which is known that it stood before `first` (the end of the rotated file), or from when on
    lines were asked for; None where `lines` is all that was asked for.
    """

    log: str
    lines: int
    first: datetime
    last: datetime
    up_since: datetime
    before: datetime | None = None
    total: int = 0
    gaps: tuple[Gap, ...] = ()


@reads(
    JOURNALS,
    Command(
        ("journalctl", "--system", "--no-pager", "--no-hostname", "--output=short-unix", "--since=-25h", "--lines=20000"),
        timeout=30.0, max_bytes=32 << 20, heavy=True,
    ),
    CLOCK,
    PROCESSES,
    root=True,
)  # fmt: skip
def of_journal(journals: tuple[FileStat, ...], printed: str, clock: str, table: ProcessTable) -> LogGaps:
    if not any(journal.kind == "file" and journal.size for journal in journals):
        raise Missing(Text("tidak ada jurnal sistem di sini", "no system journal is kept here"))
    times: list[float | None] = []
    for line in printed.splitlines():
        if match := ENTRY.match(line):
            times.append(float(match[1]))
        elif BOOT.fullmatch(line):
            times.append(None)
    lines = sum(time is not None for time in times)
    asked = _now(clock) - timedelta(hours=HOURS) if lines < LINES else None
    return _gaps("journal", times, table, asked)


def _of_file(path: str, printed: str, clock: str, table: ProcessTable, rotated: tuple[FileStat, ...]) -> LogGaps:
    now = _now(clock)
    times: list[float | None] = []
    for line in printed.splitlines():
        if KERNEL.search(line):
            times.append(None)
        if (match := STAMP.match(line)) and (at := time_of(match[1], now)) is not None:
            times.append(at.timestamp())
    files = [one for one in rotated if one.kind == "file" and one.size > 0]
    return _gaps(path, times, table, newest(files) if len(times) < LINES else None)


@reads(
    Command(("tail", "-n", "20000", "/var/log/syslog"), max_bytes=32 << 20, heavy=True),
    CLOCK, PROCESSES, Stat(("/", "/var/log/syslog.1", "/var/log/syslog-*")), root=True,
)  # fmt: skip
def of_syslog(printed: str, clock: str, table: ProcessTable, rotated: tuple[FileStat, ...]) -> LogGaps:
    return _of_file("/var/log/syslog", printed, clock, table, rotated)


@reads(
    Command(("tail", "-n", "20000", "/var/log/messages"), max_bytes=32 << 20, heavy=True),
    CLOCK, PROCESSES, Stat(("/", "/var/log/messages.1", "/var/log/messages-*")), root=True,
)  # fmt: skip
def of_messages(printed: str, clock: str, table: ProcessTable, rotated: tuple[FileStat, ...]) -> LogGaps:
    return _of_file("/var/log/messages", printed, clock, table, rotated)


def time_of(stamp: str, now: datetime) -> datetime | None:
    """The time of a syslog stamp, by the clock and zone of `now`; the classic form has neither year nor zone."""
    try:
        if stamp[0].isdigit():
            when = datetime.fromisoformat(stamp)
            return when if when.tzinfo else when.replace(tzinfo=now.tzinfo)
        when = datetime.strptime(f"{now.year} {stamp}", "%Y %b %d %H:%M:%S").replace(tzinfo=now.tzinfo)
        return when.replace(year=now.year - 1) if when > now + timedelta(days=1) else when
    except ValueError:
        return None


def _now(clock: str) -> datetime:
    try:
        now = datetime.fromisoformat(clock.strip())
    except ValueError as error:
        raise Missing(Text("date tidak menampilkan waktu", "date did not print the time")) from error
    if now.tzinfo is None:
        raise Missing(Text("date tidak menampilkan zona waktu", "date did not print the time zone"))
    return now


def _gaps(log: str, times: list[float | None], table: ProcessTable, before: datetime | None) -> LogGaps:
    known = [time for time in times if time is not None]
    if len(known) < 2:
        raise Missing(Text(f"{log}: tidak ada baris bertanggal", f"{log}: it has no lines with a time"))
    up_since = next(one.started for one in all_of(table) if one.pid == 1)
    silences = sorted(_silences(times), key=lambda one: one[0] - one[1])
    return LogGaps(
        log,
        len(known),
        _at(min(known)),
        _at(max(known)),
        _at(round(up_since)),
        before.astimezone(UTC).replace(microsecond=0) if before else None,
        len(silences),
        tuple(Gap(_at(start), _at(end)) for start, end in silences[:MOST]),
    )


def _silences(times: Iterable[float | None]) -> Iterator[tuple[float, float]]:
    last: float | None = None
    for time in times:
        if time is None:  # a boot
            last = None
            continue
        if last is not None and time - last >= SHORTEST:
            yield last, time
        last = time if last is None else max(last, time)


def _at(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Missing(Text("log menyebut waktu yang mustahil", "the log names an impossible time")) from error
