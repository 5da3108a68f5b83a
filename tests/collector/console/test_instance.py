"""The page of an instance, and what a server's page says where probers contradict it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from collector.accounts.models import Role
from collector.registry.models import Provider
from collector.surveillance.models import Finding, TargetState
from tests.collector.console.outside import CLOSED, DOWN, UP, Outside, ports
from tests.collector.console.test_target import result
from tests.collector.world import Sensor, World


@pytest.fixture
def outside(world: World, lpse: Provider, sensor: Sensor) -> Outside:
    return Outside.of(world, lpse, sensor.server)


def page(client: Client, outside: Outside, query: str = "") -> str:
    response = client.get(f"/instances/{outside.instance.pk}{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_an_instance_that_nobody_saw_says_who_will(as_: Callable[[Role], Client], outside: Outside) -> None:
    html = page(as_(Role.PROVIDER_ADMIN), outside)
    assert "Belum ada penguji yang melihat instans ini" in html
    assert "spse1.contoh.go.id" in html
    assert "belum disetujui penyedia" in html


def test_it_says_what_was_seen_and_from_where(as_: Callable[[Role], Client], outside: Outside) -> None:
    outside.seen(UP)
    html = page(as_(Role.PROVIDER_ADMIN), outside)
    assert '<span class="pill is-pass"><b aria-hidden="true">✓</b>Menjawab</span>' in html
    shown = result(html, "L-AVL-01")
    assert shown.startswith("is-pass")
    assert shown.partition("</table>")[0].count('<th scope="row">') == 2
    assert "jakarta-1" in shown
    assert "makassar-1" in shown
    assert "titik pantau berbeda" not in shown
    assert f'href="/servers/{outside.instance.servers.get().pk}"' in html


def test_vantage_points_that_disagree_stand_side_by_side(as_: Callable[[Role], Client], outside: Outside) -> None:
    outside.seen(UP, by=["jakarta-1"])
    outside.seen(DOWN, by=["makassar-1"])
    shown = result(page(as_(Role.OFFICER), outside), "L-AVL-01")
    assert shown.startswith("is-unknown")
    assert "titik pantau berbeda" in shown
    jakarta, makassar = shown.partition("<tbody>")[2].split("</tr>")[:2]
    assert "is-pass" in jakarta
    assert "is-fail" in makassar


def test_one_vantage_point_alone_is_not_enough(as_: Callable[[Role], Client], outside: Outside) -> None:
    outside.seen(UP, by=["jakarta-1"])
    html = page(as_(Role.OFFICER), outside)
    assert "Tidak diketahui</span>" in html
    assert "perlu 2" in html


def test_availability_stands_beside_what_nobody_observed(
    as_: Callable[[Role], Client], world: World, outside: Outside
) -> None:
    for minutes in range(40, 0, -1):
        outside.seen(DOWN if 10 < minutes <= 20 else UP, at=world.ago(minutes=minutes))
    html = page(as_(Role.OFFICER), outside)
    assert "waktu tidak teramati" in html
    assert "hari dengan gangguan" in html
    assert html.count("<g>") == 60
    assert 'rect class="is-down"' in html
    listed = as_(Role.OFFICER).get(f"/providers/{outside.instance.provider.slug}").content.decode()
    assert "tidak teramati" in listed.partition('id="instances"')[2].partition('id="findings"')[0]


def test_an_instance_without_a_public_url_is_not_probed(as_: Callable[[Role], Client], outside: Outside) -> None:
    type(outside.instance).objects.filter(pk=outside.instance.pk).update(public_url="")
    assert "Isilah alamatnya" in page(as_(Role.OFFICER), outside)


def test_a_pass_that_probers_contradict_is_disputed_with_both_sides(
    as_: Callable[[Role], Client], world: World, sensor: Sensor, outside: Outside
) -> None:
    world.deliver(sensor.report(CLOSED))
    client = as_(Role.PROVIDER_ADMIN)
    server = f"/servers/{sensor.server.pk}"
    assert result(client.get(server).content.decode(), "K-NET-04").startswith("is-pass")
    outside.seen(ports(443, 5432))
    finding = Finding.objects.get(check_code="K-NET-06", target=outside.instance, closed_at=None)
    html = client.get(server).content.decode()
    shown = result(html, "K-NET-04")
    assert shown.startswith("is-disputed")
    for said in ("Menurut server", "Dari luar", "5432", f'href="/findings/{finding.pk}"', outside.instance.name):
        assert said in shown, said
    assert "Klaim server ini dipersoalkan" in html
    assert 'href="?status=disputed#results"' in html
    assert result(client.get(f"{server}?status=disputed").content.decode(), "K-NET-04")
    world.judging.refresh([sensor.server.pk], world.now + timedelta(minutes=1))
    assert TargetState.objects.get(pk=sensor.server.pk).statuses["K-NET-04"] == "unknown"
    provider = client.get(f"/providers/{sensor.server.provider.slug}").content.decode()
    assert "1 dipersoalkan" in provider
    clause = provider.partition("<code>K-NET-04</code>")[0].rpartition("<li>")[2]
    assert "is-disputed" in clause


def test_what_a_server_admits_itself_is_not_disputed(
    as_: Callable[[Role], Client], world: World, sensor: Sensor, outside: Outside
) -> None:
    outside.seen(ports(443, 5432))
    html = as_(Role.OFFICER).get(f"/servers/{sensor.server.pk}").content.decode()
    assert "dipersoalkan" not in html


def test_the_address_of_one_kind_opens_no_other(
    as_: Callable[[Role], Client], sensor: Sensor, outside: Outside
) -> None:
    client = as_(Role.OFFICER)
    assert client.get(f"/instances/{sensor.server.pk}").status_code == 404
    assert client.get(f"/servers/{outside.instance.pk}").status_code == 404


def test_the_provider_itself_says_what_is_judged_of_it(as_: Callable[[Role], Client], lpse: Provider) -> None:
    client = as_(Role.PROVIDER_HEAD)
    html = client.get(f"/organisations/{lpse.itself.pk}").content.decode()
    assert "Belum ada penilaian" in html
    assert "Register tiket" in html
    assert f'href="/organisations/{lpse.itself.pk}"' in client.get(f"/providers/{lpse.slug}").content.decode()
