"""How many clients the web servers in front of SPSE hold, and how many they can: sockets against their configuration."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Fact, Missing, Recipe
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.web_server import INSTALLED, MAIN, TEXTS, tree_of
from checks.facts.web_service import PROGRAMS, RUNNING, WebService
from checks.facts.web_syntax import Directive, apache, nginx
from checks.source import File, FileStat, FileText, Glob
from checks.text import Text

ESTABLISHED = "01"
SOCKETS = Glob("/proc/net/tcp*", max_bytes=16 << 20)
CORES = File("/sys/devices/system/cpu/online")
# What Apache 2.4 and nginx do where nothing is said (mpm_common, event, core of nginx).
PREFORK_WORKERS, SERVER_LIMIT, THREADS, ASYNC_FACTOR = 256, 16, 25, 2.0
NGINX_PROCESSES, NGINX_CONNECTIONS = 1, 512


class ServerLoad(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One web server: connections to its ports now, and how many clients it serves at once at the most."""

    product: str
    ports: tuple[int, ...]
    connections: int
    limit: int


class WebLoad(Fact, frozen=True):
    """The web servers that run here. Absent: as WebService."""

    servers: tuple[ServerLoad, ...]


def _load(
    programs: tuple[FileStat, ...],
    table: ProcessTable,
    sockets: tuple[FileText, ...],
    online: str,
    *texts: tuple[FileText, ...],
) -> WebLoad:
    files = {file.path: file.text for group in texts for file in group}
    names = {PROGRAMS[one.path] for one in programs if one.path in PROGRAMS}
    alive = {RUNNING[one.name] for one in table.processes if one.name in RUNNING} & names
    used = connections(sockets)
    servers = []
    for main, product in MAIN.items():
        if product not in alive or main not in files:
            continue
        tree = tree_of(product, main, files)
        directives = apache(tree, main) if product == "apache" else nginx(tree, main)
        limit = apache_limit(directives) if product == "apache" else nginx_limit(directives, cores(online))
        ports = listening(directives, product)
        servers.append(ServerLoad(product, ports, sum(used.get(port, 0) for port in ports), limit))
    if not servers:
        raise Missing(
            Text("konfigurasi server web yang berjalan tidak ditemukan", "the configuration of what runs was not found")
        )
    return WebLoad(tuple(servers))


web_load = Recipe(WebLoad, (INSTALLED, PROCESSES, SOCKETS, CORES, *TEXTS), _load, given=WebService)


def connections(sockets: tuple[FileText, ...]) -> dict[int, int]:
    """Established connections by local port, from /proc/net/tcp and /proc/net/tcp6."""
    if not sockets or not all("local_address" in file.text[:200] for file in sockets):
        raise Missing(Text("/proc/net/tcp tidak memiliki kepala tabel", "/proc/net/tcp has no header"))
    found: dict[int, int] = {}
    for file in sockets:
        for line in file.text.splitlines()[1:]:
            words = line.split(maxsplit=4)
            if len(words) < 4 or not re.fullmatch(r"[0-9A-F]{8,32}:[0-9A-F]{4}", words[1]):
                raise Missing(Text(f"{file.path} tidak terbaca", f"{file.path} cannot be read"))
            if words[3] == ESTABLISHED:
                port = int(words[1].rpartition(":")[2], 16)
                found[port] = found.get(port, 0) + 1
    return found


def apache_limit(directives: list[Directive]) -> int:
    """How many connections Apache holds: its workers; with mpm_event (AsyncRequestWorkerFactor + 1) times as many."""
    loaded = {one.words[0] for one in directives if one.name == "loadmodule" and one.words}
    said = _last(directives, "maxrequestworkers") or _last(directives, "maxclients")
    if "mpm_prefork_module" in loaded:
        return int(said or PREFORK_WORKERS)
    threads = _last(directives, "threadsperchild") or THREADS
    workers = said or (_last(directives, "serverlimit") or SERVER_LIMIT) * threads
    if "mpm_worker_module" in loaded:
        return int(workers)
    return int(workers * ((_last(directives, "asyncrequestworkerfactor") or ASYNC_FACTOR) + 1))


def nginx_limit(directives: list[Directive], cores_: int) -> int:
    """How many clients nginx serves: all its connections; half of them if each takes another one to what is behind."""
    processes = next((one.words[0] for one in directives if one.name == "worker_processes" and one.words), "")
    number = cores_ if processes == "auto" else int(processes) if processes.isdecimal() else NGINX_PROCESSES
    total = number * (_last(directives, "worker_connections") or NGINX_CONNECTIONS)
    return int(total / 2 if any(one.name.endswith("_pass") for one in directives) else total)


def listening(directives: list[Directive], product: str) -> tuple[int, ...]:
    """The TCP ports it listens on, as its configuration says; 80 where it says none."""
    found = set()
    for one in directives:
        if one.name != "listen" or not one.words or one.words[0].startswith("unix:"):
            continue
        match = re.fullmatch(r"(?:.*:)?(\d{1,5})", one.words[0]) if not one.words[0].endswith("]") else None
        if match is None and product == "nginx":
            found.add(80)  # an address alone
        elif match and int(match[1]) < 1 << 16:
            found.add(int(match[1]))
    return tuple(sorted(found or {80}))


def cores(online: str) -> int:
    """How many processors are on line, from a list such as 0-3,8."""
    total = 0
    for part in online.strip().split(","):
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part)
        if match is None:
            raise Missing(Text("daftar prosesor tidak terbaca", "the list of processors cannot be read"))
        total += int(match[2] or match[1]) - int(match[1]) + 1
    return max(1, total)


def _last(directives: list[Directive], name: str) -> float | None:
    """The number a directive was given last; None where it was not, or to no number above 0."""
    said = [one.words[0] for one in directives if one.name == name and one.words]
    return float(said[-1]) if said and re.fullmatch(r"\d{1,9}(\.\d{1,4})?", said[-1]) and float(said[-1]) > 0 else None
