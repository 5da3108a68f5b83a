"""A real collector in processes of its own: `pantau-collector init`, `serve`, and every other command, on SQLite or PostgreSQL.

    with Collector.initialised(tmp_path) as collector, collector.serving():
        station = collector.enrol("spse1.contoh.go.id")
        assert collector.post(station.report(sshd())).status == 200

On PostgreSQL (PANTAU_COLLECTOR_DATABASE is set) each collector has a database of its own on that cluster.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import msgspec
import psycopg

from checks.catalogue import catalogue
from checks.policy import Policy, rulebook
from collector import SOFTWARE
from collector.config import PREFIX
from collector.registry.demo import SLUG
from collector.registry.models import Agent
from evidence.enrolment import MEDIA_TYPE as ENROLMENT
from evidence.enrolment import Enrolled
from evidence.envelope import BATCH_MEDIA_TYPE, MEDIA_TYPE, Envelope, seal
from evidence.key import PrivateKey
from tests.collector.world import Sensor

COMMAND = str(Path(sys.executable).with_name("pantau-collector"))
DATABASE = os.environ.get(PREFIX + "DATABASE", "")
POSTGRESQL = bool(DATABASE)
ENVELOPE = {"content-type": MEDIA_TYPE}
BATCH = {"content-type": BATCH_MEDIA_TYPE}

TOKENS = f"""
import django, sys; django.setup()
from datetime import UTC, datetime
from collector.registry.enrolment import create_token
from collector.registry.models import Provider
provider = Provider.objects.get(slug={SLUG!r})
for _ in range(int(sys.argv[1])): print(create_token(provider, now=datetime.now(UTC)))
"""


def free_port() -> int:
    """A TCP port on loopback that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def raise_open_files() -> None:
    """Let this process hold thousands of connections."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@dataclass
class Collector:
    """One collector: its state directory, its settings, and its server process while it serves."""

    state: Path
    environment: dict[str, str]
    port: int
    scheme: str = "http"
    process: subprocess.Popen[bytes] | None = None
    tokens: list[str] = field(default_factory=list)
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)  # a connection of its own for each request
        self.client = httpx.Client(verify=False, trust_env=False, timeout=30, limits=limits)

    @classmethod
    @contextlib.contextmanager
    def initialised(cls, folder: Path, *, database: str | None = None, **settings: object) -> Iterator[Collector]:
        """A collector after `init --demo`. `settings` are keys of the configuration."""
        with _database() if database is None else contextlib.nullcontext(database) as url:
            made = cls.at(folder, database=url, **settings)
            made.run("init", "--demo")
            try:
                yield made
            finally:
                made.kill()

    @classmethod
    def at(cls, folder: Path, *, database: str = "", **settings: object) -> Collector:
        """A collector that was not initialised."""
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        environment |= {
            PREFIX + "STATE": str(folder / "state"),
            PREFIX + "DATABASE": database,
            PREFIX + "LISTEN": f"127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "collector.settings",
            "PYTHONUNBUFFERED": "1",
        }
        environment |= {PREFIX + name.upper(): str(value) for name, value in settings.items()}
        return cls(folder / "state", environment, port, "https" if settings.get("tls_certificate") else "http")

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the server said on stderr."""
        return (self.state.parent / "server.log").read_text(encoding="utf-8", errors="replace")

    # --- commands

    def command(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one command of `pantau-collector`."""
        return subprocess.run(
            [COMMAND, *arguments],
            env=self.environment | environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def run(self, *arguments: str) -> str:
        """What one command prints; it must succeed."""
        done = self.command(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    # --- serving

    @contextlib.contextmanager
    def serving(self, **limits: int) -> Iterator[Collector]:
        """Serve until the block ends."""
        self.start(**limits)
        try:
            yield self
        finally:
            self.stop()

    def start(self, **limits: int) -> None:
        """Start `serve` and wait until it listens. `limits`: soft limits by name (`nofile=1024`), as of util-linux prlimit."""
        limited = ["prlimit", *(f"--{name}={value}:" for name, value in limits.items()), "--"] if limits else []
        with (self.state.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*limited, COMMAND, "serve"],
                env=self.environment, stdout=subprocess.DEVNULL, stderr=log,
            )  # fmt: skip
        wait_until(self._listens, 30, "the collector to listen")

    def _listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log[-3000:]
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def stop(self) -> int:
        """End it politely; returns its exit code."""
        if self.process is None:
            return 0
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(20)
        finally:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    # --- HTTP

    def get(self, path: str, **headers: str) -> httpx.Response:
        """One request on a connection of its own."""
        return self.client.get(self.url + path, headers=headers)

    def post(self, content: Envelope | bytes, path: str = "/v1/reports", **options: Any) -> httpx.Response:
        """Post one envelope, or these bytes."""
        raw = content.encode() if isinstance(content, Envelope) else content
        headers = ENVELOPE | options.pop("headers", {})
        return self.client.post(self.url + path, content=raw, headers=headers, **options)

    def post_batch(self, *lines: Envelope | bytes) -> httpx.Response:
        """Post several envelopes, one per line."""
        raw = b"\n".join(line.encode() if isinstance(line, Envelope) else line for line in lines)
        return self.post(raw + b"\n", headers=BATCH)

    def raw(self, content: bytes, *, timeout: float = 10) -> bytes:
        """Send these very bytes; everything that comes back until the server closes or is silent for `timeout`."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            with contextlib.suppress(OSError):  # it may have had enough before the end
                connection.sendall(content)
            return read_all(connection)

    def enrol(self, hostname: str = "spse1.contoh.go.id", *, token: str | None = None) -> Sensor:
        """A newly enrolled agent, over HTTP."""
        key = PrivateKey.generate()
        answer = self.post(enrolment(key, token or self.token(), hostname), "/v1/enrolments")
        assert answer.status_code == 200, answer.text
        enrolled = _enrolled(answer.content)
        return Sensor(Agent(key_id=key.public.id, server_id=enrolled.server), key, rulebook(catalogue(), Policy()))

    def token(self) -> str:
        """A fresh enrolment token of the demonstration provider."""
        if not self.tokens:
            done = subprocess.run(
                [sys.executable, "-c", TOKENS, "200"], env=self.environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            self.tokens = done.stdout.split()
        return self.tokens.pop()

    def metrics(self) -> dict[str, float]:
        """Samples of /metrics: name with labels -> value."""
        return samples(self.get("/metrics").text)

    def refused(self) -> dict[str, int]:
        """How many requests and reports were refused, by reason; reasons that did not occur are left out."""
        found = re.findall(
            r'^pantau_collector_reports_refused_total\{reason="(\w+)"\} (\S+)$', self.get("/metrics").text, re.MULTILINE
        )
        return {reason: int(float(count)) for reason, count in found if float(count)}

    # --- the database, behind its back

    @contextlib.contextmanager
    def connection(self) -> Iterator[Any]:
        """A connection to its database (autocommit)."""
        if url := self.environment[PREFIX + "DATABASE"]:
            with psycopg.connect(url, autocommit=True) as connection:
                yield connection
            return
        lite = sqlite3.connect(self.state / "collector.db", timeout=30, isolation_level=None)
        try:
            yield lite
        finally:
            lite.close()

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of one statement, with %s for its parameters."""
        with self.connection() as connection:
            if isinstance(connection, sqlite3.Connection):
                statement = statement.replace("%s", "?")
            cursor = connection.execute(statement, parameters)
            return list(cursor.fetchall()) if cursor.description else []

    @property
    def entries(self) -> int:
        """How many entries the ledger has."""
        return int(self.query("SELECT count(*) FROM ledger_entry")[0][0])

    def wait_judged(self) -> None:
        """Wait until everything in the ledger is judged."""
        judged = (
            "SELECT (SELECT coalesce(max(id), 0) FROM ledger_entry) "
            "<= (SELECT coalesce(max(position), 0) FROM ledger_cursor)"
        )
        wait_until(lambda: bool(self.query(judged)[0][0]), 20, "the judge")


def samples(text: str) -> dict[str, float]:
    """Samples of a Prometheus exposition."""
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def enrolment(key: PrivateKey, token: str, hostname: str = "spse1.contoh.go.id", **changes: Any) -> Envelope:
    """An enrolment, sealed by the key it presents."""
    values = {
        "token": token, "public_key": key.public.raw, "hostname": hostname,
        "machine_id": secrets.token_hex(16), "software": SOFTWARE,
    } | changes  # fmt: skip
    return seal(ENROLMENT, msgspec.json.encode(values), key)


def _enrolled(raw: bytes) -> Enrolled:
    return msgspec.json.decode(raw, type=Enrolled)


def reasons(answer: httpx.Response) -> list[str]:
    """What an answer says of each entry: its reason if it was refused, else its status."""
    return [entry.get("reason") or entry["status"] for entry in answer.json()["entries"]]


def head_of(raw: bytes) -> tuple[int, bytes]:
    """Status and body of the first response in raw bytes; status 0 where there is none."""
    head, _, body = raw.partition(b"\r\n\r\n")
    found = re.match(rb"HTTP/1\.[01] (\d{3})", head)
    return (int(found[1]) if found else 0), body


def read_all(connection: socket.socket) -> bytes:
    """Everything that comes until the other side closes or the socket's time-out."""
    received = b""
    with contextlib.suppress(OSError):
        while chunk := connection.recv(65536):
            received += chunk
    return received


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until `holds`; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.05)


@contextlib.contextmanager
def _database() -> Iterator[str]:
    """A database of one's own on the cluster under test; empty for SQLite."""
    if not POSTGRESQL:
        yield ""
        return
    name = f"pantau_{secrets.token_hex(6)}"
    with psycopg.connect(DATABASE, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        yield urlunsplit(urlsplit(DATABASE)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(DATABASE, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
