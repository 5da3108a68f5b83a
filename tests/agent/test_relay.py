from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from agent.enrol import enrol
from agent.hosts.remembering import series
from agent.relay import Relayed, Relays, relays
from agent.settings import Relay, Settings
from checks.catalogue import catalogue
from checks.check import Check
from checks.fact import name_of
from checks.facts.filesystem_growth import FilesystemGrowth
from checks.facts.filesystems import Filesystems
from checks.facts.memory import Memory
from checks.source import Usage
from checks.text import words
from evidence.report import Report, read_report
from tests.agent.collector_stand_in import CollectorStandIn
from tests.agent.parts import settings
from tests.agent.sshd import Server, free_port, sshd


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with sshd(tmp_path_factory.mktemp("sshd")) as running:
        yield running


def known(server: Server, tmp_path: Path, collector: CollectorStandIn, *names: str) -> Settings:
    """Settings with relays of these names: `gone` is a host where nobody listens."""
    made = []
    for name in names:
        ssh = f"audit@127.0.0.1:{free_port()}" if name == "gone" else str(server.login)
        made.append(Relay(name=name, ssh=ssh, identity=str(server.identity), known_hosts=str(server.known_hosts)))
    return settings(tmp_path, relay=tuple(made), collector=collector.url)


def enrolled(known: Settings, collector: CollectorStandIn, *names: str) -> Relays:
    for relay in known.relay:
        if relay.name in names:
            enrol(known.of(relay), collector.url, f"token-{relay.name}", "0" * 32)
    return relays(known, catalogue())


def received(collector: CollectorStandIn) -> list[Report]:
    return [read_report(payload) for payload in list(collector.accepted.values())]


