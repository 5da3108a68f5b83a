from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from collector.accounts.models import Act, Role
from collector.console.access import visible
from collector.ingest.enrolled_keys import EnrolledKeys
from collector.registry.enrolment import NotEnrolled, create_prober_token, create_token, enrol, revoke
from collector.registry.instances import NotRegistered, change, probed, register
from collector.registry.models import Agent, Instance, Token
from collector.registry.retirement import retire
from evidence.enrolment import Enrolment
from evidence.key import PrivateKey
from tests.collector.world import World

URL = "https://spse.contoh.go.id/eproc4"


def request(token: str, name: str) -> Enrolment:
    return Enrolment(token, PrivateKey.generate().public.raw, name, "", "pantau 0")


# --- instances


def test_an_instance_is_registered_with_its_servers_and_the_act_stands_in_the_trail(world: World) -> None:
    lpse = world.provider("LPSE Kota Contoh")
    server = world.sensor(lpse, "spse1.contoh.go.id").server
    who = world.account(Role.ADMINISTRATOR)
    made = register(lpse, "SPSE Kota Contoh", URL, servers=[server.pk], consent=True, by=who, now=world.now)
    assert made.pk.startswith("ins-")
    assert list(made.servers.values_list("pk", flat=True)) == [server.pk]
    assert list(server.instances.values_list("pk", flat=True)) == [made.pk]
    act = Act.objects.get(verb="instance.register")
    assert (act.account, act.provider, "ports may be tried" in act.reason) == (who, lpse, True)
    assert list(probed()) == [Instance.objects.get(pk=made.pk)]


