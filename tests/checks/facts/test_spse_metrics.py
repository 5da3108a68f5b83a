from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts.spse_answers import ask, ask_all
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_metrics import InstanceMetrics, read, scraped, scraped_with_curl
from tests.checks.real import real
from tests.checks.spse import instance
from tests.spse_stand_in import spse

TEXT = real("spse/metrics.txt")


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
        assert scraped_with_curl(host.read(ask_all("/metrics", body=True).make(both))) == direct


def test_one_installation_that_is_down_does_not_hide_the_other() -> None:
    with spse(allow=("127.0.0.1",)) as server:
        found = SpseInstances((instance(port=1), instance(port=server.port)))
        metrics = scraped_with_curl(LocalHost().read(ask_all("/metrics", body=True).make(found)))

        assert [one.status for one in metrics.instances] == [0, 200]


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
