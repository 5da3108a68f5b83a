from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from checks.capacity.spse import DENIED, garbage, heap, jobs, pool, pools_fit
from checks.check import Check
from checks.facts.postgres_activity import PgActivity
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_metrics import InstanceMetrics, SpseMetrics, read
from checks.verdict import Status, Verdict
from tests.checks.real import NOW, real
from tests.checks.spse import ORDINARY, instance

SPSE = SpseInstances((ORDINARY,))
GOOD = msgspec.structs.replace(read(200, real("spse/metrics.txt")), started=NOW - timedelta(days=1))
NUMBERS = (heap, jobs, pool)


def said(check: Check, metrics: InstanceMetrics, *more: object) -> Verdict:
    verdicts = check(SPSE, SpseMetrics((metrics,)), *more)
    assert not isinstance(verdicts, Verdict)
    return next(iter(verdicts))


def changed(**fields: object) -> InstanceMetrics:
    return msgspec.structs.replace(GOOD, **fields)


def test_an_ordinary_spse_passes_everything() -> None:
    assert {said(check, GOOD).status for check in NUMBERS} == {Status.PASS}
    assert said(garbage, GOOD, NOW).status is Status.PASS


@pytest.mark.parametrize(
    ("check", "fields", "status"),
    [
        (heap, {"heap_used": 860.0, "heap_max": 1000.0}, Status.FAIL),
        (heap, {"heap_used": 850.0, "heap_max": 1000.0}, Status.PASS),
        (heap, {"heap_max": None}, Status.UNKNOWN),
        (jobs, {"jobs_queued": 51.0}, Status.FAIL),
        (jobs, {"jobs_queued": None}, Status.UNKNOWN),
        (pool, {"pool_pending": 1.0}, Status.FAIL),
        (pool, {"pool_pending": None}, Status.UNKNOWN),
    ],
)
def test_each_number_has_its_limit(check: Check, fields: dict[str, object], status: Status) -> None:
    assert said(check, changed(**fields)).status is status


def test_garbage_collection_is_measured_against_the_time_since_the_start() -> None:
    assert said(garbage, changed(gc_seconds=8641.0), NOW).status is Status.FAIL
    assert said(garbage, changed(gc_seconds=8639.0), NOW).status is Status.PASS
    assert said(garbage, changed(started=NOW + timedelta(hours=1)), NOW).status is Status.UNKNOWN


def test_a_refusal_tells_what_to_do() -> None:
    for check in NUMBERS:
        verdict = said(check, InstanceMetrics(403))
        assert (verdict.status, verdict.measured) == (Status.UNKNOWN, DENIED)


@pytest.mark.parametrize("status", [0, 404, 503])
def test_no_numbers_are_never_a_pass(status: int) -> None:
    assert {said(check, InstanceMetrics(status)).status for check in NUMBERS} == {Status.UNKNOWN}


def test_readings_of_another_number_of_installations_do_not_count() -> None:
    verdicts = heap(SPSE, SpseMetrics((GOOD, GOOD)))
    assert not isinstance(verdicts, Verdict)
    assert [one.status for one in verdicts] == [Status.UNKNOWN]


def of_two(metrics: SpseMetrics) -> list[tuple[str, Status]]:
    two = SpseInstances((instance(name="prod"), instance(name="latihan", port=9091)))
    said = []
    for check in NUMBERS:
        verdicts = check(two, metrics)
        assert not isinstance(verdicts, Verdict)
        said.append([(one.subject, one.status) for one in verdicts])
    assert said == [said[0]] * len(said)
    return said[0]


def test_one_that_stands_still_is_left_to_the_service_check_and_the_other_is_judged() -> None:
    silent = InstanceMetrics(0)
    other = ("prod", Status.PASS)
    assert of_two(SpseMetrics((GOOD, silent), (22, 9090))) == [other, ("latihan", Status.NOT_APPLICABLE)]
    assert of_two(SpseMetrics((GOOD, silent), (22, 9090, 9091))) == [other, ("latihan", Status.UNKNOWN)]  # it hangs
    assert of_two(SpseMetrics((GOOD, silent))) == [other, ("latihan", Status.UNKNOWN)]
    assert of_two(SpseMetrics((GOOD, InstanceMetrics(200)))) == [other, ("latihan", Status.UNKNOWN)]


def test_where_nobody_could_be_asked_only_one_that_surely_stands_still_is_left_out() -> None:
    neither = [("prod", Status.NOT_APPLICABLE), ("latihan", Status.NOT_APPLICABLE)]
    assert of_two(SpseMetrics((), (22,))) == neither
    assert of_two(SpseMetrics((), (22, 9090))) == [("prod", Status.UNKNOWN), neither[1]]
    assert of_two(SpseMetrics()) == [("prod", Status.UNKNOWN), ("latihan", Status.UNKNOWN)]


@pytest.mark.parametrize(
    ("pools", "maximum", "status"),
    [((60,), 100, Status.PASS), ((100,), 100, Status.FAIL), ((60, 40), 100, Status.FAIL)],
)
def test_all_pools_together_must_fit_the_database(pools: tuple[int, ...], maximum: int, status: Status) -> None:
    spse = SpseInstances(tuple(instance(name=f"i{n}", pool_max=n) for n in pools))
    verdict = pools_fit(spse, PgActivity(5, maximum))
    assert isinstance(verdict, Verdict)
    assert verdict.status is status


def test_a_database_elsewhere_is_not_ours_to_judge() -> None:
    verdict = pools_fit(SpseInstances((instance(database_local=False),)), PgActivity(5, 100))
    assert isinstance(verdict, Verdict)
    assert verdict.status is Status.NOT_APPLICABLE
