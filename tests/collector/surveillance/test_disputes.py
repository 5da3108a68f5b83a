from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks.facts.listeners import Listener, Listeners
from checks.facts.public_ports import PORTS, PublicPorts
from checks.policy import Policy, rulebook
from collector.registry.enrolment import revoke
from collector.registry.models import Instance
from collector.surveillance.disputes import disputes
from collector.surveillance.models import Finding, StandardState, TargetState
from collector.surveillance.rebuild import rebuild
from tests.collector.world import Sensor, World

INSIDE = Listeners((Listener("127.0.0.1", 5432, "tcp", "postgres"),), root=True)
OPEN = PublicPorts(len(PORTS), (443, 5432), 2, (), 0)
CLOSED = PublicPorts(len(PORTS), (443,), 1, (), 0)


@pytest.fixture
def sensor(world: World) -> Sensor:
    return world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")


@pytest.fixture
def instance(world: World, sensor: Sensor) -> Instance:
    made = world.instance(sensor.server.provider, "https://lpse.example.go.id/eproc4")
    sensor.server.instances.add(made)
    return made


@pytest.fixture
def probers(world: World, instance: Instance) -> list[Sensor]:
    return [*world.prober("jakarta", instance), *world.prober("surabaya", instance)]


def status(sensor: Sensor) -> str:
    said: str = TargetState.objects.get(target=sensor.server).statuses["K-NET-04"]
    return said


def see(world: World, probers: list[Sensor], ports: PublicPorts) -> None:
    for prober in probers:
        world.deliver(prober.report(ports))


def claim(world: World, sensor: Sensor) -> str:
    world.deliver(sensor.report(INSIDE))
    return status(sensor)


def test_a_pass_that_probers_contradict_is_disputed_and_counts_as_unknown_until_they_agree(
    world: World, sensor: Sensor, instance: Instance, probers: list[Sensor]
) -> None:
    assert claim(world, sensor) == "pass"
    see(world, probers, OPEN)
    assert claim(world, sensor) == "unknown"
    book = rulebook(world.judging.catalogue, Policy())
    (dispute,) = disputes([sensor.server.pk], book, world.now + timedelta(minutes=1))[sensor.server.pk]["K-NET-04"]
    assert (dispute.instance.pk, dispute.seen.check) == (instance.pk, "K-NET-06")
    assert "PostgreSQL" in dispute.contradiction.reason.id
    see(world, probers, CLOSED)
    assert claim(world, sensor) == "pass"


def test_one_prober_alone_disputes_nothing(world: World, sensor: Sensor, probers: list[Sensor]) -> None:
    see(world, probers[:1], OPEN)
    assert claim(world, sensor) == "pass"


def test_what_was_seen_of_an_instance_disputes_only_the_servers_that_carry_it(
    world: World, sensor: Sensor, probers: list[Sensor]
) -> None:
    other = world.sensor(sensor.server.provider, "spse2.contoh.go.id")
    see(world, probers, OPEN)
    assert (claim(world, other), claim(world, sensor)) == ("pass", "unknown")


def test_a_retired_instance_disputes_nothing(
    world: World, sensor: Sensor, instance: Instance, probers: list[Sensor]
) -> None:
    see(world, probers, OPEN)
    instance.retired_at = world.now
    instance.save()
    assert claim(world, sensor) == "pass"


def test_what_is_stale_disputes_nothing(world: World, sensor: Sensor, probers: list[Sensor]) -> None:
    see(world, probers, OPEN)
    book = rulebook(world.judging.catalogue, Policy())
    assert disputes([sensor.server.pk], book, world.now + timedelta(days=30)) == {}


def test_a_finding_on_an_instance_fails_the_standard_of_its_provider(
    world: World, sensor: Sensor, probers: list[Sensor]
) -> None:
    claim(world, sensor)
    see(world, probers, OPEN)
    assert StandardState.objects.get(provider=sensor.server.provider, letter="k").standing == "not_met"


def test_a_rebuild_finds_the_same_disputes(world: World, sensor: Sensor, probers: list[Sensor]) -> None:
    claim(world, sensor)
    see(world, probers, OPEN)
    claim(world, sensor)
    assert rebuild(world.judging, now=world.now + timedelta(minutes=2), keep=False).differences == []


def test_a_prober_that_is_revoked_votes_no_more(
    world: World, sensor: Sensor, instance: Instance, probers: list[Sensor]
) -> None:
    see(world, probers, OPEN)
    assert TargetState.objects.get(target=instance).statuses["K-NET-06"] == "fail"
    revoke(probers[0].agent, now=datetime.now(UTC), by=None, reason="dicuri")
    world.deliver(probers[1].report(OPEN))
    row = TargetState.objects.get(target=instance)
    assert row.statuses["K-NET-06"] == "unknown"
    assert Finding.objects.filter(
        target=instance, check_code="K-NET-06", closed_at=None
    ).exists()  # nobody saw it mended
    (now,) = row.remembered().current["K-NET-06"].values()
    assert now.status == "unknown"
    assert list(row.remembered().views) == [probers[1].agent.key_id]
    assert claim(world, sensor) == "pass"
