"""Readings of a running system over SSH, from /proc: what psutil gives locally, of the same meaning.

Laws:
- Each reading is a few commands, whatever the number of processes: `grep` reads all their files at once, `find` their links.
- What an account without root cannot see is left empty, as it is locally.
- Numbers in /proc/net are taken as little-endian, ticks as 1/100 s: x86-64, ARM and POWER LE servers.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from agent.hosts.ssh_connection import Connection
from agent.hosts.ssh_files import FarFiles
from agent.hosts.ssh_processes import Processes
from agent.hosts.ssh_sys import link_speeds, sensors
from agent.hosts.usage import NO_STORAGE, Counters
from checks.fact import Absent, Missing
from checks.facts.boot import Boot
from checks.facts.filesystems import Disk, DiskActivity, Filesystem, Filesystems
from checks.facts.link_use import LinkSpeeds
from checks.facts.listeners import Listener, Listeners
from checks.facts.memory import Memory
from checks.facts.processes import ProcessTable
from checks.facts.processor import Processor
from checks.facts.sensors import Sensors
from checks.source import File, Source, Usage
from checks.text import Text

TOO_LITTLE = Text("/proc tidak memuat yang dicari", "/proc does not hold what is looked for")
SOCKETS = (("tcp", 4), ("tcp6", 6), ("udp", 4), ("udp6", 6))
LISTENING = "0A"
STORED = {"zfs", "nfs", "nfs4", "cifs", "overlay"}  # file systems that store data without a device below /dev


@dataclass(eq=False)
class FarUsage:
    """Reads what the system at the other end of `far` does. Rates reach back to the reading before."""

    far: Connection
    counters: Counters = field(default_factory=Counters)

    def read(self, source: Usage[object]) -> object:
        """The reading of `source`. Raises Missing or Absent."""
        reader = READERS.get(source.reading)
        if reader is None:
            name = source.reading.__name__
            raise Missing(Text(f"{name} tidak dibaca lewat SSH", f"{name}: not over SSH"))
        try:
            return reader(self, source)
        except (ValueError, IndexError, KeyError) as error:
            raise Missing(TOO_LITTLE) from error

    def _texts(self, *paths: str) -> list[str]:
        found = FarFiles(self.far).contents(paths, File(paths[0]))
        return [found[path].decode("utf-8", "replace") for path in paths]

    def memory(self, source: Usage[object]) -> Memory:
        """From /proc/meminfo (proc(5)), in KiB there."""
        rows = dict(re.findall(r"^(\w+):\s+(\d+) kB$", self._texts("/proc/meminfo")[0], re.MULTILINE))
        total, available, swap, free = (
            int(rows[name]) * 1024 for name in ("MemTotal", "MemAvailable", "SwapTotal", "SwapFree")
        )
        return Memory(total, available, swap, swap - free)

    def boot(self, source: Usage[object]) -> Boot:
        """The start of the kernel, from /proc/stat."""
        stat, release = self._texts("/proc/stat", "/proc/sys/kernel/osrelease")
        return Boot(datetime.fromtimestamp(boot_time(stat), UTC), release.strip())

    def _processor_now(self) -> tuple[str, str, str]:
        stat, load, uptime = self._texts("/proc/stat", "/proc/loadavg", "/proc/uptime")
        return stat, load, uptime

    def processor(self, source: Usage[object]) -> Processor:
        """From /proc/stat, twice; the far host's own clock says how long lay between."""
        _, before, (stat, load, uptime) = self.counters.since(self._processor_now)
        old, new = _ticks(before[0]), _ticks(stat)
        spent = [max(0, after - earlier) for earlier, after in zip(old, new, strict=True)]
        total = sum(spent[:8]) or 1  # guest time is counted in user time already
        one, five, fifteen = load.split()[:3]
        return Processor(
            cores=len(re.findall(r"^cpu\d", stat, re.MULTILINE)) or 1,
            busy=round(max(0.0, 1 - (spent[3] + spent[4]) / total), 4),
            iowait=round(spent[4] / total, 4),
            steal=round(spent[7] / total, 4),
            window=round(_seconds(uptime) - _seconds(before[2]), 2),
            load_1=float(one),
            load_5=float(five),
            load_15=float(fifteen),
        )

    def _disks_now(self) -> tuple[str, str]:
        disks, uptime = self._texts("/proc/diskstats", "/proc/uptime")
        return disks, uptime

    def disk_activity(self, source: Usage[object]) -> DiskActivity:
        """From /proc/diskstats (the kernel's iostats.rst), twice."""
        _, before, (now, uptime) = self.counters.since(self._disks_now)
        window = max(0.01, _seconds(uptime) - _seconds(before[1]))
        old, new = _disks(before[0]), _disks(now)
        if not new:
            raise Absent(Text("kernel tidak menghitung satu disk pun di sini", "the kernel counts no disks here"))
        disks = []
        for name, after in sorted(new.items()):
            if name not in old or name.startswith(("loop", "ram", "zram", "sr", "fd")):
                continue
            operations, waited, busy = (max(0, b - a) for a, b in zip(old[name], after, strict=True))
            wait = waited / operations / 1000 if operations else 0.0
            disks.append(Disk(name, operations, round(wait, 5), round(min(1.0, busy / 1000 / window), 4)))
        return DiskActivity(round(window, 2), tuple(disks))

    def filesystems(self, source: Usage[object]) -> Filesystems:
        """From /proc/self/mounts and statfs(2), through stat(1)."""
        mounts = [row for row in _mounts(self._texts("/proc/self/mounts")[0]) if _stores(*row)]
        where = [mount for _, mount, _, _ in mounts]
        if not where:
            raise Missing(Text("tidak ada sistem berkas yang terbaca", "no file system could be read"))
        argv = ("stat", "-f", "--printf=%n\\0%S %b %f %a %c %d %i\\0", "--", *where)
        printed = self.far.run(argv, seconds=source.timeout, most=source.max_bytes)
        fields = printed.out.decode("utf-8", "replace").split("\0")
        sizes = dict(zip(fields[::2], fields[1::2], strict=False))
        folders = self.far.run(
            ("find", "-L", *where, "-maxdepth", "0", "-type", "d", "-printf", r"%p\0"),
            seconds=source.timeout, most=source.max_bytes,
        ).out.decode("utf-8", "replace").split("\0")  # fmt: skip
        found: dict[tuple[str, str], Filesystem] = {}
        for device, mount, kind, options in mounts:
            if mount not in sizes or mount not in folders:
                continue
            unit, blocks, free, available, inodes, inodes_free = map(int, sizes[mount].split()[:6])
            kept = tuple(option for option in options if option in {"nodev", "nosuid", "noexec"})
            found.setdefault(
                (device, sizes[mount].split()[6]),
                Filesystem(
                    mount,
                    device,
                    kind,
                    unit * blocks,
                    unit * (blocks - free),
                    unit * available,
                    inodes,
                    inodes_free,
                    kept,
                ),
            )
        if not found:
            raise Missing(Text("tidak ada sistem berkas yang terbaca", "no file system could be read"))
        return Filesystems(tuple(sorted(found.values(), key=lambda one: one.mount)))

    def sensors(self, source: Usage[object]) -> Sensors:
        """Temperatures and fans."""
        return sensors(FarFiles(self.far), source)

    def link_speeds(self, source: Usage[object]) -> LinkSpeeds:
        """Network interfaces and their speeds."""
        return link_speeds(FarFiles(self.far), source)

    def processes(self, source: Usage[object]) -> ProcessTable:
        """The process table."""
        stat, users = self._texts("/proc/stat", "/etc/passwd")
        return ProcessTable(Processes(self.far, source).table(boot_time(stat), users), root=self.far.root)

    def listeners(self, source: Usage[object]) -> Listeners:
        """From /proc/net, with the names of those who hold the sockets where this account may see them."""
        paths = [f"/proc/net/{name}" for name, _ in SOCKETS]
        tables = FarFiles(self.far).contents(paths, source)
        if not tables:
            raise Missing(TOO_LITTLE)
        owners = Processes(self.far, source).sockets()
        found = set()
        for path, (protocol, version) in zip(paths, SOCKETS, strict=True):
            for address, port, inode in _bound(tables.get(path, b"").decode("ascii", "replace"), protocol, version):
                found.add(Listener(address, port, protocol[:3], owners.get(inode, "")))
        seen = tuple(sorted(found, key=lambda one: (one.protocol, one.port, one.address, one.process)))
        return Listeners(seen, root=self.far.root)


