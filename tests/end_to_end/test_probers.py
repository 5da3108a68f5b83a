"""Two probers, a collector and a public site as real processes and real HTTP: what a quorum sees becomes a finding."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.text import words
from checks.verdict import Status
from collector.registry.demo import SLUG
from collector.surveillance.state import State, decode
from tests.collector.process import Collector, wait_until
from tests.public_site import Server, good, html, served

AGENT = str(Path(sys.executable).with_name("pantau-agent"))
GRACE = 3  # seconds
CODE = "L-AVL-01"
FAIL, PASS, UNKNOWN = Status.FAIL, Status.PASS, Status.UNKNOWN


@dataclass(frozen=True)
class Eye:
    """One prober with a state of its own."""

    name: str
    folder: Path
    collector: Collector
    instance: str

    def command(self, *arguments: str, given: str = "") -> None:
        done = subprocess.run(
            [AGENT, *arguments],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("PANTAU_")}
        config, state = str(self.folder / "agent.toml"), str(self.folder / "state")
        return {**plain, "PANTAU_CONFIG": config, "PANTAU_STATE": state, "PANTAU_METRICS": ""}

    def enrol(self) -> None:
        self.folder.mkdir()
        inside = f'collector = "{self.collector.url}"\n[prober]\nname = "{self.name}"\ninward = true\n'
        (self.folder / "agent.toml").write_text(inside)
        self.command("enrol", given=self.collector.run("token", "--prober", self.name))

    def look(self) -> Status:
        """Run the daemon until the collector has judged a new report of the home page; what this prober saw."""
        begin = datetime.now(UTC)
        with (self.folder / "log").open("a") as log:
            daemon = subprocess.Popen([AGENT, "run"], env=self.environment, stderr=log)
        try:
            wait_until(lambda: self.seen(begin) is not None, 60, f"what {self.name} sees")
        finally:
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(30) == 0, (self.folder / "log").read_text()
        seen = self.seen(begin)
        assert seen is not None
        return seen

    def seen(self, since: datetime) -> Status | None:
        for view in state(self.collector, self.instance).views.values():
            said = view.said.get(CODE)
            if view.name == self.name and said is not None and said.at > since:
                return said.results[0].status
        return None


def state(collector: Collector, instance: str) -> State:
    rows = collector.query("SELECT state FROM surveillance_targetstate WHERE target_id = %s", instance)
    return decode(bytes(rows[0][0])) if rows else State()


def verdict(collector: Collector, instance: str) -> Status:
    collector.wait_judged()
    return state(collector, instance).current[CODE][""].status


def findings(collector: Collector) -> list[tuple[str, bool]]:
    """Target of each finding of the home page, and whether it is open."""
    rows = collector.query(
        "SELECT target_id, closed_at FROM surveillance_finding WHERE check_code = %s ORDER BY opened_at", CODE
    )
    return [(target, closed is None) for target, closed in rows]


def both(*eyes: Eye) -> list[Status]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(Eye.look, eyes))


@pytest.fixture
def site() -> Iterator[Server]:
    with served(good()) as made:
        yield made


def test_what_both_see_becomes_a_finding_and_what_one_sees_does_not(tmp_path: Path, site: Server) -> None:
    with Collector.initialised(tmp_path, database="") as collector, collector.serving():
        policy = tmp_path / "policy.json"
        policy.write_text(json.dumps({"version": "test", "grace": {CODE: GRACE}}))
        collector.run("policy", "--publish", str(policy))
        demo = collector.run("instances").split("\t")[0]
        collector.run(
            "instances", "retire", demo, "--reason", "its address is fictitious; nothing here leaves loopback"
        )
        url = f"http://127.0.0.1:{site.port}/eproc4"
        instance = collector.run(
            "instances", "add", "--provider", SLUG, "--name", "SPSE", "--url", url
        ).split("\t")[0]  # fmt: skip
        jakarta, medan = (Eye(name, tmp_path / name, collector, instance) for name in ("jakarta-1", "medan-1"))
        jakarta.enrol()
        medan.enrol()

        assert both(jakarta, medan) == [PASS, PASS]
        assert verdict(collector, instance) is PASS

        site.pages.everything = html("Internal Server Error", 500)
        assert jakarta.look() is FAIL
        assert verdict(collector, instance) is UNKNOWN  # medan saw it answer
        said = words(state(collector, instance).current[CODE][""].measured, "en")
        assert "jakarta-1: fail" in said
        assert "medan-1: pass" in said
        assert findings(collector) == []

        assert medan.look() is FAIL
        assert verdict(collector, instance) is FAIL
        time.sleep(GRACE)
        assert both(jakarta, medan) == [FAIL, FAIL]
        assert verdict(collector, instance) is FAIL
        assert findings(collector) == [(instance, True)]

        site.pages.everything = html("Akses Ditolak", 403)  # a firewall's answer: nobody can tell
        assert both(jakarta, medan) == [UNKNOWN, UNKNOWN]
        assert verdict(collector, instance) is UNKNOWN
        assert len(findings(collector)) == 1

        site.pages.everything = None
        assert both(jakarta, medan) == [PASS, PASS]
        assert verdict(collector, instance) is PASS
        assert findings(collector) == [(instance, False)]

        chains = {view.name: view.chain for view in state(collector, instance).views.values()}
        assert {name: (chain.holes, chain.broken_at, chain.restarted_at) for name, chain in chains.items()} == {
            "jakarta-1": ((), None, None), "medan-1": ((), None, None),
        }  # fmt: skip
        assert json.loads(collector.run("verify").splitlines()[-1])["problems"] == 0
        assert json.loads(collector.run("rejudge", "--check").splitlines()[-1])["differences"] == []
