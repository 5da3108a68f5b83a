"""Running SPSE processes (Play's `play.server.Server`), and what their server.pid says.

Laws:
- A command line is never kept: it can hold secrets. What it switches on is.
"""

from __future__ import annotations

import posixpath
import re

import msgspec

from checks.fact import Absent, Fact, Missing, Recipe, reads
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.visible_processes import all_of
from checks.source import Command, FileText, Glob
from checks.text import Text

SERVER = "play.server.Server"
PID_FILES = (
    "/home/appserv/*/webapp/server.pid",
    "/home/appserv/*/server.pid",
    "/export/home/appserv/*/webapp/server.pid",
    "/export/home/appserv/*/server.pid",
    "/opt/spse*/webapp/server.pid",
    "/opt/spse*/server.pid",
)


class SpseProcess(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One running SPSE. `app` is its application folder ("" if its command line does not say), `java` its java program.

    `port` is a port given on the command line, which goes before application.conf; `debug` are the ways into the JVM
    that stand open, in words; `agent` is the path of Play's own jar.
    """

    pid: int
    user: str
    app: str
    java: str = ""
    agent: str = ""
    play_id: str = ""
    precompiled: bool = False
    port: int | None = None
    debug: tuple[str, ...] = ()

    def serves(self, app: str, home: str) -> bool:
        """Does this process run the installation in `app`, below `home`?"""
        return app == self.app or (not self.app and self.agent.startswith(f"{home}/"))


class SpseProcesses(Fact, frozen=True):
    """All running SPSE processes. Absent: none runs."""

    processes: tuple[SpseProcess, ...]


class PidFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server.pid and the process id in it; 0 if it holds none."""

    path: str
    pid: int


class SpsePidFiles(Fact, frozen=True):
    """All server.pid files of SPSE. Absent: there is none (SPSE is stopped, or not started by its own script)."""

    files: tuple[PidFile, ...]


@reads(PROCESSES)
def running(table: ProcessTable) -> SpseProcesses:
    return _spse([(one.pid, one.user, one.exe, one.argv) for one in all_of(table)])


@reads(Command(("ps", "-e", "-ww", "-o", "pid=,user:64=,args=")))
def listed(printed: str) -> SpseProcesses:
    rows = [line.split(maxsplit=2) for line in printed.splitlines() if line.strip()]
    if not any(row[0] == "1" for row in rows) or not all(row[0].isdigit() for row in rows):
        raise Missing(
            Text(
                "ps tidak menampilkan semua proses; jalankan sebagai root", "ps did not show all processes; run as root"
            )
        )
    return _spse([(int(row[0]), row[1], "", tuple(row[2].split())) for row in rows if len(row) == 3])


def _pid_files(*texts: tuple[FileText, ...]) -> SpsePidFiles:
    files = [file for group in texts for file in group]
    if not files:
        raise Absent(Text("tidak ada server.pid", "there is no server.pid"))
    words = [(file.path, file.text.split()) for file in files]
    return SpsePidFiles(tuple(PidFile(path, int(said[0]) if said and _digits(said[0]) else 0) for path, said in words))


pid_files = Recipe(SpsePidFiles, tuple(Glob(pattern) for pattern in PID_FILES), _pid_files)


def _spse(rows: list[tuple[int, str, str, tuple[str, ...]]]) -> SpseProcesses:
    found = tuple(_process(*row) for row in rows if SERVER in row[3])
    if not found:
        raise Absent(Text("tidak ada proses SPSE yang berjalan", "no SPSE process runs"))
    return SpseProcesses(found)


def _process(pid: int, user: str, exe: str, argv: tuple[str, ...]) -> SpseProcess:
    settings = {name: value for name, _, value in (word.removeprefix("-D").partition("=") for word in argv)}
    agents = [word.removeprefix("-javaagent:").split("=")[0] for word in argv if word.startswith("-javaagent:")]
    path, port = settings.get("application.path", ""), settings.get("--http.port", "")
    java = exe or argv[0]
    return SpseProcess(
        pid=pid,
        user=user,
        app=posixpath.normpath(path) if path.startswith("/") else "",
        java=java if java.startswith("/") else "",
        agent=next((agent for agent in agents if agent.startswith("/")), ""),
        play_id=settings.get("play.id", "")[:40],
        precompiled="precompiled" in settings and settings["precompiled"] != "false",
        port=int(port) if _digits(port) else None,
        debug=tuple(_debug(argv, settings)),
    )


def _debug(argv: tuple[str, ...], settings: dict[str, str]) -> list[str]:
    ways = []
    for word in argv:
        if word.startswith(("-agentlib:jdwp", "-Xrunjdwp")):
            address = re.search(r"address=([\w.:*-]+)", word)
            ways.append(f"JDWP {address[1] if address else ''}".strip())
    port = settings.get("com.sun.management.jmxremote.port")
    if port is not None and settings.get("com.sun.management.jmxremote.authenticate", "true").lower() == "false":
        ways.append(f"JMX {port[:20]} (authenticate=false)")
    return ways


def _digits(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 8
