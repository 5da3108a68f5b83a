"""What /etc/rc.local starts at boot: the way the install guides of SPSE start it."""

from __future__ import annotations

import re

from checks.fact import Absent, Fact, reads
from checks.source import FileStat, FileText, Glob, Stat
from checks.text import Text

STARTS = {
    "spse": re.compile(r"\bspse|epns|/appserv/|play-lkpp|\bplay\b", re.IGNORECASE),
    "postgresql": re.compile(r"postgres|pg_ctl", re.IGNORECASE),
    "proxy": re.compile(r"httpd|apache|nginx", re.IGNORECASE),
    "firewall": re.compile(r"iptables|nft\b|firewall", re.IGNORECASE),
}
PATHS = ("/etc/rc.d/rc.local", "/etc/rc.local")


class RcLocal(Fact, frozen=True):
    """Services that rc.local starts, by name and never by command line. Absent: no rc.local.

    `executable`: systemd runs it only then.
    """

    executable: bool
    starts: tuple[str, ...]


@reads(Stat(PATHS), Glob("/etc/rc.local"), Glob("/etc/rc.d/rc.local"))
def rc_local(stats: tuple[FileStat, ...], debian: tuple[FileText, ...], el: tuple[FileText, ...]) -> RcLocal:
    texts = {file.text for file in debian + el}
    files = [stat for stat in stats if stat.kind == "file"]
    if not files or not texts:
        raise Absent(Text("tidak ada rc.local", "there is no rc.local"))
    lines = [line for text in texts for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    starts = tuple(name for name, pattern in STARTS.items() if any(pattern.search(line) for line in lines))
    return RcLocal(any(file.mode & 0o100 for file in files), starts)