@pytest.mark.parametrize(
    "url",
    ["", "spse.contoh.go.id", "ftp://spse.contoh.go.id", "https://", "https://a b/", "https://u:p@spse.contoh.go.id/",
     "https://spse.contoh.go.id/?x=1", "https://spse.contoh.go.id/" + "x" * 200, "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_public_url_is_not_registered(world: World, url: str) -> None:
    with pytest.raises(NotRegistered):
        register(world.provider("LPSE Kota Contoh"), "SPSE", url, by=None, now=world.now)
    assert not Instance.objects.exists()


def test_a_url_is_registered_once_and_only_servers_of_the_same_provider_carry_it(world: World) -> None:
    lpse, other = world.provider("LPSE Kota Contoh"), world.provider("LPSE Kota Lain")
    theirs = world.sensor(other, "spse1.lain.go.id").server
    for servers in ([theirs.pk], ["srv-none"]):
        with pytest.raises(NotRegistered, match="has no server"):
            register(lpse, "SPSE", URL, servers=servers, by=None, now=world.now)
    assert not Instance.objects.exists()
    register(lpse, "SPSE", URL, by=None, now=world.now)
    with pytest.raises(NotRegistered, match="registered already"):
        register(other, "SPSE", URL, by=None, now=world.now)
    second = register(other, "SPSE", URL + "/2", by=None, now=world.now)
    with pytest.raises(NotRegistered, match="registered already"):
        change(second, url=URL, by=None, now=world.now)


def test_consent_can_be_withdrawn_and_only_what_is_given_changes(world: World) -> None:
    lpse = world.provider("LPSE Kota Contoh")
    server = world.sensor(lpse, "spse1.contoh.go.id").server
    made = register(lpse, "SPSE", URL, servers=[server.pk], consent=True, by=None, now=world.now)
    assert change(made, consent=False, by=None, now=world.now)
    assert not change(made, consent=False, name="SPSE", url=URL, servers=[server.pk], by=None, now=world.now)
    held = Instance.objects.get(pk=made.pk)
    assert (held.ports_may_be_tried, held.public_url, held.servers.count()) == (False, URL, 1)
    assert Act.objects.get(verb="instance.change").reason == "ports may not be tried"
    assert change(made, servers=[], url=URL + "/x", by=None, now=world.now)
    assert not Instance.objects.get(pk=made.pk).servers.exists()
    with pytest.raises(NotRegistered):
        change(made, url="nowhere", by=None, now=world.now)


def test_a_retired_instance_is_neither_probed_nor_changed(world: World) -> None:
    made = register(world.provider("LPSE Kota Contoh"), "SPSE", URL, by=None, now=world.now)
    counted: list[int] = []
    assert retire(made, now=world.now, by=None, reason="moved", count=lambda key, now: counted.append(key))
    assert not probed().exists()
    assert counted == [made.provider_id]
    assert Act.objects.filter(verb="instance.retire").exists()
    with pytest.raises(NotRegistered, match="retired"):
        change(made, consent=True, by=None, now=world.now)


# --- probers


def test_a_token_is_of_a_provider_or_of_a_prober_never_of_both_nor_of_none(world: World) -> None:
    lpse = world.provider("LPSE Kota Contoh")
    for wrong in ({"provider": lpse, "prober": "jakarta-1"}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Token.objects.create(digest="x", expires_at=world.now, **wrong)


@pytest.mark.parametrize("name", ["", "a/b", "-x", "x" * 64, "jakarta 1", "jakarta-1\n"])
def test_a_name_that_is_none_gets_no_token(world: World, name: str) -> None:
    with pytest.raises(ValueError, match="no name of a prober"):
        create_prober_token(name, now=world.now)
    assert not Token.objects.exists()


def test_a_prober_has_no_server_and_no_provider_and_can_be_revoked(world: World) -> None:
    agent = enrol(request(create_prober_token("jakarta-1", now=world.now), "jakarta-1"), now=world.now)
    assert (agent.role, agent.server, agent.provider, agent.hostname) == (Agent.Role.PROBER, None, None, "jakarta-1")
    assert revoke(agent, now=world.now, by=None, reason="stolen")
    assert Act.objects.get(verb="agent.revoke").provider is None


def test_a_probers_token_enrols_nobody_else_and_stays_unspent(world: World) -> None:
    token = create_prober_token("jakarta-1", now=world.now)
    for name in ("spse1.contoh.go.id", "jakarta-2", "Jakarta-1"):
        with pytest.raises(NotEnrolled, match="of the prober 'jakarta-1'"):
            enrol(request(token, name), now=world.now)
    assert not Agent.objects.exists()
    assert enrol(request(token, "jakarta-1"), now=world.now).role == Agent.Role.PROBER


def test_the_console_shows_a_provider_neither_probers_nor_their_tokens(world: World) -> None:
    lpse = world.provider("LPSE Kota Contoh")
    world.prober("jakarta-1")
    create_prober_token("medan-1", now=world.now)
    create_token(lpse, now=world.now)
    own, all_ = world.account(Role.PROVIDER_ADMIN, lpse), world.account(Role.ADMINISTRATOR)
    assert not visible(Agent, own).exists()
    assert [str(token) for token in visible(Token, own)] == ["LPSE Kota Contoh"]
    assert {str(token) for token in visible(Token, all_)} >= {"medan-1", "LPSE Kota Contoh"}


# --- who may speak of what


def test_the_door_knows_of_each_key_what_it_may_speak_of(world: World) -> None:
    lpse = world.provider("LPSE Kota Contoh")
    sensor = world.sensor(lpse, "spse1.contoh.go.id")
    one = world.instance(lpse, URL)
    nowhere = world.instance(lpse, "")
    (chain,) = world.prober("jakarta-1", one)
    keys = EnrolledKeys()
    keys.refresh()
    assert keys.known[sensor.agent.pk].targets == {sensor.server.pk}
    assert keys.known[chain.agent.pk].targets == {one.pk}
    assert (keys.known[chain.agent.pk].prober, keys.known[sensor.agent.pk].prober) == ("jakarta-1", "")
    before = keys.known[sensor.agent.pk].targets

    change(Instance.objects.get(pk=nowhere.pk), url=URL + "/2", by=None, now=world.now)
    retire(one, now=world.now, by=None, reason="moved", count=lambda key, now: None)
    keys.refresh()
    assert keys.known[chain.agent.pk].targets == {nowhere.pk}
    assert keys.known[sensor.agent.pk].targets is before
