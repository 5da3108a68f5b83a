from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from prometheus_client import generate_latest

from agent.enrol import WrongToken, enrol
from agent.identity import load
from agent.prober import Prober, prober
from agent.problem import Problem
from agent.settings import Prober as Named
from agent.settings import Settings
from checks.catalogue import catalogue
from checks.check import DAY, MINUTE
from checks.outside import HONEST
from checks.text import words
from checks.vantage import Vantage
from evidence.instances import Instance
from evidence.report import Report, read_report
from tests.agent.collector_stand_in import CollectorStandIn, Said
from tests.agent.parts import settings
from tests.public_site import Asked, Pages, good, html, served

HOME = (catalogue().checks["L-AVL-01"],)
NAME = "jakarta-1"


def known(tmp_path: Path, collector: CollectorStandIn, **changed: object) -> Settings:
    named = Named(**{"name": NAME, "inward": True, "threads": 4, **changed})  # type: ignore[arg-type]
    return settings(tmp_path, collector=collector.url, prober=named)


@contextmanager
def at_work(of: Settings, *, again: bool = False) -> Iterator[Prober]:
    """An enrolled prober that reads home pages only."""
    if not again:
        enrol(of, of.collector, "prober-token")
    made = prober(of, load(of), "boot-1")
    made.turns = lambda: {MINUTE: HOME}  # type: ignore[method-assign]
    try:
        yield made
    finally:
        made.stop.set()
        made.spool.close()


@contextmanager
def scheduled(made: Prober) -> Iterator[BackgroundScheduler]:
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1})
    made.schedule(scheduler)
    scheduler.start()
    try:
        yield scheduler
    finally:
        made.stop.set()
        scheduler.shutdown(wait=True)


def received(collector: CollectorStandIn) -> list[Report]:
    return [read_report(payload) for payload in list(collector.accepted.values())]


def status(report: Report) -> str:
    return next(one.status for one in report.results if one.check == "L-AVL-01")


def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}/eproc4"


