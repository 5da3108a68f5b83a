from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from prometheus_client.parser import text_string_to_metric_families

from agent.collector_client import CollectorClient
from agent.daemon import Daemon, notify, pull_back, splay
from agent.enrol import enrol
from agent.hosts.local import LocalHost
from agent.identity import Identity
from agent.spool import Spool
from checks.catalogue import catalogue
from checks.policy import Policy
from evidence.report import Report, read_report
from tests.agent.collector_stand_in import CollectorStandIn, Said, refused
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
    assert {one.server for one in received(collector)} == {"srv-1"}
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
        until(lambda: "STATUS=reporting" in said, "a status")
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


def test_the_watchdog_is_no_longer_fed_when_surveys_fail(
    collector: CollectorStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with systemd(tmp_path) as said:
        made = daemon(collector, tmp_path, watchdog=0.3)
        made._work()
        until(lambda: "WATCHDOG=1" in said, "the watchdog")
        time.sleep(0.4)
        said.clear()
        made.spool.close()
        made.survey(60, made.jobs()[60])  # it cannot be kept
        made._work()
        time.sleep(0.2)
        assert "WATCHDOG=1" not in said
        assert made.metrics.failed._value.get() == 1


def test_a_spool_that_cannot_be_used_is_reported_and_does_not_end_the_daemon(
    collector: CollectorStandIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = daemon(collector, tmp_path)
    made.spool.close()
    assert 0 < made._work() <= 5
    assert "event=spool_not_usable" in caplog.text


def test_a_survey_that_fits_on_no_disk_is_counted_as_lost(collector: CollectorStandIn, tmp_path: Path) -> None:
    made = daemon(collector, tmp_path)
    made.spool._file.read(lambda db: db.execute("PRAGMA max_page_count=1").fetchall())
    made.survey(60, made.jobs()[60])
    assert made.metrics.lost._value.get() == 1
    assert made.spool.chain()[1] == 0


def test_the_policy_is_refreshed_and_a_bad_one_changes_nothing(collector: CollectorStandIn, tmp_path: Path) -> None:
    made = daemon(collector, tmp_path)
    collector.policy = Policy(version="2027-1", thresholds={"K-SSH-04": {"maximum": 3}})
    made.refresh_policy()
    assert made.rulebook.policy.version == "2027-1"
    bad: list[Callable[[], None]] = [
        lambda: setattr(collector, "policy", Policy(version="x", grace={"Z-NEW-01": 1})),
        lambda: setattr(collector, "answer", lambda asked: Said(200, b"<html>")),
        lambda: setattr(collector, "answer", lambda asked: Said(503, b"")),
        lambda: setattr(collector, "answer", lambda asked: refused("revoked_key")),
    ]
    for spoil in bad:
        spoil()
        made.refresh_policy()
        assert made.rulebook.policy.version == "2027-1"
    made.survey(60, made.jobs()[60])
    collector.answer = None
    made.pusher.drain()
    assert received(collector)[0].policy == made.rulebook.digest


def test_every_answerable_check_has_exactly_one_cadence(collector: CollectorStandIn, tmp_path: Path) -> None:
    from agent.audit import answerable

    jobs = daemon(collector, tmp_path).jobs()
    codes = [check.code for checks in jobs.values() for check in checks]
    assert sorted(codes) == sorted(check.code for check in answerable(catalogue()))
    assert all(check.every == every for every, checks in jobs.items() for check in checks)


def test_reports_tell_how_far_the_clock_is_off(collector: CollectorStandIn, tmp_path: Path) -> None:
    made = daemon(collector, tmp_path)
    made.client.clock_offset = -90.5
    made.survey(60, made.jobs()[60])
    made.pusher.drain()
    (report,) = received(collector)
    assert (report.clock_offset, report.boot_id) == (-90.5, "boot-1")
    assert report.taken_at <= datetime.now(UTC)


def test_a_thousand_hosts_do_not_meet_and_each_keeps_its_place() -> None:
    places = [splay(f"spse{number}.go.id", 3600) for number in range(1000)]
    assert places == [splay(f"spse{number}.go.id", 3600) for number in range(1000)]
    assert all(0 <= place < 3600 for place in places)
    per_minute = [sum(minute * 60 <= place < minute * 60 + 60 for place in places) for minute in range(60)]
    assert max(per_minute) < 40
    assert splay("spse1.go.id", 60) / 60 != splay("spse1.go.id", 3600) / 3600


def test_a_clock_that_was_set_back_silences_no_job() -> None:
    """APScheduler keeps a plan in wall time: after the clock went back a day, its next run lies a day ahead."""
    ran = threading.Event()
    scheduler = BackgroundScheduler(timezone=UTC)
    now = datetime.now(UTC)
    scheduler.add_job(ran.set, "interval", seconds=60, next_run_time=now + timedelta(days=1), id="minute")
    scheduler.add_job(print, "interval", seconds=3600, next_run_time=now + timedelta(minutes=50), id="hour")
    scheduler.start()
    try:
        assert not ran.wait(0.3)
        pull_back(scheduler, datetime.now(UTC))
        assert ran.wait(5)
        hour = scheduler.get_job("hour")
        assert hour is not None
        assert hour.next_run_time == now + timedelta(minutes=50)
        minute = scheduler.get_job("minute")
        assert minute is not None
        assert minute.next_run_time - datetime.now(UTC) <= timedelta(seconds=61)
    finally:
        scheduler.shutdown()


@pytest.mark.parametrize("path", ["", "/nonexistent/notify", "@pantau-nobody-listens"])
def test_nobody_who_listens_is_no_error(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", path)
    notify("READY=1")


def test_an_abstract_socket_is_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"pantau-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("\0" + name)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        notify("READY=1")
        assert listener.recv(100) == b"READY=1"


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
