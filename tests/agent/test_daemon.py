from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from agent import last_push
from agent.collector_client import CollectorClient
from agent.daemon import Daemon, notify, pull_back, splay
from agent.enrol import enrol
from agent.hosts.local import LocalHost
from agent.hosts.remembering import RememberingHost, series
from checks.catalogue import catalogue
from checks.facts.filesystem_growth import FilesystemGrowth
from checks.policy import Policy
from evidence.report import Report, read_report
from tests.agent.collector_stand_in import CollectorStandIn, Said, refused
from tests.agent.parts import settings, spool

SOON = 30.0  # seconds


def until(true: Callable[[], object], what: str, seconds: float = SOON) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:g} s"
        time.sleep(0.05)


def received(collector: CollectorStandIn) -> list[Report]:
    """Every report it accepted, in the order of arrival."""
    return [read_report(payload) for payload in list(collector.accepted.values())]


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


def test_what_is_read_is_remembered_and_comes_back_as_a_trend(collector: CollectorStandIn, tmp_path: Path) -> None:
    made = daemon(collector, tmp_path)
    made.host = RememberingHost(LocalHost(), made.history)
    jobs = made.jobs()
    made.survey(300, [check for check in jobs[300] if check.code == "G-DSK-01"])
    (used,) = [one for sources in series([FilesystemGrowth]).values() for one in sources]
    (now,) = {one.points for one in made.history.samples(used, time.time()) if one.subject == "/"}
    assert len(now) == 1
    for hour in range(1, 200):
        made.history.remember(used, {"/": now[0][1]}, datetime.now(UTC) - timedelta(hours=hour))
    made.survey(6 * 3600, [check for check in jobs[6 * 3600] if check.code == "G-DSK-02"])
    made.pusher.drain()
    results = [one for one in received(collector)[-1].results if one.check == "G-DSK-02" and one.subject == "/"]
    assert [one.status for one in results] == ["pass"]


def test_every_check_that_a_host_surveys_has_exactly_one_cadence(collector: CollectorStandIn, tmp_path: Path) -> None:
    jobs = daemon(collector, tmp_path).jobs()
    codes = [check.code for checks in jobs.values() for check in checks]
    assert sorted(codes) == sorted(check.code for check in catalogue().surveyed)
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


def test_why_a_push_failed_is_kept_for_whoever_asks_and_forgotten_when_it_works(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    made = daemon(collector, tmp_path)
    made.survey(60, made.jobs()[60])
    collector.answer = lambda asked: refused("revoked_key")
    made._work()
    kept = last_push.last(made.settings)
    assert kept is not None
    assert "revoked_key" in kept.problem.id
    collector.answer = None
    made._due = 0.0
    made._work()
    assert last_push.last(made.settings) is None
