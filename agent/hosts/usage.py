"""Structured readings of the running system, through psutil (and nowhere else); processes and sockets from /proc.

Each function fills the struct it is keyed by. What a reading cannot see without root is left empty, never invented.
Names of processes and mounts are bytes chosen by others: what is no UTF-8 in them is replaced, as in `files`.
A rate is taken since the reading before, which `Counters` keeps; the first one has to wait for a short sample.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar, cast

import psutil

from agent.hosts import processes
from agent.hosts.sockets import Sockets
from checks.fact import Absent, Missing
from checks.facts.boot import Boot
from checks.facts.filesystems import Disk, DiskActivity, Filesystem, Filesystems
from checks.facts.link_use import LinkSpeed, LinkSpeeds
from checks.facts.listeners import Listeners
from checks.facts.memory import Memory
from checks.facts.processes import ProcessTable
from checks.facts.processor import Processor
from checks.facts.sensors import Sensors, Temperature
from checks.text import Text

K = TypeVar("K")
WINDOW = 0.5  # seconds between the two readings of a rate, at the least
NO_STORAGE = {"squashfs", "iso9660", "overlay", "tmpfs", "devtmpfs", "ramfs", "autofs", "fuse.lxcfs", "nsfs"}


@dataclass
class Counters:
    """What the kernel had counted at the last reading of each rate, and when (monotonic seconds); who held which socket."""

    sockets: Sockets = field(default_factory=Sockets)
    _last: dict[object, tuple[float, object]] = field(default_factory=dict)

    def since(self, read: Callable[[], K]) -> tuple[float, K, K]:
        """Seconds since `read` was last asked for here, what it said then, and what it says now.

        Asked for the first time, or again within `WINDOW`, it waits so long that `WINDOW` lies between the two.
        """
        start, before = self._last.get(read) or (time.monotonic(), read())
        time.sleep(max(0.0, start + WINDOW - time.monotonic()))
        now, after = time.monotonic(), read()
        self._last[read] = now, after
        return now - start, cast(K, before), after


def read(kind: type[object], counters: Counters | None = None) -> object:
    """The reading of `kind`, rates since the reading before with the same `counters`. Raises Missing or Absent."""
    reader = _READERS.get(kind)
    rate = _RATES.get(kind)
    if reader is None and rate is None:
        raise Missing(f"a local host has no reading {kind.__name__}")
    try:
        return reader() if reader else cast(Rate, rate)(counters or Counters())
    except (psutil.Error, OSError, ValueError) as error:
        raise Missing(f"{kind.__name__}: {error}") from error


def _processor(counters: Counters) -> Processor:
    window, before, after = counters.since(psutil.cpu_times)
    spent = {name: max(0.0, getattr(after, name) - getattr(before, name)) for name in after._fields}
    # guest time is counted in user time already (proc(5))
    total = sum(value for name, value in spent.items() if not name.startswith("guest")) or 1.0
    iowait, idle = spent.get("iowait", 0.0), spent["idle"]
    load = os.getloadavg()
    return Processor(
        cores=psutil.cpu_count() or 1,
        busy=round(max(0.0, 1 - (idle + iowait) / total), 4),
        iowait=round(iowait / total, 4),
        steal=round(spent.get("steal", 0.0) / total, 4),
        window=round(window, 2),
        load_1=round(load[0], 2),
        load_5=round(load[1], 2),
        load_15=round(load[2], 2),
    )


def _memory() -> Memory:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    return Memory(memory.total, memory.available, swap.total, swap.used)


def _filesystems() -> Filesystems:
    found = {}
    for part in psutil.disk_partitions(all=True):
        options = tuple(part.opts.split(","))
        if not part.device.startswith("/dev/") and part.fstype not in {"zfs", "nfs", "nfs4", "cifs", "overlay"}:
            continue
        if (part.fstype in NO_STORAGE and part.mountpoint != "/") or "ro" in options:
            continue
        if not os.path.isdir(part.mountpoint):  # a file bind-mounted by a container
            continue
        try:
            usage, inodes = psutil.disk_usage(part.mountpoint), os.statvfs(part.mountpoint)
        except OSError:  # a mount that vanished, or that this user may not see
            continue
        key = (part.device, inodes.f_fsid)
        if key not in found:  # bind mounts show the same file system again
            found[key] = Filesystem(
                _text(part.mountpoint), _text(part.device), part.fstype, usage.total, usage.used, usage.free,
                inodes.f_files, inodes.f_favail, tuple(o for o in options if o in {"nodev", "nosuid", "noexec"}),
            )  # fmt: skip
    if not found:
        raise Missing("no file system could be read")
    return Filesystems(tuple(sorted(found.values(), key=lambda one: one.mount)))


def _disk_counters() -> dict[str, psutil._ntuples.sdiskio]:  # type: ignore[name-defined,unused-ignore]
    return psutil.disk_io_counters(perdisk=True, nowrap=False) or {}


def _disk_activity(counters: Counters) -> DiskActivity:
    window, before, after = counters.since(_disk_counters)
    if not after:
        raise Absent(Text("kernel tidak menghitung satu disk pun di sini", "the kernel counts no disks here"))
    disks = []
    for name, new in sorted(after.items()):
        old = before.get(name)
        if old is None or name.startswith(("loop", "ram", "zram", "sr", "fd")):
            continue
        operations = new.read_count + new.write_count - old.read_count - old.write_count
        waited = new.read_time + new.write_time - old.read_time - old.write_time  # milliseconds
        busy = max(0, getattr(new, "busy_time", 0) - getattr(old, "busy_time", 0))  # milliseconds
        wait = waited / operations / 1000 if operations > 0 else 0.0
        disks.append(Disk(name, max(0, operations), round(max(0.0, wait), 5), round(min(1.0, busy / 1000 / window), 4)))
    return DiskActivity(round(window, 2), tuple(disks))


def _boot() -> Boot:
    return Boot(datetime.fromtimestamp(psutil.boot_time(), UTC), platform.release())


def _link_speeds() -> LinkSpeeds:
    seen = sorted(psutil.net_if_stats().items())
    return LinkSpeeds(tuple(LinkSpeed(_text(name), one.isup, one.speed) for name, one in seen))


def _listeners(counters: Counters) -> Listeners:
    return Listeners(counters.sockets.listening(), root=os.geteuid() == 0)


def _processes() -> ProcessTable:
    return ProcessTable(tuple(processes.table(psutil.boot_time())), root=os.geteuid() == 0)


def _sensors() -> Sensors:
    hottest = []
    for chip, rows in psutil.sensors_temperatures().items():
        seen = [row for row in rows if 0 < row.current < 120]  # -128, 0 and 127 are what an unconnected input says
        if seen:
            row = max(seen, key=lambda one: one.current / (_limit(one.critical) or _limit(one.high) or 100))
            hottest.append(Temperature(chip, round(row.current, 1), _limit(row.high), _limit(row.critical)))
    fans = [row.current for rows in psutil.sensors_fans().values() for row in rows]
    if not hottest and not fans:
        raise Absent(
            Text("tidak ada sensor suhu atau kipas di sini", "the kernel knows no temperature sensor and no fan here")
        )
    hottest.sort(key=lambda one: (-one.current, one.chip))
    return Sensors(tuple(hottest[:20]), len(fans), sum(speed == 0 for speed in fans))


def _text(name: str) -> str:
    """`name` as text that can be encoded again."""
    return os.fsencode(name).decode("utf-8", "replace")


def _limit(degrees: float | None) -> float | None:
    """A limit that a maker might have meant: many chips give 0 or 65261.85."""
    return degrees if degrees is not None and 20 < degrees < 150 else None


Rate = Callable[[Counters], object]
_RATES: dict[type[object], Rate] = {DiskActivity: _disk_activity, Listeners: _listeners, Processor: _processor}
_READERS: dict[type[object], Callable[[], object]] = {
    Boot: _boot,
    Filesystems: _filesystems,
    LinkSpeeds: _link_speeds,
    Memory: _memory,
    ProcessTable: _processes,
    Sensors: _sensors,
}
