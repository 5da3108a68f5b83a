"""The collector under load: one core, SQLite, the generator on another core; medians of `RUNS` runs.

Every figure is of durable reports: verified, committed and fsynced before the answer. Each is measured with the judge beside
the door on the same core, as in production, and once more at the door alone; how fast the judge is stands by itself.
`times_floor`: how much longer a report takes than verifying its signature and its share of an fsync take alone.
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
from evidence.envelope import pack_envelopes, pae, seal
from evidence.key import PrivateKey
from evidence.report import MEDIA_TYPE, Report, pack

SERVER_CORE, LOAD_CORE = "0", "1"
SECONDS = 6.0
RUNS = 3
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

    def processes(self) -> list[psutil.Process]:
        """The door, and the judge if there is one."""
        return [self.process, *self.process.children()]

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
            target=agent.server, stream=stream, sequence=sequence + 1, previous=previous,
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
    lag = running.unjudged() if judged else 0
    start = time.monotonic()
    while judged and running.unjudged() and time.monotonic() - start < 300:
        time.sleep(0.05)
    stored = running.reports() - before
    if stored != figures["acknowledged"]:
        raise RuntimeError(f"{figures['acknowledged']} acknowledged, {stored} stored: {figures}")
    figures |= {
        "per_second": round(figures["acknowledged"] / figures["seconds"], 1),
        "cpu_seconds_per_1000": round(cpu / max(1, figures["acknowledged"]) * 1000, 3),
    }
    if judged:
        spent = time.monotonic() - start
        figures |= {
            "judge_lag_reports": lag, "judge_catch_up_seconds": round(spent, 2),
            "judged_per_second_after": round(lag / spent, 1) if lag > 100 else 0.0,
        }  # fmt: skip
    return figures


def floor(folder: Path) -> dict[str, float]:
    """What verifying one signature (of 9 KB), and one fsync, cost alone (microseconds, medians)."""
    key = PrivateKey.generate()
    signed = pae(MEDIA_TYPE, os.urandom(9000))
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


def median(runs: list[dict[str, float]]) -> dict[str, float]:
    """The run with the median rate, with the lowest and highest rate of all."""
    ranked = sorted(runs, key=lambda run: run["per_second"])
    return {**ranked[len(ranked) // 2], "lowest": ranked[0]["per_second"], "highest": ranked[-1]["per_second"]}


def at_full_load(
    running: Running, agents: list[Agent], *, results: int, every: int, count: int, judged: bool
) -> dict[str, float]:
    """As many reports as get through, by all of `agents` at once."""
    runs = []
    for _ in range(RUNS):
        sealed = envelopes(agents, count, results=results, every=every)
        runs.append(load(running, sealed, len(agents), judged=judged) | {"body_bytes": len(sealed[0])})
    return median(runs)


def door(figures: dict[str, object], alone: dict[str, float], *, judge: bool) -> None:
    """Add what the door does, with the judge beside it or alone."""
    name = "with_judge" if judge else "door_alone"
    budgets = {512: 3000}
    with collector(judge) as running:
        agents = enrol(running, 512)
        said: dict[str, float] = {}
        for connections in (1, 64, 512):
            count = 8_000 if connections == 1 else 25_000
            said = at_full_load(running, agents[:connections], results=40, every=MINUTE, count=count, judged=judge)
            floor_us = alone["verify_us"] + alone["fdatasync_us"] / min(connections, 256)
            figures[f"collector_{name}_40_results_{connections}_connections"] = {
                "value": said["per_second"], "unit": "reports/s", "budget": budgets.get(connections), **said,
                "times_floor": round(1e6 / said["per_second"] / floor_us, 2),
            }  # fmt: skip
        half = said["per_second"] / 2
        sealed = envelopes(agents, int(half * SECONDS) + 1000, results=40, every=MINUTE)
        said = load(running, sealed, 512, rate=half, judged=judge)
        figures[f"collector_{name}_half_load_p99"] = {"value": said["p99"], "unit": "ms", "budget": 25, **said}
        said = at_full_load(running, agents[:64], results=200, every=HOUR, count=9_000, judged=judge)
        figures[f"collector_{name}_200_results_64_connections"] = {
            "value": said["per_second"], "unit": "reports/s", "budget": 1500, **said
        }  # fmt: skip
        figures[f"collector_{name}_memory"] = {
            "value": round(sum(one.memory_full_info().pss for one in running.processes()) / 2**20, 1), "unit": "MiB PSS",
            "door": round(running.process.memory_full_info().pss / 2**20, 1),
        }  # fmt: skip


def measure() -> dict[str, object]:
    """All figures of the collector; core 0 and 1 may be two threads of one core, which slows both."""
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="pantau-bench-") as folder:
        alone = floor(Path(folder))
    figures["floor"] = {"unit": "microseconds", **alone}
    door(figures, alone, judge=False)
    door(figures, alone, judge=True)
    return figures
