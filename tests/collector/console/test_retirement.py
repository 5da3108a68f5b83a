from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from checks.facts.sshd import Sshd
from collector.accounts.models import Account, Act, Role
from collector.registry.models import Agent, Provider, Server
from collector.surveillance.models import StandardState
from tests.collector.world import Sensor, World

SURE = {"reason": "Diganti server baru", "sure": "1"}


def standing(provider: Provider) -> str:
    return StandardState.objects.get(provider=provider, letter="k").standing


@pytest.mark.parametrize("role", [Role.PROVIDER_ADMIN, Role.ADMINISTRATOR])
def test_a_server_is_retired_with_a_reason_and_a_confirmation(
    as_: Callable[[Role], Client], sensor: Sensor, lpse: Provider, people: dict[Role, Account], role: Role
) -> None:
    client, url = as_(role), f"/targets/{sensor.server.pk}/retire"
    assert url in client.get(f"/servers/{sensor.server.pk}").content.decode()
    assert sensor.server.pk in client.get(url).content.decode()
    for lacking in ({"reason": "", "sure": "1"}, {"reason": " ", "sure": "1"}, {"reason": "Diganti"}, {}):
        assert client.post(url, lacking).status_code == 400
    assert Server.objects.get().retired_at is None
    assert client.post(url, SURE)["Location"] == f"/providers/{lpse.slug}"
    assert Act.objects.get(verb="server.retire").account == people[role]
    assert Agent.objects.get().revoked_at is not None
    assert "sudah dipensiunkan" in client.post(url, SURE, follow=True).content.decode()
    assert Act.objects.filter(verb="server.retire").count() == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.AUDITOR, Role.PROVIDER_HEAD])
def test_others_retire_nothing(as_: Callable[[Role], Client], sensor: Sensor, role: Role) -> None:
    client, url = as_(role), f"/targets/{sensor.server.pk}/retire"
    assert url not in client.get(f"/servers/{sensor.server.pk}").content.decode()
    assert (client.get(url).status_code, client.post(url, SURE).status_code) == (403, 403)
    assert Server.objects.get().retired_at is None


def test_a_retired_server_counts_nowhere_from_that_moment(
    as_: Callable[[Role], Client], world: World, sensor: Sensor, lpse: Provider
) -> None:
    world.deliver(world.sensor(lpse, "spse2.contoh.go.id").report(missing={Sshd: "sshd -T: izin ditolak"}))
    assert standing(lpse) == "not_met"
    as_(Role.PROVIDER_ADMIN).post(f"/targets/{sensor.server.pk}/retire", SURE)
    assert standing(lpse) == "undetermined"
    html = as_(Role.OFFICER).get(f"/providers/{lpse.slug}").content.decode()
    assert "K-SSH-01</code></small>" not in html  # no finding of it
    assert f'href="/servers/{sensor.server.pk}"' not in html
    assert '<span class="severity is-critical">Kritis <b>0</b>' in as_(Role.OFFICER).get("/").content.decode()


def test_retired_servers_are_listed_when_they_are_asked_for(
    as_: Callable[[Role], Client], sensor: Sensor, lpse: Provider
) -> None:
    client = as_(Role.ADMINISTRATOR)
    assert "?retired=1" not in client.get(f"/providers/{lpse.slug}").content.decode()
    client.post(f"/targets/{sensor.server.pk}/retire", SURE)
    assert "?retired=1" in client.get(f"/providers/{lpse.slug}").content.decode()
    shown = client.get(f"/providers/{lpse.slug}?retired=1").content.decode()
    for said in (f'href="/servers/{sensor.server.pk}"', "Dipensiunkan", "Diganti server baru"):
        assert said in shown
    assert sensor.agent.key_id not in client.get("/agents").content.decode()
    agents = client.get("/agents?retired=1").content.decode()
    assert sensor.agent.key_id in agents
    assert "is-retired" in agents
    page = client.get(f"/servers/{sensor.server.pk}").content.decode()
    assert "Diganti server baru" in page
    assert f"/targets/{sensor.server.pk}/retire" not in page


def test_no_waiver_is_offered_for_a_retired_server(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    finding = sensor.server.findings.get(check_code="K-SSH-01")
    as_(Role.PROVIDER_ADMIN).post(f"/targets/{sensor.server.pk}/retire", SURE)
    assert "/waivers/request?" not in as_(Role.PROVIDER_ADMIN).get(f"/findings/{finding.pk}").content.decode()


def test_a_server_whose_agent_was_revoked_is_offered_for_retirement(
    as_: Callable[[Role], Client], sensor: Sensor
) -> None:
    client = as_(Role.ADMINISTRATOR)
    assert "Pensiunkan server…" not in client.get("/agents").content.decode()
    client.post(f"/agents/{sensor.agent.pk}/revoke", {"reason": "Dibongkar"})
    assert "Pensiunkan server…" in client.get("/agents").content.decode()
