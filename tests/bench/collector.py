"""The collector under load: one process on one core, SQLite, the generator on another core.

Every figure is of durable reports: verified, committed and fsynced before the answer. The judge runs beside it, as in
production; how long it needs afterwards to catch up is a figure of its own.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psutil

from agent.audit import answerable, audit
from agent.hosts.local import LocalHost
from checks import SOFTWARE
from checks.catalogue import catalogue
from checks.check import HOUR, MINUTE
from checks.policy import Policy, rulebook
from checks.verdict import Result
from evidence import enrolment as wire
from evidence.envelope import pack_envelopes, pae, seal, unpack_envelopes
from evidence.key import PrivateKey
from evidence.report import MEDIA_TYPE, Report, pack

SERVER_CORE, LOAD_CORE = "0", "1"
SECONDS = 8.0
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Agent:
    """An enrolled agent of the bench."""

    key: PrivateKey
    server: str


@dataclass(frozen=True)
class Running:
    """A serving collector."""

    port: int
    state: Path
    process: psutil.Process

    def reports(self) -> int:
        """Entries in the ledger."""
        with closing(sqlite3.connect(self.state / "collector.db", timeout=30)) as db:
            return int(db.execute("SELECT count(*) FROM ledger_entry").fetchone()[0])

    def unjudged(self) -> int:
        """Entries not judged yet."""
        with closing(sqlite3.connect(self.state / "collector.db", timeout=30)) as db:
            row = db.execute(
                "SELECT (SELECT coalesce(max(id), 0) FROM ledger_entry) - coalesce((SELECT position FROM ledger_cursor), 0)"
            ).fetchone()
        return int(row[0])


@contextmanager
def collector(judge: bool = True) -> Iterator[Running]:
    """A fresh collector on one core."""
    with tempfile.TemporaryDirectory(prefix="pantau-bench-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {
            **os.environ, "PANTAU_COLLECTOR_STATE": folder, "PANTAU_COLLECTOR_LISTEN": f"127.0.0.1:{port}",
            "PANTAU_COLLECTOR_JUDGE": "true" if judge else "false",
        }  # fmt: skip
        command = str(BIN / "pantau-collector")
        subprocess.run([command, "init", "--demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
        process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, command, "serve"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=1).read()
                    break
                except OSError:
                    time.sleep(0.05)
            yield Running(port, Path(folder), psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(30)


def enrol(running: Running, count: int) -> list[Agent]:
    """Enrol `count` agents through the door."""
    script = (
        "import os,sys;os.environ['DJANGO_SETTINGS_MODULE']='collector.settings';import django;django.setup();"
        "from datetime import UTC,datetime;from collector.registry.enrolment import create_token;"
        "from collector.registry.models import Provider;p=Provider.objects.get();"
        f"[print(create_token(p,now=datetime.now(UTC))) for _ in range({count})]"
    )
    environment = {**os.environ, "PANTAU_COLLECTOR_STATE": str(running.state)}
    tokens = subprocess.run(
        [sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True
    ).stdout
    agents = []
    for number, token in enumerate(tokens.split()):
        key = PrivateKey.generate()
        asked = wire.Enrolment(token, key.public.raw, f"bench-{number}", "", SOFTWARE)
        request = urllib.request.Request(
            f"http://127.0.0.1:{running.port}/v1/enrolments",
            data=seal(wire.MEDIA_TYPE, msgspec.json.encode(asked), key).encode(),
        )
        with urllib.request.urlopen(request) as answer:
            agents.append(Agent(key, msgspec.json.decode(answer.read(), type=wire.Enrolled).server))
    return agents


def envelopes(agents: list[Agent], count: int, *, results: int, every: int) -> list[bytes]:
    """`count` request bodies of one packed report each, dealt to `agents` in turn; `results` of this machine's survey in each."""
    found = catalogue()
    book = rulebook(found, Policy())
    chosen, total = [], 0
    local = sorted(answerable(found), key=lambda check: check.every)
    taken = audit(LocalHost(), book, local, now=lambda: datetime.now(UTC))
    per_check: dict[str, int] = {}
    for result in taken.results:
        per_check[result.check] = per_check.get(result.check, 0) + 1
    for check in local:
        if total < results:
            chosen.append(check)
            total += per_check.get(check.code, 0)
    taken = audit(LocalHost(), book, chosen, now=lambda: datetime.now(UTC))
    claims = [Result(one.check, one.status, subject=one.subject) for one in taken.results]
    claims = (claims * (results // max(1, len(claims)) + 1))[:results]
    facts, missing, absent = pack(taken.snapshot)
    heads = [(secrets.token_hex(8), 0, "") for _ in agents]
    start = datetime.now(UTC)
    sealed = []
    for number in range(count):
        agent = agents[number % len(agents)]
        stream, sequence, previous = heads[number % len(agents)]
        report = Report(
            server=agent.server, stream=stream, sequence=sequence + 1, previous=previous,
            taken_at=start + timedelta(milliseconds=number), boot_id="bench", software=SOFTWARE,
            policy=book.digest, every=every, facts=facts, missing=missing, absent=absent,
            results=tuple(claims),
        )  # fmt: skip
        envelope = seal(MEDIA_TYPE, report.encode(), agent.key)
        heads[number % len(agents)] = (stream, sequence + 1, envelope.digest)
        sealed.append(pack_envelopes([envelope.packed()]))
    return sealed


def load(
    running: Running,
    sealed: list[bytes],
    connections: int,
    *,
    rate: float = 0.0,
    seconds: float = SECONDS,
    judged: bool = True,
) -> dict[str, float]:
    """Run the generator on its own core; returns its figures with the server's CPU and judge lag."""
    with tempfile.NamedTemporaryFile(dir=running.state, suffix=".msgpack") as file:
        file.write(msgspec.msgpack.encode(sealed))
        file.flush()
        before, cpu = running.reports(), sum(running.process.cpu_times()[:2])
        command = ["taskset", "-c", LOAD_CORE, sys.executable, "-m", "tests.bench.load"]
        arguments = [str(running.port), str(connections), str(seconds), file.name, *([str(rate)] if rate else [])]
        said = subprocess.run([*command, *arguments], check=True, capture_output=True, text=True).stdout
    figures: dict[str, float] = json.loads(said)
    cpu = sum(running.process.cpu_times()[:2]) - cpu
    lag = running.unjudged()
    start = time.monotonic()
    while judged and running.unjudged() and time.monotonic() - start < 300:
        time.sleep(0.05)
    stored = running.reports() - before
    if stored != figures["acknowledged"]:
        raise RuntimeError(f"{figures['acknowledged']} acknowledged, {stored} stored: {figures}")
    figures |= {
        "per_second": round(figures["acknowledged"] / figures["seconds"], 1),
        "cpu_seconds_per_1000": round(cpu / max(1, figures["acknowledged"]) * 1000, 3),
        "judge_lag_reports": lag,
        "judge_catch_up_seconds": round(time.monotonic() - start, 2),
    }
    return figures


def floor(sealed: bytes, folder: Path) -> dict[str, float]:
    """What verifying one signature, and one fsync, cost alone (microseconds, medians)."""
    key = PrivateKey.generate()
    payload = unpack_envelopes(sealed)[0].payload
    signed = pae(MEDIA_TYPE, payload)
    signature, public = key.sign(signed), key.public
    verify = []
    for _ in range(2000):
        start = time.perf_counter()
        public.verifies(signature, signed)
        verify.append(time.perf_counter() - start)
    sync = []
    with (folder / "sync").open("wb") as file:
        for _ in range(200):
            file.write(b"x" * 4096)
            file.flush()
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            sync.append(time.perf_counter() - start)
    return {
        "verify_us": round(statistics.median(verify) * 1e6, 1), "fdatasync_us": round(statistics.median(sync) * 1e6, 1)
    }  # fmt: skip


def measure() -> dict[str, object]:
    """All figures of the collector."""
    figures: dict[str, object] = {}
    budgets = {1: None, 64: None, 512: (3000, 200)}
    with collector() as running:
        agents = enrol(running, 512)
        for connections in (1, 64, 512):
            sealed = envelopes(agents[:connections], {1: 20_000}.get(connections, 60_000), results=40, every=MINUTE)
            said = load(running, sealed, connections)
            figures[f"collector_40_results_{connections}_connections"] = {
                "value": said["per_second"], "unit": "reports/s", "budget": (budgets[connections] or [None])[0], **said
            }  # fmt: skip
            figures["report_40_results_bytes"] = {"value": len(sealed[0]), "unit": "bytes of envelope"}
        half = float(figures["collector_40_results_512_connections"]["value"]) / 2  # type: ignore[index]
        sealed = envelopes(agents, int(half * SECONDS) + 1000, results=40, every=MINUTE)
        said = load(running, sealed, 512, rate=half)
        figures["collector_half_load_p99"] = {"value": said["p99"], "unit": "ms", "budget": 25, **said}
        sealed = envelopes(agents[:64], 25_000, results=200, every=HOUR)
        said = load(running, sealed, 64)
        figures["collector_200_results_64_connections"] = {
            "value": said["per_second"], "unit": "reports/s", "budget": 1500, **said
        }  # fmt: skip
        figures["floor"] = {"unit": "microseconds", **floor(sealed[0], running.state)}
        figures["collector_memory"] = {
            "value": round(running.process.memory_full_info().pss / 2**20, 1), "unit": "MiB PSS"
        }  # fmt: skip
    return figures
