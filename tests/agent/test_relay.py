from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from agent.enrol import enrol
from agent.relay import Relays, relays
from agent.settings import Relay, Settings
from checks.catalogue import catalogue
from checks.fact import name_of
from checks.facts.memory import Memory
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


def test_without_relays_nothing_is_scheduled() -> None:
    scheduler = BackgroundScheduler()
    Relays(()).schedule(scheduler)
    assert scheduler.get_jobs() == []
