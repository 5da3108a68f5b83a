"""This machine: files, commands, PostgreSQL through psql, loopback HTTP, and psutil.

With a `root` other than `/` it is a mounted image or a test tree: files are read below it, and everything that would
ask the running system (commands, psutil, HTTP, SQL) is Missing, because it would answer about another host.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from agent.hosts import commands, loopback, usage
from agent.hosts.files import Files
from agent.hosts.patience import Hanging, Patience
from checks.fact import Absent, After, Missing
from checks.facts.network_equipment import NO_DEVICE, Ask
from checks.source import Command, File, Glob, Http, Source, Sql, Stat, Usage
from checks.text import Text, joined

T = TypeVar("T")

PSQL = ("psql", "--no-psqlrc", "--csv", "--no-password", "--quiet", "--set=ON_ERROR_STOP=1")
OWNER = "postgres"  # of the cluster, on every distribution


@dataclass(frozen=True)
class LocalHost:
    """This machine, or the tree below `root`."""

    root: str = "/"
    patience: Patience = field(default_factory=Patience, repr=False, compare=False)
    counters: usage.Counters = field(default_factory=usage.Counters, repr=False, compare=False)

    def read(self, source: Source[T]) -> T:
        """See `agent.hosts.base.Host`."""
        return cast(T, self._read(source))

    def _read(self, source: Source[object]) -> object:
        files = Files(self.root)
        match source:
            case File():
                return self._waited(source, lambda: files.text(source))
            case Glob():
                return self._waited(source, lambda: files.texts(source))
            case Stat():
                return self._waited(source, lambda: files.stats(source))
            case Ask():  # only one that watches devices answers it (`ssh_devices`)
                raise Absent(NO_DEVICE)
            case After():
                raise TypeError(f"{source.describe()} must be resolved by the survey")
        if self.root != "/":
            raise Missing(
                Text(
                    f"tidak dibaca di bawah {self.root}: yang menjawab adalah sistem yang sedang berjalan, bukan berkas ini",
                    f"not read below {self.root}: the running system would answer, not these files",
                )
            )
        match source:
            case Command():
                return commands.run(source)
            case Sql():
                return _query(source)
            case Http():
                return loopback.get(source)
            case Usage():
                return self._waited(source, lambda: usage.read(source.reading, self.counters))
        raise Missing(f"a local host cannot read {source.describe()}")

    def _waited(self, source: Source[object], read: Callable[[], object]) -> object:
        """The kernel, unlike a child process, cannot be killed for being slow."""
        try:
            return self.patience.wait(source, source.timeout, read)
        except Hanging as error:
            raise Missing(joined((source.describe(), error.reason), ": ")) from error


def _query(source: Sql) -> str:
    """The rows. Root asks as the owner of the cluster, anyone else as themselves."""
    asking = Command(
        (*PSQL, f"--dbname={source.database}", f"--command={source.query}"),
        timeout=source.timeout,
        max_bytes=source.max_bytes,
    )
    try:
        return commands.run(asking, user=OWNER if os.geteuid() == 0 and _exists(OWNER) else None)
    except Missing as error:
        raise Missing(joined(("PostgreSQL", error.reason), ": ")) from error


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
