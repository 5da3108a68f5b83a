"""When the kernel last killed a process for want of memory: its counter has no date, its log has."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from checks.fact import After, Fact, Missing, reads
from checks.facts.memory import OomKills, oom_kills
from checks.source import Command, File, Source
from checks.text import Text

KILLED = re.compile(
    r"^(\d+(?:\.\d+)?) .*(?:Out of memory: Kill|Memory cgroup out of memory: Kill|oom-kill:)", re.MULTILINE
)
LOG = Command(
    ("journalctl", "--dmesg", "--boot", "--output=short-unix", "--reverse", "--lines=1", "--quiet",
     "--grep=Out of memory: Kill|Memory cgroup out of memory: Kill|oom-kill:"),
    ok=(0, 1), timeout=20.0, heavy=True,
)  # fmt: skip


class OomHistory(Fact, frozen=True):
    """Kills since boot, and when the last of them was, if the kernel log still says so. Absent: never on Linux."""

    since_boot: int
    last: datetime | None = None


def _log(kills: OomKills) -> Source[str]:
    """Only a host that has killed something pays for a look at the log."""
    return LOG if kills.since_boot else File("/proc/vmstat")


@reads(File("/proc/vmstat"), After(OomKills, f"{LOG.describe()}, if something was killed", _log), root=True)
def dated(vmstat: str, log: str) -> OomHistory:
    count = oom_kills(vmstat).since_boot
    found = KILLED.search(log) if count else None
    return OomHistory(count, _time(found[1]) if found else None)


@reads(File("/proc/vmstat"))
def undated(vmstat: str) -> OomHistory:
    return OomHistory(oom_kills(vmstat).since_boot)


def _time(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Missing(
            Text(
                f"journalctl menampilkan waktu yang tidak masuk akal: {seconds[:40]}",
                f"journalctl printed a time that makes no sense: {seconds[:40]}",
            )
        ) from error
