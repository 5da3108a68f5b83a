from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from collector.accounts.models import Act, Role
from collector.registry.models import Instance, Provider
from collector.surveillance.models import TargetState
from tests.collector.console.outside import UP, Outside
from tests.collector.world import Sensor, World

URL = "https://spse.contoh.go.id/eproc4"


def test_an_instance_is_registered_changed_and_retired(
    as_: Callable[[Role], Client], lpse: Provider, sensor: Sensor
) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    assert "Belum ada instans" in client.get(f"/providers/{lpse.slug}").content.decode()
    form = {"name": "SPSE Contoh", "url": URL, "servers": [sensor.server.pk]}
    assert client.post(f"/providers/{lpse.slug}/instances/new", form).status_code == 302
    made = Instance.objects.get()
    assert (made.public_url, made.servers.get().pk, made.ports_may_be_tried) == (URL, sensor.server.pk, False)
    assert "SPSE Contoh" in client.get(f"/servers/{sensor.server.pk}").content.decode()

    edit = f"/instances/{made.pk}/edit"
    assert URL in client.get(edit).content.decode()
    assert client.post(edit, {"name": "SPSE Kota", "url": URL}).status_code == 302
    made.refresh_from_db()
    assert made.name == "SPSE Kota"
    assert not made.servers.exists()

    assert client.post(f"/targets/{made.pk}/retire", {"reason": "Digabung.", "sure": "1"}).status_code == 302
    assert Instance.objects.get().retired_at is not None
    assert "SPSE Kota" not in client.get(f"/providers/{lpse.slug}").content.decode().partition('id="findings"')[0]
    assert "SPSE Kota" in client.get(f"/providers/{lpse.slug}?retired=1").content.decode()
    assert client.get(edit).status_code == 403
    verbs = list(Act.objects.filter(verb__startswith="instance.").order_by("id").values_list("verb", flat=True))
    assert verbs == ["instance.register", "instance.change", "instance.retire"]


@pytest.mark.parametrize(
    "url", ["spse", "ftp://spse.contoh.go.id", "https://a:b@spse.contoh.go.id/", "https://spse.contoh.go.id/?x=1", ""]
)
def test_what_is_no_public_address_is_refused_with_a_reason(
    as_: Callable[[Role], Client], lpse: Provider, url: str
) -> None:
    answer = as_(Role.PROVIDER_ADMIN).post(f"/providers/{lpse.slug}/instances/new", {"name": "X", "url": url})
    assert answer.status_code == 400
    assert 'class="errorlist"' in answer.content.decode()
    assert not Instance.objects.exists()


def test_an_address_belongs_to_one_instance(as_: Callable[[Role], Client], world: World, lpse: Provider) -> None:
    world.instance(world.provider("LPSE Lain"), URL)
    answer = as_(Role.PROVIDER_ADMIN).post(f"/providers/{lpse.slug}/instances/new", {"name": "X", "url": URL})
    assert "sudah terdaftar sebagai instans lain" in answer.content.decode()
    mine = world.instance(lpse, "https://lain.contoh.go.id/")
    assert as_(Role.PROVIDER_ADMIN).post(f"/instances/{mine.pk}/edit", {"name": "X", "url": URL}).status_code == 400


def test_servers_of_another_provider_cannot_be_named(
    as_: Callable[[Role], Client], world: World, lpse: Provider, sensor: Sensor
) -> None:
    theirs = world.sensor(world.provider("LPSE Lain"), "lain.go.id").server
    form = {"name": "X", "url": URL, "servers": [theirs.pk]}
    assert as_(Role.PROVIDER_ADMIN).post(f"/providers/{lpse.slug}/instances/new", form).status_code == 400


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.AUDITOR, Role.PROVIDER_HEAD])
def test_who_may_not_enrol_may_not_register(as_: Callable[[Role], Client], lpse: Provider, role: Role) -> None:
    client = as_(role)
    assert client.post(f"/providers/{lpse.slug}/instances/new", {"name": "X", "url": URL}).status_code == 403
    assert "instances/new" not in client.get(f"/providers/{lpse.slug}").content.decode()


@pytest.mark.parametrize("role", [Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD])
def test_a_person_of_the_provider_consents_with_a_reason_and_takes_it_back(
    as_: Callable[[Role], Client], world: World, lpse: Provider, role: Role
) -> None:
    made = world.instance(lpse, URL)
    client, address = as_(role), f"/instances/{made.pk}/consent"
    assert "tanpa mengirim apa pun" in client.get(address).content.decode()
    assert client.post(address, {"consent": "yes", "reason": " "}).status_code == 400
    assert not Instance.objects.get().ports_may_be_tried
    assert client.post(address, {"consent": "yes", "reason": "Nota dinas 12."}).status_code == 302
    assert Instance.objects.get().ports_may_be_tried
    act = Act.objects.get(verb="instance.consent")
    assert (act.reason, act.account.role, act.provider) == ("Nota dinas 12.", role, lpse)
    assert "disetujui penyedia" in client.get(f"/instances/{made.pk}").content.decode()
    assert client.post(address, {"consent": "no", "reason": "IPS berbunyi."}).status_code == 302
    assert not Instance.objects.get().ports_may_be_tried
    assert Act.objects.filter(verb="instance.refuse").count() == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_lkpp_never_consents_in_the_place_of_a_provider(
    as_: Callable[[Role], Client], world: World, lpse: Provider, role: Role
) -> None:
    made = world.instance(lpse, URL)
    assert as_(role).post(f"/instances/{made.pk}/consent", {"consent": "yes", "reason": "x"}).status_code == 403
    assert "/consent" not in as_(role).get(f"/instances/{made.pk}").content.decode()
    assert not Instance.objects.get().ports_may_be_tried


def test_a_provider_itself_is_never_retired(as_: Callable[[Role], Client], lpse: Provider) -> None:
    form = {"reason": "x", "sure": "1"}
    assert as_(Role.ADMINISTRATOR).post(f"/targets/{lpse.itself.pk}/retire", form).status_code == 404


def test_what_probers_said_before_stays_readable_after_retirement(
    as_: Callable[[Role], Client], world: World, lpse: Provider
) -> None:
    outside = Outside.of(world, lpse)
    outside.seen(UP)
    client = as_(Role.PROVIDER_ADMIN)
    client.post(f"/targets/{outside.instance.pk}/retire", {"reason": "Digabung.", "sure": "1"})
    html = client.get(f"/instances/{outside.instance.pk}").content.decode()
    assert "Digabung." in html
    assert TargetState.objects.filter(pk=outside.instance.pk).exists()
