"""No page of one provider opens to another: generated over every address of the console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from collector.accounts.models import PROVIDER, Act, Role
from collector.console.urls import urlpatterns
from collector.registry.enrolment import create_token
from collector.registry.models import Agent, Provider, RegisterEntry, Token
from collector.surveillance.models import Finding, Waiver
from tests.collector.world import Sensor, World, sshd

WITH_OBJECT = [pattern for pattern in urlpatterns if pattern.pattern.converters]
WITHOUT_OBJECT = [pattern for pattern in urlpatterns if not pattern.pattern.converters]
OF_KIND = {"instance": "instance", "organisation": "itself"}  # pages of targets that are no servers


@pytest.fixture
def theirs(world: World, sensor: Sensor) -> dict[str, object]:
    """One of everything that belongs to another provider, by the names that addresses use."""
    other = world.provider("LPSE Rahasia Tetangga")
    neighbour = world.sensor(other, "rahasia.tetangga.go.id")
    world.deliver(neighbour.report(sshd(permitrootlogin="yes")))
    return belongings(world, other, neighbour)


def belongings(world: World, provider: Provider, sensor: Sensor) -> dict[str, object]:
    create_token(provider, now=timezone.now(), note=f"token {provider.slug}")
    finding = Finding.objects.get(target=sensor.server, check_code="K-SSH-01", closed_at=None)
    waiver = Waiver.objects.create(
        target=sensor.server, check_code="K-SSH-01", justification="alasan", requested_by=world.account(Role.OFFICER),
        expires_at=timezone.now() + timezone.timedelta(days=9),
    )  # fmt: skip
    version = RegisterEntry.objects.create(
        target=sensor.server, register="change_register", content={"rows": []}, digest="0" * 64
    )
    instance = world.instance(provider, f"https://{provider.slug}.go.id/eproc4")
    return {
        "instance": instance.pk, "itself": provider.itself.pk, "register": version.register, "version": version.pk,
        "slug": provider.slug, "server": sensor.server.pk, "target": sensor.server.pk,
        "finding": finding.pk, "digest": sensor.previous,
        "agent": sensor.agent.pk, "token": Token.objects.get(provider=provider, used_at=None).pk, "waiver": waiver.pk,
    }  # fmt: skip


def addresses(objects: dict[str, object]) -> Iterator[tuple[URLPattern, str]]:
    for pattern in WITH_OBJECT:
        own = {"target": objects[OF_KIND[pattern.name]]} if pattern.name in OF_KIND else {}
        named = {**objects, **own}
        yield pattern, reverse(str(pattern.name), kwargs={name: named[name] for name in pattern.pattern.converters})


def test_there_are_addresses_to_try() -> None:
    assert len(WITH_OBJECT) >= 8


@pytest.mark.parametrize("role", sorted(PROVIDER))
def test_what_belongs_to_another_provider_does_not_exist(
    world: World, lpse: Provider, theirs: dict[str, object], role: Role
) -> None:
    client = Client()
    client.force_login(world.account(role, lpse))
    acts = Act.objects.count()
    for pattern, url in addresses(theirs):
        said = {client.get(url).status_code, client.post(url, {"reason": "x", "stage": "approved"}).status_code}
        assert said <= {403, 404, 405}, (pattern.name, said)
        assert said & {403, 404}, (pattern.name, said)
    assert Act.objects.count() == acts
    assert not Agent.objects.filter(revoked_at__isnull=False).exists()


def test_the_same_addresses_open_to_their_own_provider(world: World, lpse: Provider, sensor: Sensor) -> None:
    client = Client()
    client.force_login(world.account(Role.PROVIDER_ADMIN, lpse))
    for pattern, url in addresses(belongings(world, lpse, sensor)):
        assert client.get(url).status_code in {200, 405}, pattern.name


@pytest.mark.parametrize("role", sorted(PROVIDER))
def test_lists_never_name_another_provider(world: World, lpse: Provider, theirs: dict[str, object], role: Role) -> None:
    client = Client()
    client.force_login(world.account(role, lpse))
    for pattern in WITHOUT_OBJECT:
        url = reverse(str(pattern.name))
        for address in (url, f"{url}?target={theirs['target']}&q=rahasia"):
            response = client.get(address, follow=True)
            assert "Rahasia Tetangga" not in response.content.decode(), pattern.name
            assert "rahasia.tetangga" not in response.content.decode(), pattern.name


def test_nobody_asks_for_a_waiver_of_anothers_server(world: World, lpse: Provider, theirs: dict[str, object]) -> None:
    client = Client()
    client.force_login(world.account(Role.PROVIDER_ADMIN, lpse))
    day = (timezone.localdate() + timezone.timedelta(days=3)).isoformat()
    body = {"target": theirs["target"], "check": "K-SSH-02", "justification": "x" * 30, "expires": day}
    assert client.post("/waivers/request", body).status_code == 400
    assert not Waiver.objects.filter(check_code="K-SSH-02").exists()


def test_nobody_is_let_in_without_a_login(theirs: dict[str, object]) -> None:
    for pattern, url in addresses(theirs):
        for response in (Client().get(url), Client().post(url)):
            assert response.status_code == 302, pattern.name
            assert response["Location"].startswith("/login"), pattern.name


def test_every_act_wants_a_csrf_token(world: World, lpse: Provider, sensor: Sensor) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.account(Role.ADMINISTRATOR))
    urls = [url for _, url in addresses(belongings(world, lpse, sensor))]
    urls += [reverse(str(pattern.name)) for pattern in WITHOUT_OBJECT]
    for url in urls:
        response = client.post(url, {"reason": "x"})
        assert response.status_code in {403, 405}, url
        if response.status_code == 403:
            assert "Formulir sudah kedaluwarsa" in response.content.decode()