def test_it_reports_on_each_listed_instance_in_a_chain_of_its_own_under_its_own_name(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    with served(good()) as one, served(Pages({"/eproc4": html("Akses Ditolak", 403)})) as two:
        collector.instances = (Instance("ins-1", url(one.port), False), Instance("ins-2", url(two.port), False))
        with at_work(known(tmp_path, collector)) as made:
            made.refresh_instances()
            for key in made.instances:
                made.probe(key, MINUTE, HOME)
                made.probe(key, MINUTE, HOME)
            made.deliver()
        assert {asked.agent for asked in one.pages.asked} == {HONEST}
    reports = received(collector)
    assert Counter(report.target for report in reports) == {"ins-1": 2, "ins-2": 2}
    assert {report.vantage for report in reports} == {NAME}
    assert {report.boot_id for report in reports} == {"boot-1"}
    chains = {(report.target, report.stream) for report in reports}
    assert len(chains) == len({stream for _, stream in chains}) == 2
    assert sorted(report.sequence for report in reports) == [1, 1, 2, 2]
    assert {report.target: status(report) for report in reports} == {"ins-1": "pass", "ins-2": "unknown"}
    assert len(collector.batches) == 1  # all in one request


def test_an_instance_at_an_address_that_is_not_public_is_not_even_connected_to(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    with served(good()) as site:
        collector.instances = (Instance("ins-1", url(site.port), True),)
        with at_work(known(tmp_path, collector, inward=False)) as made:
            made.refresh_instances()
            made.turns = lambda: Prober.turns(made)  # type: ignore[method-assign]
            made.once()
            made.deliver()
        assert site.pages.asked == []
    (report,) = received(collector)
    failing = {one.check for one in report.results if one.status not in {"unknown", "not_applicable"}}
    assert failing == set()
    assert "leads to an address that is not public" in words(report.missing["home_page"], "en")
    assert len(report.results) >= len(catalogue().at(Vantage.OUTSIDE))


def test_one_connection_at_a_time_reaches_an_instance_whatever_is_due(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    now, most, lock = [0], [0], threading.Lock()

    def slow(asked: Asked) -> tuple[int, dict[str, str], str]:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.3)
        with lock:
            now[0] -= 1
        return 200, {}, "<title>LPSE</title><p>Selamat datang</p>"

    with served(Pages(everything=slow)) as site:
        collector.instances = (Instance("ins-1", url(site.port), False),)
        with at_work(known(tmp_path, collector)) as made:
            made.refresh_instances()
            checks = [catalogue().checks[code] for code in ("L-AVL-01", "L-AVL-02", "K-TIME-06")]
            threads = [threading.Thread(target=made.probe, args=("ins-1", 60, checks)) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert made.spool.size().reports == 3
        assert len(site.pages.asked) >= 6
    assert most == [1]


def test_an_instance_that_hangs_delays_no_other(collector: CollectorStandIn, tmp_path: Path) -> None:
    let_go = threading.Event()

    def hang(asked: Asked) -> tuple[int, dict[str, str], str]:
        let_go.wait(30)
        return 200, {}, ""

    with served(Pages(everything=hang)) as hanging, served(good()) as fine:
        collector.instances = (
            Instance("ins-0", url(hanging.port), False),
            *(Instance(f"ins-{number}", url(fine.port), False) for number in range(1, 6)),
        )
        with at_work(known(tmp_path, collector, threads=2)) as made, scheduled(made):
            until(lambda: len(fine.pages.asked) >= 5)
            until(lambda: made.spool.size().reports >= 5)
            made.deliver()
            assert {report.target for report in received(collector)} == {f"ins-{number}" for number in range(1, 6)}
            assert hanging.pages.asked
            let_go.set()


def test_the_list_may_change_while_it_runs(collector: CollectorStandIn, tmp_path: Path) -> None:
    with served(good()) as one, served(good()) as two, served(good()) as three:
        collector.instances = (Instance("ins-1", url(one.port), False), Instance("ins-2", url(two.port), False))
        with at_work(known(tmp_path, collector)) as made, scheduled(made) as scheduler:
            until(lambda: made.spool.size().reports >= 2)
            collector.instances = (
                Instance("ins-1", url(three.port), False),
                Instance("ins-3", url(three.port), False),
                Instance("ins-4", "ftp://nowhere", False),
            )
            made.refresh_instances()
            assert set(made.instances) == {"ins-1", "ins-3"}
            jobs = {job.id for job in scheduler.get_jobs() if job.id.startswith("probe-")}
            assert jobs == {f"probe-ins-1-{MINUTE}", f"probe-ins-3-{MINUTE}"}
            asked = len(one.pages.asked)
            made.probe("ins-1", MINUTE, HOME)
            made.probe("ins-2", MINUTE, HOME)  # was due already
            assert (len(one.pages.asked), bool(three.pages.asked)) == (asked, True)
            made.deliver()
    reports = [report for report in received(collector) if report.target == "ins-1"]
    assert len({report.stream for report in reports}) == 1  # the address is new, the chain goes on
    assert max(report.sequence for report in reports) >= 2


def test_without_the_collector_it_goes_on_with_the_list_it_has_and_with_what_waits(
    collector: CollectorStandIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with served(good()) as site:
        collector.instances = (Instance("ins-1", url(site.port), False),)
        of = known(tmp_path, collector)
        collector.answer = lambda asked: Said(503) if asked.path == "/v1/reports" else None
        with at_work(of) as before:
            before.refresh_instances()
            before.probe("ins-1", MINUTE, HOME)
            before.deliver()
        collector.answer = lambda asked: Said(503)
        with at_work(of, again=True) as after:
            after.refresh_instances()
            assert "event=instances_not_refreshed" in caplog.text
            assert tuple(after.instances) == ("ins-1",)
            after.probe("ins-1", MINUTE, HOME)
            collector.answer = None
            after.deliver()
    assert [(report.sequence, report.target) for report in received(collector)] == [(1, "ins-1"), (2, "ins-1")]


def test_first_turns_of_many_instances_are_spread_and_each_cadence_has_its_own_place(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    collector.instances = tuple(Instance(f"ins-{number}", "https://x.example", False) for number in range(60))
    with at_work(known(tmp_path, collector)) as made:
        made.refresh_instances()
        made.turns = lambda: {MINUTE: HOME, DAY: HOME}  # type: ignore[method-assign]
        scheduler = BackgroundScheduler(timezone=UTC)
        made.schedule(scheduler)
        begin = datetime.now(UTC)
        scheduler.start(paused=True)
        jobs = [job for job in scheduler.get_jobs() if job.id.startswith("probe-")]
        firsts = {
            every: [job.next_run_time for job in jobs if job.trigger.interval.total_seconds() == every]
            for every in (MINUTE, DAY)
        }
        scheduler.shutdown(wait=False)
    assert len(firsts[MINUTE]) == len(firsts[DAY]) == 60
    assert timedelta(seconds=4) < max(firsts[MINUTE]) - min(firsts[MINUTE]) < timedelta(seconds=7)
    assert timedelta(seconds=120) < max(firsts[DAY]) - min(firsts[DAY]) < timedelta(seconds=181)
    assert max(firsts[MINUTE]) < begin + timedelta(seconds=10)


def test_a_turn_that_finds_the_one_before_under_way_is_missed_and_counted(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    with served(Pages(everything=lambda asked: time.sleep(3) or (200, {}, "x"))) as site:  # type: ignore[func-returns-value]
        collector.instances = (Instance("ins-1", url(site.port), False),)
        with at_work(known(tmp_path, collector)) as made:
            made.refresh_instances()
            made.turns = lambda: {1: HOME}  # type: ignore[method-assign]
            with scheduled(made):
                until(lambda: b"prober_turns_missed_total 1.0" in generate_latest(made.metrics.shown()))
    shown = generate_latest(made.metrics.shown()).decode()
    assert 'pantau_agent_prober_instances{prober="jakarta-1"} 1.0' in shown


def test_told_to_stop_it_ends_soon_and_keeps_nothing_half_read(collector: CollectorStandIn, tmp_path: Path) -> None:
    with served(Pages(everything=lambda asked: time.sleep(1) or (200, {}, "x"))) as site:  # type: ignore[func-returns-value]
        collector.instances = tuple(Instance(f"ins-{number}", url(site.port), False) for number in range(30))
        with at_work(known(tmp_path, collector, threads=2)) as made:
            with scheduled(made):
                until(lambda: len(site.pages.asked) >= 3)
                kept = made.spool.size().reports
                stopped = time.monotonic()
            assert time.monotonic() - stopped < 5
            made.probe("ins-29", MINUTE, HOME)
            assert made.spool.size().reports <= kept + 1


def test_without_any_instance_the_watchdog_is_content(collector: CollectorStandIn, tmp_path: Path) -> None:
    with at_work(known(tmp_path, collector)) as made:
        made._kept_at -= 1000
        made._idle()
        assert time.monotonic() - made._kept_at < 1


def test_settings_and_enrolment_must_be_of_the_same_prober(collector: CollectorStandIn, tmp_path: Path) -> None:
    with at_work(known(tmp_path, collector)):
        pass
    for changed in (known(tmp_path, collector, name="medan-1"), settings(tmp_path, collector=collector.url)):
        with pytest.raises(Problem, match="enrolled as jakarta-1"):
            prober(changed, load(changed), "")


def test_a_token_for_something_else_makes_no_identity(collector: CollectorStandIn, tmp_path: Path) -> None:
    of = known(tmp_path, collector)
    with pytest.raises(WrongToken, match="token --prober jakarta-1"):
        enrol(of, collector.url, "token-1")
    with pytest.raises(WrongToken, match=r"`\[prober\]`"):
        enrol(settings(tmp_path), collector.url, "prober-token")
    assert not of.path("identity.json").exists()


def test_every_check_of_the_outside_has_its_turn(collector: CollectorStandIn, tmp_path: Path) -> None:
    with at_work(known(tmp_path, collector)) as made:
        turns = Prober.turns(made)
    due = {check.code for checks in turns.values() for check in checks}
    assert due >= {check.code for check in catalogue().at(Vantage.OUTSIDE)}
    assert all(check.every == every for every, checks in turns.items() for check in checks)
