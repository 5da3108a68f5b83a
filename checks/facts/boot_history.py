"""The last starts of this system, and whether a shutdown was recorded before each."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.failed_logins import CLOCK
from checks.facts.login_sessions import with_zone
from checks.facts.processes import PROCESSES, ProcessTable
from checks.source import Command, File
from checks.text import Text

MOST = 10


class Start(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One start of the system. `clean`: a shutdown was recorded before it; None: nobody knows."""

    at: datetime
    clean: bool | None = None


class BootHistory(Fact, frozen=True):
    """The last starts, newest first, at most 10. Never absent.

    `began`: when process 1 did, where it can be seen. In a container that is its own start, long after the kernel's.
    """

    starts: tuple[Start, ...]
    began: datetime | None = None


@reads(Command(("last", "-x", "--time-format=iso", "-n", "50", "reboot", "shutdown")), PROCESSES)
def recorded(printed: str, table: ProcessTable) -> BootHistory:
    return _recorded(printed, table)


@reads(Command(("last", "-x", "-F", "-n", "50", "reboot", "shutdown")), CLOCK, PROCESSES)
def recorded_on_el_7(printed: str, clock: str, table: ProcessTable) -> BootHistory:
    """Where `last` knows no other form of the time than that of people."""
    return _recorded(with_zone(printed, clock), table)


def _recorded(printed: str, table: ProcessTable) -> BootHistory:
    records: list[tuple[str, datetime]] = []
    for line in printed.splitlines():
        words = line.split()
        if len(words) < 4 or words[0] not in {"reboot", "shutdown"} or words[1] != "system":
            continue
        times = [time for word in words[3:] if (time := _time(word)) is not None]
        if not times:
            raise Missing(
                Text(
                    f"last menampilkan baris tanpa waktu: {line[:80]!r}",
                    f"last printed a line without a time: {line[:80]!r}",
                )
            )
        records.append((words[0], times[0]))
    starts = []
    for number, (kind, at) in enumerate(records):
        if kind == "reboot":
            before = records[number + 1][0] if number + 1 < len(records) else None
            starts.append(Start(at, None if before is None else before == "shutdown"))
    if not starts:
        raise Missing(Text("wtmp tidak mencatat satu pun boot sistem ini", "wtmp records no start of this system"))
    return BootHistory(tuple(starts[:MOST]), _began(table))


@reads(File("/proc/stat", max_bytes=8 << 20), PROCESSES)
def counted(text: str, table: ProcessTable) -> BootHistory:
    began = _began(table)
    for line in text.splitlines():
        name, _, seconds = line.partition(" ")
        if name == "btime" and seconds.isdecimal() and len(seconds) < 12:
            boot = datetime.fromtimestamp(int(seconds), UTC)
            return BootHistory((Start(max(boot, began or boot)),), began)
    raise Missing(Text("/proc/stat tidak memiliki baris btime", "/proc/stat has no line btime"))


def _began(table: ProcessTable) -> datetime | None:
    first = next((one.started for one in table.processes if one.pid == 1), 0.0)
    return datetime.fromtimestamp(round(first), UTC) if 0 < first < 1e11 else None


def _time(word: str) -> datetime | None:
    if len(word) < 19 or "T" not in word:
        return None
    try:
        time = datetime.fromisoformat(word)
    except ValueError:
        return None
    return time if time.tzinfo else None
