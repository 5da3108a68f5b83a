"""The judge beside the door: woken, started again when it dies, gone when its holder dies."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from collector import judge_process
from tests.collector.process import Collector
from tests.collector.world import sshd

PATIENCE = 30.0  # seconds


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Collector]:
    with Collector.initialised(tmp_path) as collector, collector.serving():
        yield collector


def judge_of(collector: Collector) -> psutil.Process:
    """The judging process of a serving collector."""
    assert collector.process is not None
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = [child for child in psutil.Process(collector.process.pid).children() if "judge" in child.cmdline()]
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError("there is no judge")


def test_a_judge_that_was_killed_is_started_again_and_judges_what_came_meanwhile(serving: Collector) -> None:
    sensor = serving.enrol("spse1.contoh.go.id")
    first = judge_of(serving)
    first.send_signal(signal.SIGKILL)
    assert serving.post(sensor.report(sshd(permitrootlogin="yes"))).status_code == 200
    serving.wait_judged()
    assert judge_of(serving).pid != first.pid
    assert serving.query("SELECT count(*) FROM surveillance_finding WHERE check_code = 'K-SSH-01'") == [(1,)]


def test_the_judge_ends_with_a_server_that_was_killed(serving: Collector) -> None:
    judge = judge_of(serving)
    assert serving.process is not None
    serving.process.kill()
    gone, _ = psutil.wait_procs([judge], timeout=PATIENCE)
    assert gone


def test_a_judge_that_cannot_be_started_is_tried_again_and_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(judge_process, "COMMAND", ("/nonexistent/python",))
    monkeypatch.setattr(judge_process, "REST", 0.01)
    caplog.set_level(logging.ERROR, judge_process.__name__)

    def tried() -> int:
        return sum("judge_not_started" in record.message for record in caplog.records)

    async def serve() -> None:
        judge = judge_process.JudgeProcess()
        judge.start()
        async with asyncio.timeout(PATIENCE):
            while tried() < 3:
                await asyncio.sleep(0.01)
        judge.wake()
        await judge.stop()

    asyncio.run(serve())
    assert tried() >= 3
