from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from collector.accounts.models import Account, Act, Role
from collector.ingest.refusal import Refused
from collector.registry.enrolment import token_digest
from collector.registry.models import Agent, Provider, Token
from tests.collector.world import Sensor, World, sshd


def ask(client: Client, provider: Provider, **more: object) -> tuple[int, str]:
    response = client.post("/agents/token", {"provider": provider.pk, "hours": 24, **more})
    return response.status_code, response.content.decode()


def test_a_token_is_shown_once_with_its_command(
    as_: Callable[[Role], Client], lpse: Provider, people: dict[Role, Account]
) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    status, html = ask(client, lpse, note="rak 3")
    assert status == 200
    assert re.search(r">pantau-agent enrol --collector http\S+ --token -<", html)  # in no command line, in no history
    found = re.findall(r"pantau-[\w-]{32}", html)
    assert len(found) == 1
    row = Token.objects.get(note="rak 3")
    assert row.digest == token_digest(found[0])
    assert row.created_by == people[Role.PROVIDER_ADMIN]
    assert found[0] not in client.get("/agents").content.decode()
    assert Act.objects.filter(verb="token.create", account=people[Role.PROVIDER_ADMIN]).count() == 1


def test_the_answer_with_a_token_is_not_cached(as_: Callable[[Role], Client], lpse: Provider) -> None:
    response = as_(Role.ADMINISTRATOR).post("/agents/token", {"provider": lpse.pk, "hours": 1})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.AUDITOR, Role.PROVIDER_HEAD])
def test_others_see_agents_but_make_no_tokens(
    as_: Callable[[Role], Client], lpse: Provider, sensor: Sensor, role: Role
) -> None:
    client = as_(role)
    html = client.get("/agents").content.decode()
    assert sensor.server.name in html
    assert 'action="/agents/token"' not in html
    before = Token.objects.count()
    assert ask(client, lpse)[0] == 403
    assert client.post(f"/agents/{sensor.agent.pk}/revoke", {"reason": "coba"}).status_code == 403
    assert Token.objects.count() == before
    assert not Agent.objects.filter(revoked_at__isnull=False).exists()


def test_a_provider_makes_tokens_for_itself_only(as_: Callable[[Role], Client], world: World, lpse: Provider) -> None:
    other = world.provider("LPSE Lain")
    status, html = ask(as_(Role.PROVIDER_ADMIN), other)
    assert status == 400
    assert "errorlist" in html
    assert not Token.objects.filter(provider=other).exists()


def test_a_token_can_be_revoked_until_it_is_used(as_: Callable[[Role], Client], lpse: Provider, sensor: Sensor) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    ask(client, lpse, note="salah kirim")
    fresh = Token.objects.get(note="salah kirim")
    client.post(f"/agents/tokens/{fresh.pk}/revoke")
    fresh.refresh_from_db()
    assert fresh.revoked_at is not None
    assert Act.objects.filter(verb="token.revoke", subject="salah kirim").exists()
    used = Token.objects.get(used_at__isnull=False)
    assert "sudah dipakai" in client.post(f"/agents/tokens/{used.pk}/revoke", follow=True).content.decode()
    used.refresh_from_db()
    assert used.revoked_at is None


def test_expired_and_used_tokens_are_not_listed_as_open(
    as_: Callable[[Role], Client], lpse: Provider, sensor: Sensor
) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    ask(client, lpse, note="kedaluwarsa nanti")
    assert "kedaluwarsa nanti" in client.get("/agents").content.decode()
    Token.objects.update(expires_at=timezone.now())
    assert "kedaluwarsa nanti" not in client.get("/agents").content.decode()


def test_revoking_an_agent_wants_a_reason_and_ends_its_reports(
    as_: Callable[[Role], Client], world: World, sensor: Sensor
) -> None:
    client, url = as_(Role.PROVIDER_ADMIN), f"/agents/{sensor.agent.pk}/revoke"
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "  "}).status_code == 400
    assert client.post(url, {"reason": "Kunci bocor"}).status_code == 302
    agent = Agent.objects.get(pk=sensor.agent.pk)
    assert agent.revoked_reason == "Kunci bocor"
    assert Act.objects.get(verb="agent.revoke").reason == "Kunci bocor"
    with pytest.raises(Refused, match="revoked"):
        world.deliver(sensor.report(sshd()))
    assert "sudah dicabut" in client.post(url, {"reason": "lagi"}, follow=True).content.decode()
    assert Act.objects.filter(verb="agent.revoke").count() == 1


def test_agents_are_found_by_host_or_key(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    client = as_(Role.OFFICER)
    for query in ("spse1", sensor.agent.key_id[:10], "kota contoh"):
        assert sensor.server.name in client.get("/agents", {"q": query}).content.decode()
    assert "Tidak ada agen yang cocok" in client.get("/agents", {"q": "entah"}).content.decode()


def test_agents_come_50_a_page_and_only_ones_own(as_: Callable[[Role], Client], world: World, sensor: Sensor) -> None:
    Agent.objects.bulk_create(
        Agent(key_id=f"{n:064}", server=sensor.server, public_key=bytes(32), hostname="spse1", software="pantau 0.1.0")
        for n in range(60)
    )
    theirs = world.sensor(world.provider("LPSE Lain"), "lain.go.id")
    client = as_(Role.PROVIDER_ADMIN)
    first, second = (client.get(f"/agents?page={page}").content.decode() for page in (1, 2))
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (50, 11)
    assert theirs.agent.key_id not in first + second
