"""Real PostgreSQL for tests: clusters of their own, on a Unix socket, gone when the test ends.

    pytest_plugins = ("tests.postgres_cluster",)

    def test_something(postgres: Cluster) -> None:       # one cluster for the whole session, shared
        ...
    with cluster(listen_addresses="127.0.0.1") as own:           # one of your own, to change and break
        ...

PostgreSQL refuses to run as root: root starts it as the user `postgres`, anyone else as themselves. Tests are skipped,
with the reason, where there are no binaries. (PYTEST_DONT_REWRITE: test modules import this before pytest does.)
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

PORT = 5432  # without TCP only part of the socket's name: each cluster has a directory of its own


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL; `host` is the directory of its socket, `user` a superuser who needs no password."""

    host: str
    port: int
    user: str
    data: Path
    binaries: Path

    def dsn(self, dbname: str = "postgres") -> str:
        """How libpq connects to one of its databases."""
        return f"host={self.host} port={self.port} user={self.user} dbname={dbname}"

    def execute(self, *statements: str, dbname: str = "postgres") -> list[tuple[Any, ...]]:
        """Run `statements`, each in a transaction of its own; the rows of the last one."""
        with psycopg.connect(self.dsn(dbname), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def create_database(self, name: str) -> None:
        self.execute(f'CREATE DATABASE "{name}"')

    def drop_database(self, name: str) -> None:
        """Drop it, whoever is connected."""
        self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def set(self, **settings: str) -> None:
        """Change settings that need no restart."""
        self.execute(*(f"ALTER SYSTEM SET {name} = '{value}'" for name, value in settings.items()))
        self.reload()

    def hba(self, *rules: str) -> None:
        """Replace pg_hba.conf."""
        (self.data / "pg_hba.conf").write_text("".join(f"{rule}\n" for rule in rules))
        self.reload()

    def reload(self) -> None:
        self._pg_ctl("reload")

    def start(self) -> None:
        self._pg_ctl("start", "-w", "-l", str(self.data.parent / "log"), "-o", f"-k {self.host} -p {self.port}")

    def stop(self, mode: str = "immediate") -> None:
        self._pg_ctl("stop", "-w", "-m", mode)

    def _pg_ctl(self, action: str, *arguments: str) -> None:
        run(self.binaries / "pg_ctl", action, "-D", self.data, "-s", *arguments, cwd=self.data.parent)


@contextlib.contextmanager
def cluster(*initdb: str, **settings: str) -> Iterator[Cluster]:
    """A fresh cluster with `settings` in its postgresql.conf; `initdb` are options of that command."""
    with _place() as (place, binaries):
        run(
            binaries / "initdb", "-D", place / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync", *initdb, cwd=place,
        )  # fmt: skip
        with _running(Cluster(str(place), _port(settings), "postgres", place / "data", binaries), settings) as made:
            yield made


@contextlib.contextmanager
def standby(of: Cluster, **settings: str) -> Iterator[Cluster]:
    """A streaming standby of a cluster."""
    with _place() as (place, binaries):
        run(
            binaries / "pg_basebackup", "-h", of.host, "-p", str(of.port), "-U", of.user, "-D", place / "data",
            "--checkpoint=fast", "--no-sync", "--write-recovery-conf", cwd=place,
        )  # fmt: skip
        with _running(Cluster(str(place), _port(settings), "postgres", place / "data", binaries), settings) as made:
            yield made


def caught_up(second: Cluster, table: str) -> None:
    """Wait, 10 s at the most, until a standby has `table`."""
    for _ in range(100):
        if second.execute(f"SELECT to_regclass('{table}')") != [(None,)]:
            return
        time.sleep(0.1)
    pytest.fail(f"the standby did not get the table {table}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One cluster for all tests of the session. Leave it as you found it."""
    with cluster() as made:
        yield made


@contextlib.contextmanager
def _place() -> Iterator[tuple[Path, Path]]:
    """A directory for a cluster, and where the binaries are."""
    binaries = newest_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (looked in /usr/lib/postgresql, /usr/pgsql-* and PATH)")
    place = Path(tempfile.mkdtemp(prefix="pantau-pg-", dir="/tmp"))  # short: a socket's path has 107 bytes
    try:
        if os.geteuid() == 0:
            owner = account()
            os.chown(place, owner.pw_uid, owner.pw_gid)
        yield place, binaries
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _port(settings: dict[str, str]) -> int:
    """A free TCP port where the cluster shall listen on one."""
    if not settings.get("listen_addresses"):
        return PORT
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.contextmanager
def _running(made: Cluster, settings: dict[str, str]) -> Iterator[Cluster]:
    quick = {"listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with (made.data / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in (quick | settings).items())
    made.start()
    try:
        yield made
    finally:
        with contextlib.suppress(RuntimeError):  # the test stopped it
            made.stop()


def newest_binaries() -> Path | None:
    """The directory of `initdb` of the newest PostgreSQL on this machine."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    found = [folder for folder in folders if (folder / "initdb").exists()]
    if found:
        return max(found, key=lambda folder: int("".join(filter(str.isdigit, str(folder))) or 0))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def account() -> pwd.struct_passwd:
    """The user `postgres`; the test is skipped where there is none."""
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL refuses to run as root, and there is no user postgres to run it")


def run(*argv: str | Path, cwd: Path) -> None:
    """Run one of PostgreSQL's programs, as `postgres` if we are root."""
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        owner = account()
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile() as log:
        done = subprocess.run(
            [str(part) for part in argv],
            cwd=cwd,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # not a pipe: the server would keep it open
            stderr=log,
            check=False,
            **identity,
        )
        if done.returncode:
            log.seek(0)
            raise RuntimeError(f"{argv[0]} ended with {done.returncode}: {log.read().decode(errors='replace')}")
