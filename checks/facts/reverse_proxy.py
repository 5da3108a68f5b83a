"""The web server in front of SPSE: does one run, and is one meant to?"""

from __future__ import annotations

from checks.fact import Absent, Fact, reads
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.visible_processes import all_of
from checks.source import FileStat, Stat
from checks.text import Text

NAMES = ("apache2", "caddy", "haproxy", "httpd", "lighttpd", "nginx", "traefik")
# "/" is always there: so it is the parser that says, in one sentence, that nothing was found.
WANTED = Stat(
    (
        "/",
        *(f"/etc/systemd/system/multi-user.target.wants/{name}.service" for name in NAMES),
        *(f"/etc/rc3.d/S[0-9][0-9]{name}" for name in NAMES),
        *(f"/usr/sbin/{name}" for name in NAMES),
    )
)


class ReverseProxy(Fact, frozen=True):
    """Web servers by name: those that run, those that start at boot, those merely installed. Absent: none at all."""

    running: tuple[str, ...]
    enabled: tuple[str, ...] = ()
    installed: tuple[str, ...] = ()


@reads(PROCESSES)
def running(table: ProcessTable) -> ReverseProxy:
    found = {process.name for process in all_of(table)} & set(NAMES)
    if not found:
        raise Absent(Text("tidak ada server web yang berjalan", "no web server runs"))
    return ReverseProxy(tuple(sorted(found)))


@reads(PROCESSES, WANTED)
def not_running(table: ProcessTable, files: tuple[FileStat, ...]) -> ReverseProxy:
    """Reached only when nothing runs: then it matters whether something should."""
    names = {process.name for process in all_of(table)} & set(NAMES)
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for file in files:
        if file.path == "/":
            continue
        name = file.path.rpartition("/")[2].removesuffix(".service")
        name = name[3:] if file.path.startswith("/etc/rc3.d/") else name
        found[not file.path.startswith("/usr/")].add(name)
    if not (names or found[True] or found[False]):
        raise Absent(
            Text(
                "tidak ada server web yang berjalan atau terpasang dari paket",
                "no web server runs, and none is installed from packages",
            )
        )
    return ReverseProxy(tuple(sorted(names)), tuple(sorted(found[True])), tuple(sorted(found[False])))
