"""Running SPSE processes (Play's `play.server.Server`), and what their server.pid says.

Laws:
- A command line is never kept: it can hold secrets. What it switches on is.
- A command line is a user's word: a process is believed where its program is java, and its user root or the owner of an
  installation in a usual place. Others are told, and marked as not confirmed.
"""

from __future__ import annotations

import posixpath
import re

import msgspec

from checks.fact import Absent, Fact, Recipe, reads
from checks.facts.privilege import ROOT_OUTSIDE
from checks.facts.processes import PROCESSES, Process, ProcessTable
from checks.facts.spse_owners import OWNERS, PASSWD, names
from checks.facts.visible_processes import all_of
from checks.source import FileStat, FileText, Glob
from checks.text import Text

SERVER = "play.server.Server"
MOST_UNCONFIRMED = 5
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
    that stand open, in words; `agent` is the path of Play's own jar. `confirmed`: it is SPSE indeed; otherwise any user can
    have started it, or its program cannot be seen.
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
    confirmed: bool = True

    @property
    def label(self) -> str:
        """What to call this process: its application folder, or its number."""
        return self.app or f"pid {self.pid}"

    def serves(self, app: str, home: str) -> bool:
        """Does this process run the installation in `app`, below `home`?"""
        return app == self.app or (not self.app and self.agent.startswith(f"{home}/"))


class SpseProcesses(Fact, frozen=True):
    """All running SPSE processes, and the first few that look like one and are not confirmed. Absent: none runs."""

    processes: tuple[SpseProcess, ...]

    @property
    def confirmed(self) -> tuple[SpseProcess, ...]:
        """Those that are SPSE indeed."""
        return tuple(one for one in self.processes if one.confirmed)


class PidFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server.pid and the process id in it; 0 if it holds none."""

    path: str
    pid: int


class SpsePidFiles(Fact, frozen=True):
    """All server.pid files of SPSE. Absent: there is none (SPSE is stopped, or not started by its own script)."""

    files: tuple[PidFile, ...]


def unconfirmed(process: SpseProcess) -> Text:
    """Why `process` is not believed to be SPSE."""
    if not process.java:
        return Text(
            f"pid {process.pid} milik {process.user}: belum dipastikan SPSE, programnya tidak terlihat; {ROOT_OUTSIDE.id}",
            f"pid {process.pid} of {process.user}: not confirmed to be SPSE, its program cannot be seen; {ROOT_OUTSIDE.en}",
        )
    return Text(
        f"pid {process.pid} milik {process.user}, yang tidak memiliki instalasi di /home/appserv atau /opt: belum "
        "dipastikan SPSE",
        f"pid {process.pid} of {process.user}, who owns no installation in /home/appserv or /opt: not confirmed to be SPSE",
    )


@reads(PROCESSES, OWNERS, PASSWD, root=True)
def running(table: ProcessTable, stats: tuple[FileStat, ...], passwd: tuple[FileText, ...]) -> SpseProcesses:
    alike = [one for one in all_of(table) if SERVER in one.argv and posixpath.basename(one.exe) in {"java", ""}]
    if not alike:
        raise Absent(Text("tidak ada proses SPSE yang berjalan", "no SPSE process runs"))
    owners = names(stats, passwd)
    found = [_process(one, owners) for one in alike]
    others = [one for one in found if not one.confirmed]
    return SpseProcesses((*(one for one in found if one.confirmed), *others[:MOST_UNCONFIRMED]))


def _pid_files(*texts: tuple[FileText, ...]) -> SpsePidFiles:
    files = [file for group in texts for file in group]
    if not files:
        raise Absent(Text("tidak ada server.pid", "there is no server.pid"))
    words = [(file.path, file.text.split()) for file in files]
    return SpsePidFiles(tuple(PidFile(path, int(said[0]) if said and _digits(said[0]) else 0) for path, said in words))


pid_files = Recipe(SpsePidFiles, tuple(Glob(pattern) for pattern in PID_FILES), _pid_files)


def plain(path: str) -> str:
    """`path` of a process if it is a plain absolute one, else "": it is a user's word, and becomes part of a pattern."""
    if not path.startswith("/") or re.search(r"[*?\[\x00-\x1f]", path) or ".." in path.split("/"):
        return ""
    return posixpath.normpath(path)


def _process(one: Process, owners: frozenset[str]) -> SpseProcess:
    argv = one.argv
    settings = {name: value for name, _, value in (word.removeprefix("-D").partition("=") for word in argv)}
    agents = [word.removeprefix("-javaagent:").split("=")[0] for word in argv if word.startswith("-javaagent:")]
    port = settings.get("--http.port", "")
    return SpseProcess(
        pid=one.pid,
        user=one.user,
        app=plain(settings.get("application.path", "")),
        java=plain(one.exe),
        agent=next((agent for agent in map(plain, agents) if agent), ""),
        play_id=settings.get("play.id", "")[:40],
        precompiled="precompiled" in settings and settings["precompiled"] != "false",
        port=int(port) if _digits(port) else None,
        debug=tuple(_debug(argv, settings)),
        confirmed=bool(one.exe) and one.user in owners,
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
