from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone

from collector.accounts.models import Act, Role
from collector.ingest.refusal import Refused
from collector.registry.enrolment import NotEnrolled, create_token, enrol
from collector.registry.models import Provider, Server, Token
from collector.registry.retirement import retire
from evidence.enrolment import Enrolment
from evidence.key import PrivateKey
from tests.collector.world import Sensor, World, sshd


@pytest.fixture
def lpse(world: World) -> Provider:
    return world.provider("LPSE Kota Contoh")


@pytest.fixture
def sensor(world: World, lpse: Provider) -> Sensor:
    return world.sensor(lpse, "spse1.contoh.go.id")


def nothing(provider: int, now: datetime) -> None:
    """Counts nobody."""


def joins(token: str) -> Enrolment:
    key = PrivateKey.generate().public.raw
    return Enrolment(token=token, public_key=key, hostname="spse1", machine_id="", software="pantau 0.1.0")


def test_a_retired_server_reports_no_more_and_the_act_is_recorded(world: World, sensor: Sensor) -> None:
    by = world.account(Role.ADMINISTRATOR)
    counted: list[int] = []
    assert retire(
        sensor.server, now=timezone.now(), by=by, reason="Diganti", count=lambda key, now: counted.append(key)
    )
    assert counted == [sensor.server.provider_id]
    act = Act.objects.get(verb="server.retire")
    assert (act.account, act.reason, sensor.server.pk in act.subject) == (by, "Diganti", True)
    assert Act.objects.filter(verb="agent.revoke", reason="Diganti").count() == 1
    assert Server.objects.get().retired_reason == "Diganti"
    with pytest.raises(Refused, match="revoked"):
        world.deliver(sensor.report(sshd()))


def test_a_server_is_retired_once(world: World, sensor: Sensor) -> None:
    assert retire(sensor.server, now=timezone.now(), by=None, reason="Diganti", count=nothing)
    first = Server.objects.get().retired_at
    assert not retire(sensor.server, now=timezone.now(), by=None, reason="Lagi", count=nothing)
    assert (Server.objects.get().retired_at, Act.objects.filter(verb="server.retire").count()) == (first, 1)


def test_nobody_joins_a_retired_server(world: World, lpse: Provider, sensor: Sensor) -> None:
    before = create_token(lpse, now=timezone.now(), server=sensor.server)
    retire(sensor.server, now=timezone.now(), by=None, reason="Diganti", count=nothing)
    after = create_token(lpse, now=timezone.now(), server=sensor.server)
    for token in (before, after):
        with pytest.raises(NotEnrolled):
            enrol(joins(token), now=timezone.now())
    assert Token.objects.filter(used_at__isnull=False).count() == 1  # the sensor's own
