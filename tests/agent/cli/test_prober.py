"""A prober through its commands, as real processes: enrol, run, status, spool, config."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evidence.instances import Instance
from evidence.report import read_report
from tests.agent.collector_stand_in import CollectorStandIn, Said
from tests.agent.parts import agent, clean, command
from tests.public_site import good, served


@pytest.fixture
def configured(tmp_path: Path, collector: CollectorStandIn) -> dict[str, str]:
    """The environment of a prober that is not enrolled yet."""
    file = tmp_path / "agent.toml"
    file.write_text(f'collector = "{collector.url}"\n[prober]\nname = "jakarta-1"\ninward = true\n')
    return {"PANTAU_CONFIG": str(file)}


@contextmanager
def running(state: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with (state / "log").open("w") as log:
        process = subprocess.Popen(command("run"), env=clean(state, environment), stderr=log, text=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, (state / "log").read_text()


def test_a_prober_enrols_runs_says_how_it_is_and_ends_in_order(
    collector: CollectorStandIn, tmp_path: Path, configured: dict[str, str]
) -> None:
    def said(*arguments: str, given: str = "") -> tuple[int, str]:
        done = agent("--lang", "en", *arguments, state=tmp_path, environment=configured, given=given)
        return done.returncode, done.stdout + done.stderr

    assert said("status")[0] == 1
    code, text = said("enrol", given="prober-token\n")
    assert (code, "Enrolled: prober jakarta-1" in text) == (0, True)
    assert "enrolled already, as prober jakarta-1" in said("enrol")[1]
    assert "token --prober jakarta-1" in said("enrol", "--token", "x")[1]
    assert "It never ran yet" in said("status")[1]
    assert said("spool")[0] == 1

    with served(good()) as site:
        collector.instances = (Instance("ins-1", f"http://127.0.0.1:{site.port}/eproc4", False),)
        collector.answer = lambda asked: Said(503) if asked.path == "/v1/reports" else None
        with running(tmp_path, configured):
            until((tmp_path / "agent/instances/ins-1/spool.db").exists)
            until(lambda: "waiting (" in said("spool")[1])
            code, text = said("status")
            assert code == 0
            assert re.search(r"^prober +jakarta-1$", text, re.MULTILINE)
            assert re.search(r"^instances +1$", text, re.MULTILINE)
        collector.answer = None
        code, text = said("spool", "--push")
        assert (code, "pushed" in text) == (0, True)
        assert collector.accepted
    assert {read_report(one).vantage for one in collector.accepted.values()} == {"jakarta-1"}
    assert "No report is waiting" in said("spool")[1]


def test_a_prober_that_is_enrolled_again_sets_its_old_spools_aside(
    collector: CollectorStandIn, tmp_path: Path, configured: dict[str, str]
) -> None:
    assert agent("enrol", "--token", "prober-1", state=tmp_path, environment=configured).returncode == 0
    (tmp_path / "agent/instances/ins-1").mkdir(parents=True)
    done = agent("enrol", "--again", "--token", "prober-2", state=tmp_path, environment=configured)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "agent/instances").exists()
    assert list((tmp_path / "agent").glob("instances-before-*"))


def test_who_is_enrolled_as_a_prober_does_not_run_without_its_settings(
    collector: CollectorStandIn, tmp_path: Path, configured: dict[str, str]
) -> None:
    assert agent("enrol", "--token", "prober-1", state=tmp_path, environment=configured).returncode == 0
    done = agent("--lang", "en", "run", "--once", state=tmp_path)
    assert done.returncode == 1
    assert "enrolled as jakarta-1, but the settings say prober -" in done.stderr


def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)
