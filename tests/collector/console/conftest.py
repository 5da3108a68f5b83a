"""What the tests of the console share: a provider with one server that fails, and clients of people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from collector.accounts.models import Account, Role
from collector.registry.models import Provider
from collector.surveillance.models import Finding
from tests.collector.world import Sensor, World, sshd


@pytest.fixture
def lpse(world: World) -> Provider:
    return world.provider("LPSE Kota Contoh")


@pytest.fixture
def sensor(world: World, lpse: Provider) -> Sensor:
    """Sits on spse1.contoh.go.id, which lets root log in and asks for passwords."""
    made = world.sensor(lpse, "spse1.contoh.go.id")
    world.deliver(made.report(sshd(permitrootlogin="yes", passwordauthentication="yes"), at=world.ago(seconds=30)))
    return made


@pytest.fixture
def finding(sensor: Sensor) -> Finding:
    return Finding.objects.get(target=sensor.server, check_code="K-SSH-01", closed_at=None)


@pytest.fixture
def people(world: World, lpse: Provider) -> dict[Role, Account]:
    """One account of each role; those of a provider belong to `lpse`."""
    return world.everyone(lpse)


@pytest.fixture
def as_(people: dict[Role, Account]) -> Callable[[Role], Client]:
    """A client logged in as the person with this role."""

    def login(role: Role) -> Client:
        client = Client()
        client.force_login(people[role])
        return client

    return login
