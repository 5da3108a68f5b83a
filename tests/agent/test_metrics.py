from __future__ import annotations

import re
import socket
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from agent.metrics import AgentMetrics
from agent.push import Pushed
from tests.agent.parts import enrolled, seal, settings, spool


def values(metrics: AgentMetrics) -> dict[str, float]:
    families = text_string_to_metric_families(generate_latest(metrics.registry).decode())
    return {sample.name: sample.value for family in families for sample in family.samples}


def test_names_are_as_promtool_wants_them(tmp_path: Path) -> None:
    metrics = AgentMetrics(spool(tmp_path))
    metrics.surveys.labels(60).inc()
    metrics.survey_seconds.labels(60).set(1)
    for family in text_string_to_metric_families(generate_latest(metrics.registry).decode()):
        assert re.fullmatch(r"pantau_agent_[a-z_]+", family.name)
        assert family.documentation.endswith(".")
        if family.type == "counter":
            assert all(sample.name.endswith(("_total", "_created")) for sample in family.samples)
        else:
            assert not family.name.endswith(("_total", "_count", "_sum"))
        assert not re.search(r"_(ms|milliseconds|kb|percent|minutes)(_|$)", family.name)


def test_the_spool_is_seen_as_it_is_at_the_moment(tmp_path: Path) -> None:
    kept = spool(tmp_path)
    metrics, at = AgentMetrics(kept), datetime.now(UTC) - timedelta(hours=1)
    assert values(metrics)["pantau_agent_spool_reports"] == 0
    assert values(metrics)["pantau_agent_spool_oldest_timestamp_seconds"] == 0
    seal(kept, enrolled(settings(tmp_path)), 2, at=at)
    seen = values(metrics)
    assert (seen["pantau_agent_spool_reports"], seen["pantau_agent_spool_bytes"]) == (2, kept.size().bytes)
    assert seen["pantau_agent_spool_oldest_timestamp_seconds"] == pytest.approx(at.timestamp())


def test_pushes_are_counted_by_what_came_of_them(tmp_path: Path) -> None:
    metrics = AgentMetrics(spool(tmp_path))
    metrics.pushed(Pushed(acknowledged=3), 100.0)
    metrics.pushed(Pushed(refused=1, problem="clock"), 200.0)
    metrics.pushed(Pushed(wait=5.0, problem="away"), 300.0)
    seen = values(metrics)
    assert seen["pantau_agent_reports_acknowledged_total"] == 3
    assert seen["pantau_agent_reports_refused_total"] == 1
    assert seen["pantau_agent_push_failures_total"] == 1
    assert seen["pantau_agent_last_push_timestamp_seconds"] == 100


def test_they_are_served_on_loopback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    AgentMetrics(spool(tmp_path)).serve(f"127.0.0.1:{port}")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        assert b"pantau_agent_build_info" in answer.read()


def test_a_port_that_is_taken_is_reported_and_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        AgentMetrics(spool(tmp_path)).serve(f"127.0.0.1:{taken.getsockname()[1]}")
    assert "event=metrics_not_served" in caplog.text


def test_two_agents_of_one_process_do_not_share_their_numbers(tmp_path: Path) -> None:
    first, second = AgentMetrics(spool(tmp_path / "a")), AgentMetrics(spool(tmp_path / "b"))
    first.lost.inc()
    assert values(second)["pantau_agent_surveys_lost_total"] == 0


def test_relays_have_the_same_metrics_with_their_name_in_one_family_each(tmp_path: Path) -> None:
    own = AgentMetrics(spool(tmp_path))
    for name in ("db1", "db2"):
        far = AgentMetrics(spool(tmp_path / name))
        far.surveys.labels(60).inc(len(name))
        far.reached().set(name == "db1")
        own.beside(name, far)
    own.surveys.labels(60).inc()
    text = generate_latest(own.shown()).decode()
    families = [line for line in text.splitlines() if line.startswith("# TYPE ")]
    assert len(families) == len(set(families))
    seen = {
        (sample.name, sample.labels.get("relay", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert seen["pantau_agent_surveys_total", ""] == 1
    assert seen["pantau_agent_surveys_total", "db1"] == 3
    assert (seen["pantau_agent_relay_reached", "db1"], seen["pantau_agent_relay_reached", "db2"]) == (1, 0)
    assert ("pantau_agent_relay_reached", "") not in seen
    assert [relay for name, relay in seen if name == "pantau_agent_build_info"] == [""]
