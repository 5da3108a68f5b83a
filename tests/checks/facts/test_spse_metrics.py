from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts.listeners import Listener, Listeners
from checks.facts.spse_answers import ask, ask_all
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_metrics import (
    InstanceMetrics,
    SpseMetrics,
    first_alone,
    not_asked,
    read,
    scraped,
    scraped_with_curl,
    second_alone,
)
from checks.source import Answer
from tests.checks.real import real
from tests.checks.spse import instance
from tests.spse_stand_in import spse

TEXT = real("spse/metrics.txt")
HERE = Listeners((Listener("0.0.0.0", 22, "tcp"),))


def test_the_text_of_the_real_client_libraries_is_understood() -> None:
    assert read(200, TEXT) == InstanceMetrics(
        status=200,
        heap_used=5134752.0,
        heap_max=268435456.0,
        heap_after_gc=5134752.0,
        gc_seconds=pytest.approx(0.113),
        started=datetime(2026, 11, 23, 8, 57, 16, tzinfo=UTC),
        jobs_queued=9.0,
        jobs_active=1.0,
        pool_active=0.0,
        pool_pending=0.0,
        pool_max=100.0,
        requests=1203.0,
        exceptions=6.0,
        version="4.5",
    )


def test_paths_of_requests_are_summed_away() -> None:
    assert b"lelang" not in msgspec.json.encode(read(200, TEXT))


def test_the_stand_in_is_scraped_and_refuses_whom_it_does_not_know() -> None:
    with spse(allow=("127.0.0.1",)) as known, spse() as unknown:
        host = LocalHost()
        both = SpseInstances((instance(port=known.port), instance(port=unknown.port)))

        direct = scraped(host.read(ask(0, "/metrics").make(both)), host.read(ask(1, "/metrics").make(both)))
        assert [one.status for one in direct.instances] == [200, 403]
        asked = scraped_with_curl(host.read(ask_all("/metrics", body=True).make(both)), HERE)
        assert asked == SpseMetrics(direct.instances, (22,))


def test_one_installation_that_is_down_does_not_hide_the_other() -> None:
    with spse(allow=("127.0.0.1",)) as server:
        found = SpseInstances((instance(port=1), instance(port=server.port)))
        metrics = scraped_with_curl(LocalHost().read(ask_all("/metrics", body=True).make(found)), HERE)

        assert [one.status for one in metrics.instances] == [0, 200]


def test_without_curl_one_that_is_down_does_not_hide_the_other_either() -> None:
    host = LocalHost()
    with spse(allow=("127.0.0.1",)) as server:
        up, down = instance(port=server.port), instance(port=1)
        last = SpseInstances((down, up))
        with pytest.raises(Missing):
            host.read(ask(0, "/metrics", alone=True).make(last))
        second = second_alone(host.read(ask(1, "/metrics", alone=True).make(last)), HERE)
        first = first_alone(host.read(ask(0, "/metrics", alone=True).make(SpseInstances((up, down)))), HERE)
        only = host.read(ask(1, "/metrics", alone=True).make(SpseInstances((up,))))

    assert [[one.status for one in each.instances] for each in (first, second)] == [[200, 0], [0, 200]]
    assert (first.listening, not_asked(HERE).listening) == ((22,), (22,))
    with pytest.raises(Missing, match="only one"):
        second_alone(only, HERE)


def test_one_that_may_not_be_asked_is_not_taken_for_silent() -> None:
    found = SpseInstances((instance(), instance(address="10.0.0.5")))
    with pytest.raises(Missing, match="loopback"):
        ask(0, "/metrics", alone=True).make(found)


def test_one_answer_without_metrics_does_not_hide_the_other() -> None:
    odd, good = Answer(200, {}, "<html>"), Answer(200, {}, TEXT)

    assert scraped(odd, good).instances == (InstanceMetrics(200), read(200, TEXT))
    with pytest.raises(Missing, match="no metrics of SPSE"):
        scraped(odd, odd)


def test_a_library_that_names_memory_the_newer_way_is_understood() -> None:
    text = 'jvm_memory_used_bytes{area="heap",} 5.0E8\njvm_memory_max_bytes{area="heap",} 1.0E9\n'

    assert (read(200, text).heap_used, read(200, text).heap_max) == (5e8, 1e9)


def test_an_answer_without_metrics_is_missing() -> None:
    for text in ("", "<html>login</html>", "hello 1.0"):
        with pytest.raises(Missing):
            read(200, text)


@given(st.text())
def test_any_answer_gives_metrics_or_missing(text: str) -> None:
    for body in (text, f"job_pool_queue {text}\nprocess_start_time_seconds {text}\njvm_x 1\n"):
        with contextlib.suppress(Missing):
            assert read(200, body).status == 200
