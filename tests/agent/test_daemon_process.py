from __future__ import annotations

import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agent.collector_client import CollectorClient
from agent.daemon import Daemon
from agent.enrol import enrol
from agent.hosts.local import LocalHost
from agent.identity import Identity
from agent.spool import Spool
from checks.catalogue import catalogue
from evidence.report import Report, read_report
from tests.agent.collector_stand_in import CollectorStandIn, refused
from tests.agent.collector_stand_in import collector as standing_in
from tests.agent.parts import TREE, clean, command, settings, spool

SOON = 30.0  # seconds


def until(true: Callable[[], object], what: str, seconds: float = SOON) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:g} s"
        time.sleep(0.05)


@contextmanager
def running(state: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """The real `pantau-agent run`, on an empty tree; its log is state/log."""
    (state / "tree").mkdir(exist_ok=True)
    with (state / "log").open("ab") as log:
        process = subprocess.Popen(
            command("run", "--root", str(state / "tree")),
            env=clean(state, environment),
            cwd=TREE,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def received(collector: CollectorStandIn) -> list[Report]:
    """Every report it accepted, in the order of arrival."""
    return [read_report(payload) for payload in list(collector.accepted.values())]


@pytest.fixture
def enrolled(collector: CollectorStandIn, tmp_path: Path) -> Identity:
    return enrol(settings(tmp_path), collector.url, "token")


def chain_holds(reports: list[Report], digests: list[str]) -> bool:
    numbers = [one.sequence for one in reports]
    return numbers == list(range(1, len(reports) + 1)) and [one.previous for one in reports] == ["", *digests[:-1]]


@pytest.mark.usefixtures("enrolled")
def test_it_reports_in_one_chain_and_sigterm_ends_it_in_order(collector: CollectorStandIn, tmp_path: Path) -> None:
    with running(tmp_path) as process:
        until(lambda: len(collector.accepted) >= 3, "three reports")
        process.terminate()
        assert process.wait(20) == 0
    log = (tmp_path / "log").read_text()
    assert "event=started server=srv-1" in log
    assert "event=stopped" in log
    assert "Traceback" not in log
    assert chain_holds(received(collector), list(collector.accepted))
    assert {one.target for one in received(collector)} == {"srv-1"}
    assert len({one.every for one in received(collector)}) >= 3


@pytest.mark.usefixtures("enrolled")
def test_kill_9_and_a_restart_continue_the_chain(collector: CollectorStandIn, tmp_path: Path) -> None:
    for wanted in (1, 3, 5):
        with running(tmp_path) as process:
            until(lambda wanted=wanted: len(collector.accepted) >= wanted, f"{wanted} reports")
            process.send_signal(signal.SIGKILL)
            process.wait()
    kept = spool(tmp_path / "agent")
    assert kept.chain()[1] >= 5
    assert chain_holds(received(collector), list(collector.accepted))
    assert len({one.stream for one in received(collector)}) == 1


def test_a_collector_that_goes_away_and_comes_back_gets_everything_in_order(tmp_path: Path) -> None:
    with standing_in() as first:
        enrol(settings(tmp_path), first.url, "token")
        port = first.port
    with running(tmp_path):
        looking = Spool(tmp_path / "agent" / "spool.db", most_bytes=1 << 30, most_days=30)
        until(lambda: looking.size().reports >= 3, "three reports that wait")
        with standing_in(port) as second:
            until(lambda: len(second.accepted) >= 3, "three reports that arrive")
            assert chain_holds(received(second), list(second.accepted))
        looking.close()


@pytest.mark.usefixtures("enrolled")
def test_a_key_that_is_refused_keeps_the_reports_and_says_so_to_systemd(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    collector.answer = lambda asked: refused("revoked_key") if asked.path == "/v1/reports" else None
    with systemd(tmp_path) as said, running(tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify")):
        until(lambda: any("revoked_key" in one for one in said), "the status")
        looking = Spool(tmp_path / "agent" / "spool.db", most_bytes=1 << 30, most_days=30)
        until(lambda: looking.size().reports >= 3, "reports that wait")
        assert collector.batches
        assert len(collector.batches) == 1


@contextmanager
def systemd(folder: Path) -> Iterator[list[str]]:
    """What systemd would hear."""
    heard: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(folder / "notify"))

        def listen() -> None:
            with suppress(OSError):
                while True:
                    heard.append(listener.recv(4096).decode())

        threading.Thread(target=listen, daemon=True).start()
        yield heard


@pytest.mark.usefixtures("enrolled")
def test_systemd_hears_ready_then_the_watchdog_and_at_the_end_stopping(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    with systemd(tmp_path) as said, running(tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify")) as process:
        until(lambda: "STATUS=melapor" in said, "a status")
        process.terminate()
        process.wait(20)
        until(lambda: "STOPPING=1" in said, "the end")
    assert said[0] == "READY=1"
    assert "WATCHDOG=1" in said
    assert said[-1] == "STOPPING=1"


def daemon(collector: CollectorStandIn, tmp_path: Path, **changed: float) -> Daemon:
    """A daemon of this process, on an empty tree."""
    known = settings(tmp_path)
    identity = enrol(known, collector.url, "token")
    (tmp_path / "tree").mkdir(exist_ok=True)
    host = LocalHost(str(tmp_path / "tree"))
    kept = spool(tmp_path / "agent")
    return Daemon(known, identity, host, catalogue(), kept, CollectorClient(collector.url, known), "boot-1", **changed)  # type: ignore[arg-type]


@pytest.mark.usefixtures("enrolled")
def test_the_metrics_of_a_running_daemon_are_well_formed(collector: CollectorStandIn, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with running(tmp_path, PANTAU_METRICS=f"127.0.0.1:{port}"):
        until(lambda: collector.accepted, "a report")
        time.sleep(0.5)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
    seen = {sample.name: sample.value for family in text_string_to_metric_families(text) for sample in family.samples}
    assert seen["pantau_agent_surveys_total"] >= 1
    assert seen["pantau_agent_reports_acknowledged_total"] >= 1
    assert seen["pantau_agent_last_push_timestamp_seconds"] == pytest.approx(time.time(), abs=60)
    assert all(re.fullmatch(r"pantau_agent_[a-z_]+", name) for name in seen)
