from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from collector.accounts.models import Role
from collector.console.names import tell_apart
from collector.registry.models import Provider, Server
from tests.collector.world import Sensor, World


def test_only_servers_of_one_provider_with_one_name_are_twins(world: World, lpse: Provider, sensor: Sensor) -> None:
    world.sensor(lpse, "spse1.contoh.go.id")
    world.sensor(lpse, "spse2.contoh.go.id")
    world.sensor(world.provider("LPSE Lain"), "spse2.contoh.go.id")
    servers = list(Server.objects.all())
    tell_apart(servers)
    assert {(one.name, one.twin) for one in servers} == {
        ("spse1.contoh.go.id", True), ("spse2.contoh.go.id", False),
    }  # fmt: skip
    tell_apart([])


def test_pages_show_the_id_beside_a_name_that_two_servers_have(
    as_: Callable[[Role], Client], world: World, lpse: Provider, sensor: Sensor
) -> None:
    client = as_(Role.ADMINISTRATOR)
    finding = sensor.server.findings.filter(closed_at=None).first()
    assert finding
    short = f"<code>{sensor.server.short_id}</code>"
    pages = (f"/providers/{lpse.slug}", f"/findings/{finding.pk}", "/agents")
    for page in pages:
        assert short not in client.get(page).content.decode(), page
    other = world.sensor(lpse, "spse1.contoh.go.id").server
    assert other.short_id != sensor.server.short_id
    for page in pages:
        assert short in client.get(page).content.decode(), page
