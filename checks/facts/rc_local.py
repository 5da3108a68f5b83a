"""What /etc/rc.local starts at boot: the way the install guides of SPSE start it."""

from __future__ import annotations

import re

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.processes import PROCESSES, ProcessTable
from checks.source import FileStat, FileText, Glob, Stat

STARTS = {
    "spse": re.compile(r"\bspse|epns|/appserv/|play-lkpp|\bplay\b", re.IGNORECASE),
    "postgresql": re.compile(r"postgres|pg_ctl", re.IGNORECASE),
    "proxy": re.compile(r"httpd|apache|nginx", re.IGNORECASE),
    "firewall": re.compile(r"iptables|nft\b|firewall", re.IGNORECASE),
}
SPSE = re.compile(r"play\.server\.Server|play-lkpp|/spse")
PATHS = ("/etc/rc.d/rc.local", "/etc/rc.local")


class RcLocal(Fact, frozen=True):
    """Services that rc.local starts, by name and never by command line. Absent: no rc.local.

    `executable`: systemd runs it only then.
    """

    executable: bool
    starts: tuple[str, ...]


class SpseProcess(Fact, frozen=True):
    """A running SPSE, as the process table shows it. Absent: no Java process looks like SPSE."""

    processes: int


@reads(Stat(PATHS), Glob("/etc/rc.local"), Glob("/etc/rc.d/rc.local"))
def rc_local(stats: tuple[FileStat, ...], debian: tuple[FileText, ...], el: tuple[FileText, ...]) -> RcLocal:
    texts = {file.text for file in debian + el}
    files = [stat for stat in stats if stat.kind == "file"]
    if not files or not texts:
        raise Absent("there is no rc.local")
    lines = [line for text in texts for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    starts = tuple(name for name, pattern in STARTS.items() if any(pattern.search(line) for line in lines))
    return RcLocal(any(file.mode & 0o100 for file in files), starts)


@reads(PROCESSES)
def spse_process(table: ProcessTable) -> SpseProcess:
    if not table.processes:
        raise Missing("the process table is empty")
    java = [process for process in table.processes if process.name == "java"]
    spse = [process for process in java if SPSE.search(" ".join(process.argv))]
    if not spse:
        raise Absent("no Java process looks like SPSE")
    return SpseProcess(len(spse))
