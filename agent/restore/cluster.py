"""A scratch PostgreSQL: in a folder of its own, on a Unix socket, without TCP, with a password that nobody knows.

Laws:
- Two roles: the superuser makes databases and extensions and counts rows; the dump is restored by a role that may only make
  databases. For the superuser nothing but the system catalogue is in the search path.
- It writes no log of statements, and nothing of the dump.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent.problem import Problem
from agent.restore.errors import Failed, weigh
from agent.restore.processes import Account, end
from agent.restore.tools import Tools
from checks.text import Text

SUPERUSER, RESTORER, DATABASE = "pantau_super", "pantau_restore", "pantau_restored"
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "", "unix_socket_permissions": "0777", "max_connections": "10", "shared_buffers": "64MB",
    "maintenance_work_mem": "128MB", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "wal_level": "minimal", "max_wal_senders": "0", "min_wal_size": "32MB", "max_wal_size": "128MB", "archive_mode": "off",
    "autovacuum": "off", "jit": "off", "logging_collector": "off", "log_destination": "stderr", "log_min_messages": "fatal",
    "log_min_error_statement": "panic", "shared_preload_libraries": "", "max_locks_per_transaction": "256",
    "cluster_name": "pantau restore test", "huge_pages": "off",
}  # fmt: skip
START, STOP = 60.0, 60.0  # seconds


@dataclass
class Cluster:
    """One scratch cluster in `folder`. `server` runs it; `reader` runs every client, until `deadline` (monotonic)."""

    folder: Path
    tools: Tools
    server: Account
    reader: Account
    deadline: float
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def environment(self, user: str, database: str) -> dict[str, str]:
        """How libpq connects."""
        options = {"PGOPTIONS": "-c search_path=pg_catalog"} if user == SUPERUSER else {}
        return {
            "PGHOST": str(self.folder / "s"), "PGPORT": "5432", "PGUSER": user, "PGPASSWORD": self.password,
            "PGDATABASE": database, "PGAPPNAME": "pantau-agent restore-test", **options,
        }  # fmt: skip

    def start(self) -> None:
        """Make the cluster and start it. Raises Problem with the last line that PostgreSQL said."""
        (self.folder / "s").mkdir()
        (self.folder / "s").chmod(0o711)
        self._give(self.folder / "s")
        secret, log = self.folder / "password", self.folder / "log"
        self._write(secret, self.password)
        self._write(log, "")
        with log.open("ab") as said:
            made = self.server.start(
                [
                    self.tools["initdb"], "-D", str(self.data), "-U", SUPERUSER, "-A", "scram-sha-256",
                    f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync",
                ],
                self.folder, stdout=said, stderr=said,
            )  # fmt: skip
            try:
                code = made.wait(timeout=300)
            except subprocess.TimeoutExpired:
                code = -1
            finally:
                end(made)
            secret.unlink()
            if code:
                raise Problem(self._not_started())
            self._configure()
            self._process = self.server.start(
                [self.tools["postgres"], "-D", str(self.data)], self.folder, stdout=said, stderr=said
            )
        deadline = time.monotonic() + START
        while not self.alive or self._psql("SELECT 1", SUPERUSER, "postgres").returncode:
            if not self.alive or time.monotonic() > deadline:
                raise Problem(self._not_started())
            time.sleep(0.1)
        role = f"CREATE ROLE {RESTORER} LOGIN CREATEDB PASSWORD '{self.password}'"
        self.ask(role, database="postgres")

    @property
    def alive(self) -> bool:
        """Does the server run?"""
        return self._process is not None and self._process.poll() is None

    def ask(self, statement: str, database: str = DATABASE) -> list[list[str]]:
        """Rows of a statement of our own, as the superuser. Raises Failed."""
        done = self._psql(statement, SUPERUSER, database)
        if done.returncode:
            reasons = [
                reason
                for line in done.stderr.decode("utf-8", "replace").splitlines()
                if (reason := weigh(f"psql: {line}"))
            ]
            raise Failed(reasons[0] if reasons else "refused" if self.alive else "stopped")
        return [line.split("\t") for line in done.stdout.decode("utf-8", "replace").splitlines()]

    def _psql(self, statement: str, user: str, database: str) -> subprocess.CompletedProcess[bytes]:
        argv = [self.tools["psql"], "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement]
        process = self.reader.start(
            argv, self.folder, self.environment(user, database), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            out, err = process.communicate(timeout=max(1.0, self.deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise Failed("too_slow") from None
        finally:
            end(process)
        return subprocess.CompletedProcess(argv, process.returncode, out, err)

    def stop(self, *, kept: bool = False) -> None:
        """End the server: in order if its files are kept, at once if not."""
        if self._process is None:
            return
        if self.alive:
            self._process.send_signal(signal.SIGINT if kept else signal.SIGQUIT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=STOP)
        end(self._process)

    def open_to_its_owner(self) -> None:
        """Let the account of the cluster, and no other, in without the password that nobody knows."""
        if self.data.exists():
            self._change("postgresql.conf", "unix_socket_permissions = '0700'\n")
            self._change("pg_hba.conf", "local all all trust\n", os.O_TRUNC)

    def _configure(self) -> None:
        lines = "".join(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
        socket = str(self.folder / "s").replace("'", "''")
        self._change("postgresql.conf", f"\n{lines}unix_socket_directories = '{socket}'\n")

    def _change(self, name: str, text: str, how: int = os.O_APPEND) -> None:
        handle = os.open(self.data / name, os.O_WRONLY | os.O_NOFOLLOW | how)
        with os.fdopen(handle, "w") as file:
            file.write(text)

    def _write(self, path: Path, text: str) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
        self._give(path)

    def _give(self, path: Path) -> None:
        if self.server.name:
            os.chown(path, self.server.uid, self.server.gid, follow_symlinks=False)

    def _not_started(self) -> Text:
        said = (self.folder / "log").read_text("utf-8", "replace").strip().splitlines()
        last = (said or ["?"])[-1][:300]
        return Text(
            f"PostgreSQL sementara {self.tools.version} tidak dapat dibuat atau dijalankan: {last}",
            f"the scratch PostgreSQL {self.tools.version} could not be made or started: {last}",
        )
