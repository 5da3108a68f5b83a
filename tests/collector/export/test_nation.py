from __future__ import annotations

import pytest
from django.test import Client
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_prometheus

from collector.registry.models import Server
from collector.surveillance.models import TargetState
from tests.collector.world import World, sshd

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def scraped(accept: str = "") -> dict[str, list[tuple[dict[str, str], float]]]:
    """Samples by family, as a scraper reads them."""
    response = Client().get("/metrics", headers={"Accept": accept})
    assert response.status_code == 200
    read = read_openmetrics if "openmetrics" in response["Content-Type"] else read_prometheus
    families = list(read(response.content.decode()))
    assert len({family.name for family in families}) == len(families)
    return {family.name: [(sample.labels, sample.value) for sample in family.samples] for family in families}


@pytest.mark.parametrize("accept", ["", OPENMETRICS])
def test_scrapers_read_what_the_projections_say(world: World, accept: str) -> None:
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")
    world.deliver(sensor.report(sshd(permitrootlogin="yes")))
    found = scraped(accept)
    where = {"provider": "lpse-kota-contoh", "server": sensor.server.pk, "hostname": "spse1.contoh.go.id"}
    row = TargetState.objects.get()
    assert found["pantau_server_checks_failing"] == [(where, row.failing)]
    assert found["pantau_server_coverage_ratio"] == [(where, row.coverage)]
    assert found["pantau_server_silent"] == [(where, 0)]
    assert found["pantau_server_last_report_timestamp_seconds"] == [(where, row.heard_at.timestamp())]
    standing = {labels["standard"]: labels["standing"] for labels, _ in found["pantau_standard_standing"]}
    assert len(standing) == 17
    assert standing["k"] == "not_met"
    critical = {"provider": "lpse-kota-contoh", "severity": "critical"}
    assert (critical, 1.0) in found["pantau_findings_open"]
    assert found["pantau_collector_ledger_entries"][0][1] >= 1


@pytest.mark.parametrize("hostname", ['a"b', "a\\b", "a\nb", 'a\\"\n{} 1\nfalse_metric 1', "nama-é-中"])
@pytest.mark.parametrize("accept", ["", OPENMETRICS])
def test_no_hostname_breaks_the_format(world: World, hostname: str, accept: str) -> None:
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "x")
    world.deliver(sensor.report(sshd()))
    Server.objects.update(name=hostname)
    assert [labels["hostname"] for labels, _ in scraped(accept)["pantau_server_silent"]] == [hostname]


def test_nothing_open_is_a_zero_not_a_hole(world: World) -> None:
    assert {labels["severity"]: value for labels, value in scraped()["pantau_findings_open"]} == {
        "critical": 0, "high": 0, "medium": 0, "low": 0,
    }  # fmt: skip


def test_retired_servers_are_not_exported(world: World) -> None:
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "tua.contoh.go.id")
    world.deliver(sensor.report(sshd(permitrootlogin="yes")))
    Server.objects.update(retired_at=world.now)
    found = scraped()
    assert found["pantau_server_silent"] == []
    assert {value for _, value in found["pantau_findings_open"]} == {0}