READERS: dict[type[object], Callable[[FarUsage, Usage[object]], object]] = {
    Boot: FarUsage.boot,
    DiskActivity: FarUsage.disk_activity,
    Filesystems: FarUsage.filesystems,
    LinkSpeeds: FarUsage.link_speeds,
    Listeners: FarUsage.listeners,
    Memory: FarUsage.memory,
    ProcessTable: FarUsage.processes,
    Processor: FarUsage.processor,
    Sensors: FarUsage.sensors,
}


def reads_over_ssh(source: Source[object]) -> bool:
    """Is `source` a reading that is taken over SSH?"""
    return isinstance(source, Usage) and source.reading in READERS


def boot_time(stat: str) -> int:
    """Seconds since the epoch at which the kernel started, from the text of /proc/stat. Raises ValueError."""
    found = re.search(r"^btime (\d+)$", stat, re.MULTILINE)
    if found is None:
        raise ValueError("no btime")
    return int(found[1])


def _ticks(stat: str) -> list[int]:
    """Ticks: user nice system idle iowait irq softirq steal guest guest_nice of all processors together."""
    words = stat.partition("\n")[0].split()
    if words[0] != "cpu" or len(words) < 9:
        raise ValueError(stat[:80])
    return [int(word) for word in words[1:11]]


