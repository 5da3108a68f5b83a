from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from checks.standard import LETTERS
from collector.ingest.refusal import Refusal
from collector.surveillance.models import Finding
from tests.collector.process import Collector, head_of
from tests.collector.world import Sensor, World, sshd

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


@pytest.fixture
def told(served: Collector, sensor: Sensor) -> Sensor:
    """A server with an open finding."""
    assert served.post(sensor.report(sshd(permitrootlogin="yes"))).status_code == 200
    served.wait_judged()
    return sensor


def test_the_text_is_what_prometheus_reads(served: Collector, told: Sensor) -> None:
    answer = served.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    names = {family.name for family in parse_text(answer.text)}
    assert {
        "pantau_collector_build_info", "pantau_collector_reports_accepted", "pantau_collector_reports_refused",
        "pantau_collector_ledger_entries", "pantau_collector_judge_lag_seconds", "pantau_collector_agents",
        "pantau_server_last_report_timestamp_seconds", "pantau_server_silent", "pantau_server_coverage_ratio",
        "pantau_standard_standing", "pantau_standard_coverage_ratio", "pantau_findings_open",
    } <= names  # fmt: skip


def test_openmetrics_is_given_to_who_asks_for_it(served: Collector, told: Sensor) -> None:
    answer = served.get("/metrics", accept=OPENMETRICS)
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")
    assert answer.text.count("# EOF") == 1
    assert "pantau_standard_standing" in {family.name for family in parse_openmetrics(answer.text)}


def test_promtool_has_nothing_to_remark(served: Collector, told: Sensor) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:  # the parser of prometheus_client stands in for it, as above
        assert list(parse_text(served.get("/metrics").text))
        return
    done = subprocess.run(
        [promtool, "check", "metrics"], input=served.get("/metrics").text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_figures_are_those_of_the_server_that_was_told(served: Collector, told: Sensor) -> None:
    found = served.metrics()
    own = {name.partition("{")[0]: value for name, value in found.items() if f'server="{told.agent.server_id}"' in name}
    assert own["pantau_server_silent"] == 0
    assert own["pantau_server_checks_failing"] >= 1
    assert 0 < own["pantau_server_coverage_ratio"] <= 1
    assert own["pantau_server_last_report_timestamp_seconds"] > 1_700_000_000
    assert found["pantau_collector_judge_lag_entries"] == 0
    assert found["pantau_collector_ledger_entries"] >= served.entries
    standing = [name for name in found if name.startswith("pantau_standard_standing{") and found[name] == 1]
    assert {f'standard="{letter}"' in "".join(standing) for letter in LETTERS} == {True}
    opened = sum(value for name, value in found.items() if name.startswith("pantau_findings_open{"))
    rows = served.query("SELECT count(*) FROM surveillance_finding WHERE closed_at IS NULL")
    assert opened == rows[0][0]


def test_every_reason_of_refusal_has_its_series_from_the_start(served: Collector) -> None:
    found = served.metrics()
    for refusal in Refusal:
        assert f'pantau_collector_reports_refused_total{{reason="{refusal.word}"}}' in found


def test_a_host_name_with_odd_characters_does_not_break_the_exposition(served: Collector) -> None:
    hostname = 'a"b\\c\nd{e="f"} 1'
    odd = served.enrol(hostname)
    served.post(odd.report(sshd()))
    served.wait_judged()
    text = served.get("/metrics").text
    found = [s for family in parse_text(text) for s in family.samples if s.labels.get("server") == odd.agent.server_id]
    assert found
    assert {one.labels["hostname"] for one in found} == {hostname}


def test_head_has_the_headers_alone_and_other_methods_are_refused(served: Collector) -> None:
    answer = served.client.head(served.url + "/metrics")
    assert (answer.status_code, answer.content) == (200, b"")
    assert served.client.put(served.url + "/metrics").status_code in (403, 405)


# --- who may read


def test_loopback_may_read_without_a_token(db: None) -> None:
    for address in ("127.0.0.1", "::1"):
        assert Client(REMOTE_ADDR=address).get("/metrics").status_code == 200


@pytest.mark.parametrize("address", ["10.0.0.7", "192.0.2.1", "", "::ffff:10.0.0.7", "127.0.0.2.example"])
def test_other_addresses_may_not_read(db: None, address: str) -> None:
    answer = Client(REMOTE_ADDR=address).get("/metrics")
    assert answer.status_code == 403
    assert "metrics_token" in answer.content.decode()


def test_a_forwarded_address_is_not_believed(db: None) -> None:
    answer = Client(REMOTE_ADDR="10.0.0.7", HTTP_X_FORWARDED_FOR="127.0.0.1").get("/metrics")
    assert answer.status_code == 403


def with_authorization(served: Collector, said: bytes) -> int:
    head = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: "
    return head_of(served.raw(head + said + b"\r\n\r\n"))[0]


def test_the_token_opens_the_metrics_and_nothing_else_does(served: Collector) -> None:
    token = (served.state / "metrics_token").read_text().strip()
    assert served.get("/metrics", authorization=f"Bearer {token}").status_code == 200
    assert served.get("/metrics", authorization=f"bearer  {token}").status_code == 200
    assert served.get("/metrics", authorization="Bearer wrong").status_code == 403
    for said in (b"Bearer", b"Bearer ", b"Bearer \xe9\xff", b"Bearer " + token.encode()[:-1]):
        assert with_authorization(served, said) == 403
    assert with_authorization(served, b"Bearer " + token.encode() + b" ") == 200


def test_an_empty_token_file_opens_nothing(served: Collector) -> None:
    path = served.state / "metrics_token"
    token = path.read_bytes()
    try:
        path.write_bytes(b"\n")
        assert with_authorization(served, b"Bearer ") == 403
        path.unlink()
        assert served.get("/metrics", authorization="Bearer x").status_code == 403
    finally:
        path.write_bytes(token)


def test_behind_a_proxy_loopback_is_everybody_and_needs_the_token(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path, behind_proxy="true") as collector, collector.serving():
        token = (collector.state / "metrics_token").read_text().strip()
        assert collector.get("/metrics").status_code == 403
        assert collector.get("/metrics", authorization=f"Bearer {token}").status_code == 200


def test_an_empty_collector_has_metrics_that_parse(world: World) -> None:
    text = Client(REMOTE_ADDR="127.0.0.1").get("/metrics").content.decode()
    assert list(parse_text(text))
    assert not Finding.objects.exists()
