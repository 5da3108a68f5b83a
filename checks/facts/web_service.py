"""Does a web server that Pantau understands, Apache or nginx, run on this host?"""

from __future__ import annotations

from checks.fact import Absent, Fact, reads
from checks.facts.listeners import Listeners
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.reverse_proxy import NAMES
from checks.facts.visible_processes import all_of
from checks.source import FileStat, Stat, Usage
from checks.text import Text, joined

PROGRAMS = {
    "/usr/sbin/apache2": "apache",
    "/usr/sbin/httpd": "apache",
    "/usr/local/apache2/bin/httpd": "apache",
    "/usr/sbin/nginx": "nginx",
    "/usr/local/nginx/sbin/nginx": "nginx",
}
RUNNING = {"apache2": "apache", "httpd": "apache", "nginx": "nginx"}
MOST = 5
# "/" is always there: so it is the parser that says, in one sentence, that nothing was found.
INSTALLED = Stat(("/", *PROGRAMS))


class WebService(Fact, frozen=True):
    """The products that run: apache, nginx. Absent: neither is installed, or none of those installed runs.

    One that stands still serves nobody: its configuration is judged as soon as it runs, and whether it should run is
    asked by L-AVL-06.
    """

    products: tuple[str, ...]


@reads(PROCESSES, INSTALLED, Usage(Listeners))
def web_service(table: ProcessTable, programs: tuple[FileStat, ...], listeners: Listeners) -> WebService:
    installed = {PROGRAMS[one.path] for one in programs if one.path in PROGRAMS}
    named = {RUNNING[one.name] for one in table.processes if one.name in RUNNING}
    alive = installed & (named | {PROGRAMS[one.exe] for one in table.processes if one.exe in PROGRAMS})
    if alive:
        return WebService(tuple(sorted(alive)))
    others = sorted({one.name for one in all_of(table)} & set(NAMES))
    names = ", ".join(sorted(installed))
    reasons = [
        Text(
            f"terpasang tetapi tidak berjalan: {names} (apakah seharusnya berjalan: lihat L-AVL-06)",
            f"installed but not running: {names} (whether it should run: see L-AVL-06)",
        )
        if installed
        else Text("Apache maupun nginx tidak terpasang di sini", "neither Apache nor nginx is installed here")
    ]
    if others:
        running = ", ".join(others)
        reasons.append(Text(f"yang berjalan: {running}", f"what runs: {running}"))
    elif ports := sorted({one.port for one in listeners.listeners if one.process == "java" and not one.local}):
        told = ", ".join(f"{port}/tcp" for port in ports[:MOST])
        reasons.append(
            Text(
                f"java melayani langsung di {told}, tanpa server web di depannya (lihat K-NET-05)",
                f"java serves directly on {told}, with no web server in front of it (see K-NET-05)",
            )
        )
    raise Absent(joined(reasons))
