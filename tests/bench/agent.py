"""What the agent costs: `check` as a whole process, the daemon's memory and CPU, bytes on the wire."""

from __future__ import annotations

import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from agent.audit import answerable, audit
from agent.collector_client import CollectorClient
from agent.daemon import Daemon
from agent.hosts.local import LocalHost
from agent.identity import Identity
from agent.seal import Circumstances, seal_report
from agent.settings import Settings
from agent.spool import Place, Spool
from checks.catalogue import catalogue
from checks.check import HOUR, MINUTE
from checks.policy import Policy, rulebook
from evidence.envelope import pack_envelopes
from evidence.key import PrivateKey

BIN = Path(sys.executable).parent
RUNS = 5
DAEMON_SECONDS = 190.0
LEAK_SURVEYS = 360


def check(*arguments: str) -> dict[str, object]:
    """`pantau-agent check`: medians of wall, own CPU and children's CPU (seconds)."""
    wall, own, children = [], [], []
    script = (
        "import resource,sys,json,os;from agent.cli import main;sys.stdout=open(os.devnull,'w');"
        "main(['check','--json',*sys.argv[1:]]);s=resource.getrusage(resource.RUSAGE_SELF);"
        "c=resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(json.dumps([s.ru_utime+s.ru_stime,c.ru_utime+c.ru_stime]),file=sys.stderr)"
    )
    for _ in range(RUNS):
        start = time.monotonic()
        done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
        wall.append(time.monotonic() - start)
        mine, theirs = json.loads(done.stderr.splitlines()[-1])
        own.append(mine)
        children.append(theirs)
    return {
        "value": round(statistics.median(wall), 2), "unit": "s wall", "budget": 5,
        "own_cpu_seconds": round(statistics.median(own), 2), "own_cpu_budget": 2,
        "children_cpu_seconds": round(statistics.median(children), 2),
    }  # fmt: skip


def wire() -> dict[str, object]:
    """Bytes of one report of each cadence, as pushed (gzip)."""
    found = catalogue()
    book = rulebook(found, Policy())
    key = PrivateKey.generate()
    identity = Identity(key, "srv-0123456789abcdef", "bench", "https://pantau.example", key.public)
    figures: dict[str, object] = {}
    for every, budget in ((MINUTE, 1536), (HOUR, 12288)):
        chosen = [one for one in answerable(found) if one.every == every]
        taken = audit(LocalHost(), book, chosen, now=lambda: datetime.now(UTC))
        place = Place("0" * 16, 1000, "0" * 64, ())
        sealed = seal_report(taken, every, place, identity, Circumstances("0" * 36, 0.1, book.digest))
        body = pack_envelopes([sealed.packed()])
        figures[f"wire_{every}_s"] = {
            "value": len(gzip.compress(body, 6)), "unit": "bytes", "budget": budget, "checks": len(chosen),
            "uncompressed": len(body),
        }  # fmt: skip
    return figures


def minute_survey() -> dict[str, object]:
    """CPU of one survey of the minute cadence, own and children's, and what that is per hour."""
    found = catalogue()
    book = rulebook(found, Policy())
    chosen = [one for one in found.surveyed if one.every == MINUTE]
    host = LocalHost()  # one for all, as the daemon has it: it remembers rates and who holds which socket
    own, children = [], []
    for _ in range(RUNS + 1):
        before = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        audit(host, book, chosen, now=lambda: datetime.now(UTC))
        after = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        spent = [b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime for a, b in zip(before, after, strict=True)]
        own.append(spent[0])
        children.append(spent[1])
    mine, theirs = statistics.median(own[1:]), statistics.median(children[1:])
    return {
        "value": round((mine + theirs) * 60, 1), "unit": "CPU s/h", "budget": 5, "own_ms": round(mine * 1000, 1),
        "children_ms": round(theirs * 1000, 1), "checks": len(chosen),
    }  # fmt: skip


def leak() -> dict[str, object]:
    """Growth of this process over surveys of a minute that are kept as the daemon keeps them, and what that is in 24 hours."""
    with tempfile.TemporaryDirectory(prefix="pantau-bench-") as folder:
        known, key = Settings(state=folder, metrics=""), PrivateKey.generate()
        identity = Identity(key, "srv-0", "bench", "http://127.0.0.1:9", key.public)
        spool = Spool(known.path("spool.db"), most_bytes=known.spool_bytes, most_days=known.spool_days, repair=True)
        client = CollectorClient(identity.collector, known)
        agent = Daemon(known, identity, LocalHost(), catalogue(), spool, client, "0" * 36)
        checks = agent.jobs()[MINUTE]
        seen = []
        for number in range(LEAK_SURVEYS):
            agent.survey(MINUTE, checks)
            spool.acknowledge([one.digest for one in spool.waiting(most=9, most_bytes=1 << 20)])
            if number >= LEAK_SURVEYS // 2:  # pools and caches are full by then
                seen.append((number, psutil.Process().memory_info().rss / 1024))
        spool.close()
    slope = statistics.linear_regression(*zip(*seen, strict=True)).slope  # KiB a survey
    return {"value": round(slope * 1440 / 1024, 1), "unit": "MiB in 24 h", "budget": 2, "surveys": LEAK_SURVEYS}


def daemon() -> dict[str, object]:
    """PSS of the idle daemon, and its CPU over a steady window, without a collector."""
    with tempfile.TemporaryDirectory(prefix="pantau-bench-") as folder:
        script = (
            "from agent.settings import Settings;from agent.identity import *;from evidence.key import PrivateKey;"
            f"k=PrivateKey.generate();save(Settings(state={folder!r}),Identity(k,'srv-0','bench','http://127.0.0.1:9',k.public))"
        )
        subprocess.run([sys.executable, "-c", script], check=True)
        environment = {**os.environ, "PANTAU_STATE": folder, "PANTAU_METRICS": "127.0.0.1:0"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        process = subprocess.Popen(
            [str(BIN / "pantau-agent"), "run"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            seen = psutil.Process(process.pid)
            time.sleep(60)  # the first survey of every cadence
            before = seen.cpu_times()
            time.sleep(DAEMON_SECONDS)
            after = seen.cpu_times()
            pss = seen.memory_full_info().pss / 2**20
        finally:
            process.terminate()
            process.wait(60)
    own = after.user + after.system - before.user - before.system
    children = after.children_user + after.children_system - before.children_user - before.children_system
    hour = 3600 / DAEMON_SECONDS
    return {
        "agent_memory": {"value": round(pss, 1), "unit": "MiB PSS", "budget": 40},
        "agent_steady_cpu": {
            "value": round((own + children) * hour, 1), "unit": "CPU s/h", "budget": 5, "own": round(own * hour, 1),
            "children": round(children * hour, 1), "window_seconds": DAEMON_SECONDS,
        },
    }  # fmt: skip


def measure() -> dict[str, object]:
    """All figures of the agent."""
    return {
        "agent_check": check(),
        "agent_minute_survey": minute_survey(),
        "agent_leak": leak(),
        **wire(),
        **daemon(),
    }
