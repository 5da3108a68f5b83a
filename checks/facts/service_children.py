"""Shells, downloaders and interpreters that a web server, SPSE's Java or PostgreSQL has started.

Laws:
- A command line is never kept: what an intruder typed can hold secrets. The program's name, its user and number are.
- PostgreSQL's own archiver, checkpointer and recovery run commands of the configuration through a shell: those are left out.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from checks.fact import Absent, Fact, reads
from checks.facts.processes import PROCESSES, Process, ProcessTable
from checks.facts.visible_processes import all_of
from checks.text import Text

MOST = 20
SERVICES = {
    "java": "java",
    "httpd": "httpd",
    "apache2": "httpd",
    "nginx": "nginx",
    "postgres": "postgres",
    "postmaster": "postgres",
}
TOOLS = frozenset({
    "sh", "bash", "dash", "ash", "ksh", "zsh", "csh", "tcsh", "fish", "busybox", "curl", "wget", "nc", "ncat", "netcat",
    "socat", "telnet", "ftp", "tftp", "ssh", "scp", "python", "perl", "ruby", "php", "lua", "node", "awk", "gawk", "mawk", "nmap",
    "base64", "whoami", "id", "uname", "crontab",
})  # fmt: skip
# "postgres: 15/main: archiver last was 0000...", and up to version 10 "postgres: archiver process   last was 0000...".
# A backend has its database, client and state behind its user's name, so no user can be called like one of these.
OWN_COMMANDS = re.compile(
    r"postgres: (?:[\w./-]{1,64}: )?(?:archiver|startup|checkpointer)(?: process)?"
    r"(?: (?:archiving|last was|failed on|recovering|waiting for) \S+)?"
)


class Child(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A process below a service: `service` is java, httpd, nginx or postgres; `program` the name of what runs, no path."""

    pid: int
    user: str
    service: str
    program: str
    started: datetime


class ServiceChildren(Fact, frozen=True):
    """Processes of services, and the shells and tools below them: the 20 oldest of `total`.

    `hidden`: processes below a service whose program this reader, `root` or not, may not see. Absent: no such service runs.
    """

    services: int
    total: int = 0
    children: tuple[Child, ...] = ()
    hidden: int = 0
    root: bool = False


@reads(PROCESSES, root=True)
def service_children(table: ProcessTable) -> ServiceChildren:
    by_pid = {one.pid: one for one in all_of(table)}
    services = sum(_service(one) is not None for one in by_pid.values())
    if not services:
        raise Absent(
            Text(
                "tidak ada java, Apache, nginx, atau PostgreSQL yang berjalan",
                "neither java nor Apache, nginx or PostgreSQL runs",
            )
        )
    found, hidden = [], 0
    for one in by_pid.values():
        service = _above(one, by_pid)
        if service is None:
            continue
        hidden += not one.exe and bool(one.argv)  # one that has ended and waits for its parent has neither
        if _program(one) in TOOLS:
            started = datetime.fromtimestamp(round(one.started), UTC)
            found.append(Child(one.pid, one.user[:32], service, _name(one)[:32], started))
    found.sort(key=lambda child: (child.started, child.pid))
    return ServiceChildren(services, len(found), tuple(found[:MOST]), hidden, table.root)


def _above(one: Process, by_pid: dict[int, Process]) -> str | None:
    """The service that `one` descends from; None where there is none, or where PostgreSQL runs a configured command."""
    for ancestor in _ancestors(one, by_pid):
        if service := _service(ancestor):
            own = service == "postgres" and OWN_COMMANDS.fullmatch(" ".join(" ".join(ancestor.argv).split()))
            return None if own else service
    return None


def _ancestors(one: Process, by_pid: dict[int, Process]) -> Iterator[Process]:
    seen = {one.pid}
    while (parent := by_pid.get(one.parent)) is not None and parent.pid not in seen:
        seen.add(parent.pid)
        yield parent
        one = parent


def _service(one: Process) -> str | None:
    return SERVICES.get(_name(one))


def _name(one: Process) -> str:
    """The name of its program file, which a process cannot choose; the name it goes by where the file is not seen."""
    return posixpath.basename(one.exe) or one.name


def _program(one: Process) -> str:
    """Its name without a version or make: python for python3.11, nc for nc.openbsd."""
    return _name(one).partition(".")[0].rstrip("0123456789-")