def children(server: Server) -> list[str]:
    found = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=False)
    return found.stdout.split()


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_host_that_is_not_enrolled_is_left_out_and_said(
    server: Server, collector: CollectorStandIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = enrolled(known(server, tmp_path, collector, "one", "two"), collector, "two")
    assert [host.name for host in made.hosts] == ["two"]
    assert "pantau-agent enrol --ssh one" in caplog.text
    made.close()


def test_each_host_has_its_own_key_stream_and_boot(server: Server, collector: CollectorStandIn, tmp_path: Path) -> None:
    made = enrolled(known(server, tmp_path, collector, "one", "two"), collector, "one", "two")
    checks = [check for check in catalogue().surveyed if Memory in check.facts and len(check.facts) == 1][:1]
    for host in made.hosts:
        host.survey(60, checks)
    made.push()
    reports = received(collector)
    assert len({report.stream for report in reports}) == 2
    assert len({host.identity.key.public.id for host in made.hosts}) == 2
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    assert {report.boot_id for report in reports} == {boot}
    assert all(name_of(Memory) in report.facts for report in reports)
    made.close()


def test_a_host_that_is_gone_delays_no_other_and_reports_that_nothing_is_known(
    server: Server, collector: CollectorStandIn, tmp_path: Path
) -> None:
    made = enrolled(known(server, tmp_path, collector, "gone", "here"), collector, "gone", "here")
    checks = tuple(check for check in catalogue().surveyed if Memory in check.facts and len(check.facts) == 1)[:1]
    scheduler = BackgroundScheduler()
    for host in made.hosts:
        host.jobs = lambda: {60: checks}  # type: ignore[method-assign]
    made.schedule(scheduler)
    scheduler.start()
    try:
        until(lambda: len(received(collector)) >= 2)
    finally:
        scheduler.shutdown(wait=True)
        made.close()
    by_boot = {bool(report.boot_id): report for report in received(collector)}
    assert name_of(Memory) in by_boot[True].facts
    assert name_of(Memory) in by_boot[False].missing
    assert by_boot[False].absent == {}


def test_each_host_has_trends_of_its_own_past(server: Server, collector: CollectorStandIn, tmp_path: Path) -> None:
    made = enrolled(known(server, tmp_path, collector, "one", "two"), collector, "one", "two")
    one, two = made.hosts
    ((used,),) = series([FilesystemGrowth]).values()
    checks = [check for check in catalogue().surveyed if FilesystemGrowth in check.facts]
    now = datetime.now(UTC)
    mounts = one.host.read(Usage(Filesystems)).filesystems
    for hour in range(1, 24 * 10):
        past = {f.mount: float(f.used - hour * 1000) for f in mounts}
        one.history.remember(used, past, now - timedelta(hours=hour))
    for host in made.hosts:
        host.survey(3600, checks)
    made.push()
    by_name = {report.stream: report for report in received(collector)}
    assert len(by_name) == 2
    trends = [name_of(FilesystemGrowth) in report.facts for report in by_name.values()]
    assert sorted(trends) == [False, True]
    (young,) = [report for report in by_name.values() if name_of(FilesystemGrowth) in report.missing]
    assert "needs 7 days" in words(young.missing[name_of(FilesystemGrowth)], "en")
    assert one.settings.path("history.db").is_file()
    assert one.settings.path("history.db") != two.settings.path("history.db")
    made.close()


def test_what_a_survey_over_ssh_reads_is_remembered_of_that_host(
    server: Server, collector: CollectorStandIn, tmp_path: Path
) -> None:
    made = enrolled(known(server, tmp_path, collector, "one"), collector, "one")
    (host,) = made.hosts
    ((used,),) = series([FilesystemGrowth]).values()
    host.survey(60, [check for check in catalogue().surveyed if Filesystems in check.facts])
    samples = host.history.samples(used, time.time() + 1)
    assert samples
    assert not (tmp_path / "agent" / "history.db").exists()
    made.close()


def test_a_device_is_no_server_of_its_own(server: Server, collector: CollectorStandIn, tmp_path: Path) -> None:
    one = Relay(name="edge", ssh=str(server.login), kind="device", dialect="routeros")
    assert relays(settings(tmp_path, relay=(one,)), catalogue()).hosts == []


def test_closing_ends_the_connection(server: Server, collector: CollectorStandIn, tmp_path: Path) -> None:
    made = enrolled(known(server, tmp_path, collector, "one"), collector, "one")
    (host,) = made.hosts
    host.survey(60, [check for check in catalogue().surveyed if Memory in check.facts][:1])
    before = len(children(server))
    made.close()
    until(lambda: len(children(server)) < before, 15)


def test_a_slow_host_holds_up_none_of_many_others_in_a_bounded_pool(
    server: Server, collector: CollectorStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.relay.MINUTE_THREADS", 3)
    with sshd(tmp_path / "b") as other, sshd(tmp_path / "slow", "ForceCommand sleep 120") as slow:
        found = [
            Relay(name=name, ssh=str(one.login), identity=str(one.identity), known_hosts=str(one.known_hosts))
            for name, one in (("slow", slow), *((f"host{n}", (server, other)[n % 2]) for n in range(8)))
        ]
        made = enrolled(
            settings(tmp_path, relay=tuple(found), collector=collector.url), collector, *(r.name for r in found)
        )
        checks = tuple(check for check in catalogue().surveyed if Memory in check.facts and len(check.facts) == 1)[:1]
        running, most, ended = [0], [0], list[str]()
        lock = threading.Lock()

        def counted(host: Relayed) -> Callable[[int, Collection[Check]], None]:
            def survey(every: int, checks: Collection[Check]) -> None:
                with lock:
                    running[0] += 1
                    most[0] = max(most[0], running[0])
                type(host).survey(host, every, checks)
                with lock:
                    running[0] -= 1
                    ended.append(host.name)

            return survey

        for host in made.hosts:
            host.jobs = lambda: {60: checks}  # type: ignore[method-assign]
            host.survey = counted(host)  # type: ignore[method-assign]
        scheduler = BackgroundScheduler()
        made.schedule(scheduler)
        scheduler.start()
        try:
            until(lambda: len(ended) >= 9)
        finally:
            scheduler.shutdown(wait=True)
            made.close()
    assert ended.index("slow") == 8  # the others were done while it hung
    assert 1 < most[0] <= 3
    assert set(ended[:8]) == {f"host{n}" for n in range(8)}


def test_without_relays_nothing_is_scheduled() -> None:
    scheduler = BackgroundScheduler()
    Relays(()).schedule(scheduler)
    assert scheduler.get_jobs() == []
