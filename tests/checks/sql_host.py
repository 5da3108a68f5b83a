"""A host whose PostgreSQL is a cluster of the tests: `Sql` and `pg_isready` go to its socket, as the agent's would.

Files are read below `root`, a tree that says whether PostgreSQL is installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from agent.hosts import commands
from agent.hosts.local import PSQL, LocalHost
from agent.survey import Survey
from checks.fact import Fact, Snapshot
from checks.source import Command, Source, Sql
from tests.postgres_cluster import Cluster

T = TypeVar("T")
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class SqlHost:
    """See the module. `user` asks; by default the superuser."""

    cluster: Cluster
    root: str
    user: str = "postgres"

    def read(self, source: Source[T]) -> T:
        return cast(T, self._read(source))

    def _read(self, source: Source[object]) -> object:
        where = (f"--host={self.cluster.host}", f"--port={self.cluster.port}", f"--username={self.user}")
        match source:
            case Sql():
                argv = (*PSQL, *where, f"--dbname={source.database}", f"--command={source.query}")
                return commands.run(Command(argv, timeout=source.timeout, max_bytes=source.max_bytes))
            case Command(argv=("pg_isready", *rest)):
                return commands.run(Command(("pg_isready", *rest, *where), ok=source.ok))
        return LocalHost(self.root).read(source)


def survey(cluster: Cluster, root: Path, *kinds: type[Fact], user: str = "postgres") -> Snapshot:
    """What an agent reads on a host with this PostgreSQL. `root` is an empty directory of the test's."""
    conf = root / "etc/postgresql/15/main/postgresql.conf"
    conf.parent.mkdir(parents=True, exist_ok=True)
    conf.touch()
    return Survey(SqlHost(cluster, str(root), user)).take(kinds)


def read(cluster: Cluster, root: Path, kind: type[F], *, user: str = "postgres") -> F:
    """One fact of that host; the test fails, with the reason, if it could not be read."""
    seen = survey(cluster, root, kind, user=user)
    fact = seen.facts.get(kind)
    assert isinstance(fact, kind), {**seen.missing, **seen.absent}
    return fact
