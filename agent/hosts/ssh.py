"""A host over SSH: the same sources as on this machine, read by an account there. Nothing is installed on it.

Laws:
- A source means the same over SSH as locally, or it is Missing. A missing right is Missing, never Absent.
- Nothing but Missing and Absent leaves it, and a survey of a host that vanished ends soon: see `ssh_connection`.
- Read only: find, stat, base64, grep, getent, curl, and the commands that the sources name. Nothing is written there.
"""

from __future__ import annotations

import posixpath
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar, cast

from agent.hosts.commands import PATH, POSTGRESQL
from agent.hosts.local import PSQL
from agent.hosts.ssh_connection import Connection
from agent.hosts.ssh_files import FarFiles
from agent.hosts.ssh_http import get
from agent.hosts.ssh_shell import Printed
from agent.hosts.ssh_usage import FarUsage, reads_over_ssh
from checks.fact import Absent, After, Missing
from checks.facts.network_equipment import NO_DEVICE, Ask
from checks.source import MEBIBYTE, Command, File, Glob, Http, Source, Sql, Stat, Usage
from checks.text import Text, joined

T = TypeVar("T")

LISTED = 300.0  # seconds for which the list of a host's programs is good
HARMLESS = ("No such file or directory", "Too many levels of symbolic links")  # links on the PATH that lead nowhere
REAL_PSQL = ("/usr/lib/postgresql/*/bin/psql", "/usr/pgsql-*/bin/psql")  # Debian's psql is a script that looks for one


@dataclass(eq=False)
class SshHost:
    """The host at the other end of `connection`."""

    connection: Connection
    _lock: Lock = field(default_factory=Lock, repr=False)
    _programs: dict[str, str] = field(default_factory=dict, repr=False)
    _listed_at: float = 0.0

    def __post_init__(self) -> None:
        self.usage = FarUsage(self.connection)

    def read(self, source: Source[T]) -> T:
        """See `agent.hosts.base.Host`."""
        return cast(T, self._read(source))

    def _read(self, source: Source[object]) -> object:
        files = FarFiles(self.connection)
        match source:
            case File():
                return files.text(source)
            case Glob():
                return files.texts(source)
            case Stat():
                return files.stats(source)
            case Command():
                return self._command(source, source.argv)
            case Sql():
                return self._query(source)
            case Http():
                self._program("curl")
                return get(source, lambda argv, most: self._run(argv, source, most))
            case Usage():
                return self.usage.read(source)
            case Ask():
                raise Absent(NO_DEVICE)
            case After():
                raise TypeError(f"{source.describe()} must be resolved by the survey")
        what = source.describe()
        raise Missing(Text(f"{what} tidak dibaca lewat SSH", f"{what}: not over SSH"))

    def _command(self, source: Command, argv: tuple[str, ...], user: str = "", name: str = "") -> str:
        name = name or argv[0]
        try:
            program = self._program(argv[0])
        except _NotInstalled as error:
            if source.is_the_thing:
                raise Absent(Text(f"{name} tidak terpasang", f"{name} is not installed")) from error
            raise
        printed = self.connection.run(
            (program, *argv[1:]),
            seconds=source.timeout,
            most=source.max_bytes,
            heavy=source.heavy,
            user=user,
            name=name,
        )
        if printed.code not in source.ok:
            code, said = printed.code, printed.err.strip().splitlines()
            reason = f": {_short(said[0], (f'{program}:', f'{name}:', 'error:'))[:200]}" if said else ""
            raise Missing(Text(f"{name} berakhir dengan kode {code}{reason}", f"{name} ended with code {code}{reason}"))
        return printed.out.decode("utf-8", errors="replace")

    def _query(self, source: Sql) -> str:
        """Through psql, as the owner of the cluster where we are root."""
        argv = (*PSQL, f"--dbname={source.database}", f"--command={source.query}")
        try:
            user = "postgres" if self.connection.root and self._exists("postgres", source) else ""
            command = Command(argv, timeout=source.timeout, max_bytes=source.max_bytes)
            return self._command(command, argv, user, PSQL[0])
        except Missing as error:
            raise Missing(joined(("PostgreSQL", error.reason), ": ")) from error

    def _exists(self, user: str, source: Source[object]) -> bool:
        return self._run(("id", "-u", user), source, 4096).code == 0

    def _run(self, argv: tuple[str, ...], source: Source[object], most: int) -> Printed:
        return self.connection.run(argv, seconds=source.timeout, most=most)

    def _program(self, name: str) -> str:
        """Where a program is on the far host. Raises _NotInstalled, which is Missing."""
        if "/" in name:
            printed = self.connection.run(
                ("find", "-L", posixpath.join("/", name), "-maxdepth", "0", "-type", "f", "-executable", "-printf", "."),
                seconds=10.0, most=16,
            )  # fmt: skip
            if printed.out == b".":
                return name
            raise _NotInstalled(_not_installed(name))
        self.connection.connect()  # what was installed on a host that is gone is not known
        with self._lock:
            if not self._programs or time.monotonic() - self._listed_at > LISTED:
                self._programs, self._listed_at = self._installed(), time.monotonic()
        found = self._programs.get(name)
        if found is None:
            raise _NotInstalled(_not_installed(name))
        return found

    def _installed(self) -> dict[str, str]:
        """Every program on the PATH that all hosts have, and PostgreSQL's own. Raises Missing where that cannot be seen."""
        found: dict[str, str] = {}
        printed = self.connection.run(
            ("find", "-L", *PATH.split(":"), "-maxdepth", "1", "-type", "f", "-executable", "-printf", r"%p\0"),
            seconds=20.0, most=4 * MEBIBYTE,
        )  # fmt: skip
        for path in printed.out.decode("utf-8", "replace").split("\0"):
            found.setdefault(posixpath.basename(path), path)
        complaints = [line for line in printed.err.splitlines() if line.startswith("find: ")]
        blind = [line for line in complaints if not (line.endswith(HARMLESS) or "loop detected" in line)]
        if "find" not in found or blind:
            why = (blind or printed.err.splitlines() or [""])[0][:200]
            raise Missing(Text(f"program tidak dapat didaftar: {why}", f"the programs cannot be listed: {why}"))
        files = FarFiles(self.connection)
        for pattern in REAL_PSQL:
            try:
                seen = files.stats(Stat((pattern,)))
            except Absent:
                continue
            folder = max((posixpath.dirname(one.path) for one in seen), key=_version)
            found |= {name: f"{folder}/{name}" for name in POSTGRESQL}
        return found


class _NotInstalled(Missing):
    """The program is not on the far host."""


def knows(source: Source[object]) -> bool:
    """Can `source` be read over SSH? One that follows a fact is told by what it becomes: files, commands, HTTP."""
    return isinstance(source, File | Glob | Stat | Command | Sql | Http | After | Ask) or reads_over_ssh(source)


def _version(folder: str) -> int:
    return int("".join(filter(str.isdigit, folder)) or 0)


def _not_installed(name: str) -> Text:
    return Text(f"perintah {name} tidak terpasang", f"the command {name} is not installed")


def _short(said: str, prefixes: tuple[str, ...]) -> str:
    """`said` without what the sentence around it says already."""
    for prefix in prefixes:
        said = said.removeprefix(prefix).lstrip()
    return said
