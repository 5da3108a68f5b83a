"""What sysstat recorded of this host: the room of file systems, the traffic of interfaces. Read from its archives by `sadf`.

Laws:
- Only archives of the days that are asked for are read. One that `sadf` cannot read (another version wrote it) is passed over.
- Archives that ended days ago say nothing of today, and records that bear a time to come say nothing at all.
- Nobody switches sysstat on for this product: where it is not installed, what it would tell is absent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from checks.fact import Absent, After, Fact, Missing, reads
from checks.source import Command, FileStat, Stat
from checks.text import Text

FOLDERS = ("/var/log/sysstat", "/var/log/sa")  # Debian and Ubuntu; EL and SUSE
HOUR, DAY = 3600.0, 86400.0
RECENT = 2 * DAY  # seconds that the newest record may be old
ROW = re.compile(r"[^;]*;(-?\d{1,9});(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC;([^;]{1,200});(.*)", re.ASCII)
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)
MEBIBYTE, KIBIBIT = 1 << 20, 8192


class SysstatArchives(Fact, frozen=True):
    """The folders in which sysstat keeps its daily archives. Absent: it is not installed."""

    folders: tuple[str, ...]


@reads(
    Stat(FOLDERS),
    absent=Text(f"sysstat tidak terpasang ({', '.join(FOLDERS)})", f"sysstat is not installed ({', '.join(FOLDERS)})"),
)
def sysstat_archives(found: tuple[FileStat, ...]) -> SysstatArchives:
    folders = tuple(dict.fromkeys(one.path for one in found if one.kind == "directory"))
    if not folders:
        raise Absent(Text("sysstat tidak terpasang", "sysstat is not installed"))
    return SysstatArchives(folders)


def archives(days: int, activity: tuple[str, ...], every: tuple[str, ...] = ()) -> After[SysstatArchives, str]:
    """What `sadf -d FILE [every seconds] -- ACTIVITY` prints of each archive of the last `days` days."""

    def make(found: SysstatArchives) -> Command:
        return Command(
            (
                "find", *found.folders, "-maxdepth", "1", "-type", "f", "-name", "sa[0-9]*", "!", "-name", "*.*",
                "-mtime", f"-{days}", "-exec", "sadf", "-d", "{}", *every, "--", *activity, ";",
            ),
            ok=(0, 1), timeout=60.0, max_bytes=8 << 20, heavy=True,
        )  # fmt: skip

    said = " ".join(("sadf -d {}", *every, "--", *activity))
    return After(SysstatArchives, f"command find SYSSTAT -name sa[0-9]* -mtime -{days} -exec {said} ;", make)


SPACE = archives(30, ("-F",), ("3600",))
TRAFFIC = archives(8, ("-n", "DEV"))


def space(printed: str, now: datetime) -> dict[str, list[tuple[float, float]]]:
    """Used bytes of each device that holds a file system: (seconds since the epoch, bytes), oldest first. Raises Missing."""
    found = _records(printed, "FILESYSTEM", ("MBfsused",), now)
    if not found:
        raise Missing(
            Text(
                "sysstat tidak mencatat ruang sistem berkas; dengan SADC_OPTIONS=\"-S XDISK\" ia mencatatnya",
                "sysstat does not record the room of file systems; with SADC_OPTIONS=\"-S XDISK\" it does",
            )
        )  # fmt: skip
    return {name: [(at, used * MEBIBYTE) for at, _, (used,) in rows] for name, rows in found.items()}


def traffic(printed: str, now: datetime) -> dict[str, list[tuple[float, int, float, float]]]:
    """What each interface carried: (seconds since the epoch, length of the interval in seconds, received, sent), the last
    two in bit/s and means over that interval; oldest first. Raises Missing.
    """
    found = _records(printed, "IFACE", ("rxkB/s", "txkB/s"), now)
    if not found:
        raise Missing(Text("sysstat tidak mencatat lalu lintas jaringan", "sysstat has no record of network traffic"))
    return {
        name: [(at, length, came * KIBIBIT, went * KIBIBIT) for at, length, (came, went) in rows]
        for name, rows in found.items()
    }


def _records(
    printed: str, subject: str, columns: Sequence[str], now: datetime
) -> dict[str, list[tuple[float, int, tuple[float, ...]]]]:
    """By subject: time, interval in seconds, and the values of `columns`."""
    found: dict[str, dict[float, tuple[float, int, tuple[float, ...]]]] = {}
    places: list[int] | None = None
    for line in printed.splitlines():
        if line.startswith("# "):
            names = line.split(";")[3:]
            known = names[:1] == [subject] and all(column in names for column in columns)
            places = [names.index(column) - 1 for column in columns] if known else None
        elif places is not None and (row := ROW.fullmatch(line)):  # a restart and a comment have fewer columns
            at, values = _seconds(row[2]), row[4].split(";")
            if at <= now.timestamp() + HOUR:
                numbers = tuple(_number(values, place) for place in places)
                found.setdefault(row[3], {})[at] = (at, int(row[1]), numbers)
    if not found:
        return {}
    newest = max(at for rows in found.values() for at in rows)
    if newest < now.timestamp() - RECENT:
        raise Missing(Text("arsip sysstat berhenti beberapa hari yang lalu", "sysstat's archives ended some days ago"))
    return {name: [rows[at] for at in sorted(rows)] for name, rows in found.items()}


def _number(values: Sequence[str], place: int) -> float:
    if place >= len(values) or not NUMBER.fullmatch(values[place]) or values[place].startswith("-"):
        raise Missing(Text("sadf mencetak baris yang tidak terbaca", "sadf printed a line that cannot be read"))
    return float(values[place])


def _seconds(written: str) -> float:
    try:
        return datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp()
    except ValueError as error:
        raise Missing(Text("sadf mencetak waktu yang mustahil", "sadf printed an impossible time")) from error