def _seconds(uptime: str) -> float:
    return float(uptime.split(maxsplit=1)[0])


def _disks(text: str) -> dict[str, tuple[int, int, int]]:
    """Per disk: completed operations, milliseconds spent on them, milliseconds busy."""
    found = {}
    for row in (line.split() for line in text.splitlines()):
        if len(row) >= 14:
            found[row[2]] = int(row[3]) + int(row[7]), int(row[6]) + int(row[10]), int(row[12])
    return found


def _mounts(text: str) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Device, mount point, type, options of each mount. Spaces and their like are octal there (fstab(5))."""
    for words in (line.split(" ") for line in text.splitlines()):
        if len(words) >= 4:
            device, mount, kind, options = (
                re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), word) for word in words[:4]
            )
            yield device, mount, kind, tuple(options.split(","))


def _stores(device: str, mount: str, kind: str, options: tuple[str, ...]) -> bool:
    """Does it store data that can fill up? The same rule as in `usage`."""
    return (device.startswith("/dev/") or kind in STORED) and not (
        (kind in NO_STORAGE and mount != "/") or "ro" in options
    )


def _bound(table: str, protocol: str, version: int) -> Iterator[tuple[str, int, str]]:
    """Address, port and inode of each socket of /proc/net/<protocol> that listens, or is bound and speaks to nobody."""
    for row in (line.split() for line in table.splitlines()[1:]):
        local, port = row[1].split(":")
        peer = int(row[2].split(":")[1], 16)
        if (row[3] != LISTENING if protocol.startswith("tcp") else bool(peer)) or not int(port, 16):
            continue
        raw = bytes.fromhex(local)
        words = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
        address = ipaddress.IPv4Address(words) if version == 4 else ipaddress.IPv6Address(words)
        yield str(address), int(port, 16), row[9]
