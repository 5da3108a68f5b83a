"""Instances from the door to the tables: findings, statuses of a provider, and what is left when probers fall silent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from checks.facts.home_page import HomePage
from collector.ingest.refusal import Refusal, Refused
from collector.registry.retirement import retire
from collector.surveillance.models import Finding, TargetState
from tests.collector.world import World

URL = "https://spse.contoh.go.id/eproc4"
UP = HomePage(200, "", "", 0.2, URL, (), True, True, "LPSE", ())
DOWN = HomePage(0, "refused", "", 0.1, URL, (), False, False, "", ())


def status(world: World, target: str) -> str:
    said: str = TargetState.objects.get(pk=target).statuses["L-AVL-01"]
    return said


def count_again(world: World, now: datetime) -> None:
    while world.judging.age(now):
        pass


def test_an_outage_that_two_probers_see_is_a_finding_of_the_instance_and_closes(world: World) -> None:
    one = world.instance(world.provider("LPSE Kota Contoh"), URL)
    (jakarta,), (medan,) = world.prober("jakarta-1", one), world.prober("medan-1", one)
    for minute, page in [(30, UP), (29, DOWN), (28, DOWN), (27, DOWN), (26, DOWN), (25, DOWN)]:
        at = world.ago(minutes=minute)
        world.deliver(jakarta.report(page, at=at), at=at)
        world.deliver(medan.report(page, at=at), at=at + timedelta(seconds=1))
    (finding,) = Finding.objects.filter(check_code="L-AVL-01")
    assert (finding.target_id, finding.closed_at, status(world, one.pk)) == (one.pk, None, "fail")
    assert finding.opened_at - finding.since == timedelta(minutes=3)
    for chain in (jakarta, medan):
        world.deliver(chain.report(UP, at=world.ago(minutes=24)), at=world.ago(minutes=24))
    finding.refresh_from_db()
    assert finding.closed_at is not None
    assert status(world, one.pk) == "pass"


def test_when_both_fall_silent_the_verdict_goes_stale_and_is_unknown(world: World) -> None:
    one = world.instance(world.provider("LPSE Kota Contoh"), URL)
    for name in ("jakarta-1", "medan-1"):
        (chain,) = world.prober(name, one)
        at = world.ago(minutes=40)
        world.deliver(chain.report(UP, at=at), at=at)
    count_again(world, world.ago(minutes=39))
    assert status(world, one.pk) == "pass"
    count_again(world, world.now)
    assert status(world, one.pk) == "unknown"


def test_when_one_falls_silent_the_other_alone_decides_nothing(world: World) -> None:
    one = world.instance(world.provider("LPSE Kota Contoh"), URL)
    (jakarta,), (medan,) = world.prober("jakarta-1", one), world.prober("medan-1", one)
    for chain in (jakarta, medan):
        world.deliver(chain.report(UP, at=world.ago(minutes=40)), at=world.ago(minutes=40))
    assert status(world, one.pk) == "pass"
    world.deliver(medan.report(UP, at=world.ago(minutes=20)), at=world.ago(minutes=20))
    assert status(world, one.pk) == "unknown"


def test_two_instances_of_one_provider_are_judged_apart(world: World) -> None:
    lpse = world.provider("LPSE Kota Contoh")
    one, two = world.instance(lpse, URL), world.instance(lpse, URL + "/lain")
    at = world.ago(minutes=1)
    for name in ("jakarta-1", "medan-1"):
        first, second = world.prober(name, one, two)
        world.deliver(first.report(UP, at=at), second.report(UP, at=at), at=at)
        world.deliver(second.report(DOWN, at=at + timedelta(seconds=5)), at=at + timedelta(seconds=5))
    assert status(world, one.pk) == "pass"
    assert status(world, two.pk) in {"warn", "unknown"}  # failing, within its grace
    assert {len(row.remembered().views) for row in TargetState.objects.filter(pk__in=[one.pk, two.pk])} == {2}


def test_a_retired_instance_is_refused_at_the_door(world: World) -> None:
    one = world.instance(world.provider("LPSE Kota Contoh"), URL)
    (jakarta,) = world.prober("jakarta-1", one)
    world.deliver(jakarta.report(UP))
    retire(one, now=world.now, by=None, reason="moved", count=lambda key, now: None)
    with pytest.raises(Refused) as refused:
        world.deliver(jakarta.report(UP))
    assert refused.value.refusal is Refusal.WRONG_TARGET
