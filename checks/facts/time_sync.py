"""How the clock of this host is kept right."""

from __future__ import annotations

import re

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.processes import PROCESSES, ProcessTable
from checks.source import Command
from checks.text import Text

DAEMONS = {
    "chronyd": "chronyd",
    "ntpd": "ntpd",
    "systemd-timesyn": "systemd-timesyncd",
    "systemd-timesyncd": "systemd-timesyncd",
}
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
LOCAL_CLOCK = ("7F7F0101", "7F7F0100")  # chrony's "local" and ntpd's 127.127.1.x: the host's own clock


class TimeDaemons(Fact, frozen=True):
    """The time daemons that run: chronyd, ntpd, systemd-timesyncd. Absent: none does."""

    running: tuple[str, ...]


class TimeSync(Fact, frozen=True):
    """What the time daemon says: its last offset in seconds and the stratum of the source it follows (None while it
    follows none), how many sources it has and how many of them answer and are believed. Absent: no time daemon runs.
    """

    daemon: str
    offset: float | None
    stratum: int | None
    sources: int
    reachable: int


@reads(PROCESSES)
def time_daemons(table: ProcessTable) -> TimeDaemons:
    if not table.processes:
        raise Missing(Text("tabel proses kosong", "the process table is empty"))
    running = {DAEMONS[process.name] for process in table.processes if process.name in DAEMONS}
    if not running:
        raise Absent(
            Text(
                "tidak ada layanan waktu yang berjalan (chronyd, ntpd, systemd-timesyncd)",
                "no time daemon runs (chronyd, ntpd, systemd-timesyncd)",
            )
        )
    return TimeDaemons(tuple(sorted(running)))


@reads(Command(("chronyc", "-n", "-c", "tracking")), Command(("chronyc", "-n", "-c", "sources")), given=TimeDaemons)
def chrony(tracking: str, sources: str) -> TimeSync:
    """Columns of chronyc -c as chronyc(1) lists them; reachability is octal."""
    said = tracking.strip().split(",")
    rows = [line.split(",") for line in sources.splitlines()]
    if len(said) < 14 or any(len(row) < 10 for row in rows):
        raise Missing(Text("jawaban chronyc tidak dikenali", "chronyc answered in an unknown form"))
    followed = said[13] != "Not synchronised" and said[0] not in ("", "00000000", *LOCAL_CLOCK)
    believed = [row for row in rows if int(_number(row[5], r"[0-7]+"), 8) and row[1] != "x"]
    selected = [int(_number(row[3], r"\d+")) for row in rows if row[1] == "*"]
    offset = float(_number(said[4], r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?"))
    return TimeSync(
        "chronyd",
        round(offset, 6) if followed else None,
        selected[0] if followed and selected else None,
        len(rows),
        len(believed),
    )


@reads(Command(("ntpq", "-p", "-n")), given=TimeDaemons)
def ntp(peers: str) -> TimeSync:
    """Columns: remote, refid, st, t, when, poll, reach (octal), delay, offset, jitter (milliseconds)."""
    head, _, table = peers.partition("===\n")
    if "refid" not in head or not table.strip():
        raise Missing(Text("ntpq tidak menampilkan sumber waktu", "ntpq lists no sources"))
    rows = []
    for line in table.splitlines():
        words = line[1:].split()
        if len(words) < 10:
            raise Missing(
                Text(f"keluaran ntpq tidak dapat dibaca: {line[:60]!r}", f"ntpq cannot be read: {line[:60]!r}")
            )
        if words[1] not in (".POOL.", ".LOCL.") and not words[0].startswith("127.127.1."):
            rows.append((line[0], words))
    chosen = [words for mark, words in rows if mark in "*o"]
    return TimeSync(
        "ntpd",
        round(float(_number(chosen[0][8], r"[+-]?\d+(?:\.\d+)?")) / 1000, 6) if chosen else None,
        int(_number(chosen[0][2], r"\d+")) if chosen else None,
        len(rows),
        sum(bool(int(_number(words[6], r"[0-7]+"), 8)) and mark != "x" for mark, words in rows),
    )


@reads(Command(("timedatectl", "timesync-status", "--no-pager")), given=TimeDaemons)
def timesyncd(status: str) -> TimeSync:
    """systemd-timesyncd follows one server at a time and does not compare it with others."""
    fields = dict(re.findall(r"^\s*([A-Z][\w ]*): (.*)$", status, re.MULTILINE))
    if "Server" not in fields:
        raise Missing(Text("timedatectl tidak menyebut server", "timedatectl names no server"))
    if "Packet count" not in fields:
        raise Missing(
            Text("timedatectl tidak menyebut jumlah jawaban", "timedatectl does not say how many answers came")
        )
    answered = fields["Packet count"] != "0" and "Offset" in fields and not fields["Server"].startswith("(null)")
    return TimeSync(
        "systemd-timesyncd",
        round(_seconds(fields["Offset"]), 6) if answered else None,
        int(_number(fields.get("Stratum", ""), r"\d+")) if answered else None,
        1,
        int(answered),
    )


def _number(text: str, pattern: str) -> str:
    if not re.fullmatch(pattern, text) or len(text) > 30:
        raise Missing(
            Text(
                f"layanan waktu menyebut {text[:30]!r}, bukan angka",
                f"the time daemon said {text[:30]!r} instead of a number",
            )
        )
    return text


def _seconds(said: str) -> float:
    """Such as "+1.152ms" or "-1min 2.5s", in seconds."""
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*(us|ms|min|s|h|d)\b", said)
    if not parts or not re.fullmatch(r"[+-]?(?:\d+(?:\.\d+)?\s*(?:us|ms|min|s|h|d)\s*)+", said):
        raise Missing(
            Text(
                f"timedatectl menyebut {said[:30]!r}, bukan waktu", f"timedatectl said {said[:30]!r} instead of a time"
            )
        )
    total = sum(float(number) * UNITS[unit] for number, unit in parts)
    return -total if said.startswith("-") else total
