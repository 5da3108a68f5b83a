from __future__ import annotations

from datetime import timedelta

import pytest

from checks.policy import Policy
from collector.ledger.models import Cursor, Entry
from collector.surveillance.models import Finding, TargetState
from collector.surveillance.policies import publish
from collector.surveillance.rebuild import _lines, rebuild
from tests.collector.forging import forge
from tests.collector.world import World, sshd


@pytest.fixture
def told(world: World) -> World:
    """A ledger with everything in it: breaches, silence that ended, silence that lasts, a clone, equivocation, a policy."""
    provider = world.provider("LPSE Kota Contoh")
    first, second, third = (world.sensor(provider, f"spse{number}.contoh.go.id") for number in (1, 2, 3))
    publish(Policy(version="2", thresholds={"K-SSH-04": {"maximum": 2}}), now=world.ago(minutes=50), by=None)
    for minutes, login in ((70, "no"), (65, "yes"), (60, "yes"), (40, "no"), (30, "yes"), (1, "no")):
        at = world.ago(minutes=minutes)
        world.deliver(first.report(sshd(permitrootlogin=login), at=at), at=at)
        world.judging.sweep(at + timedelta(seconds=20))
    at = world.ago(minutes=45)
    world.deliver(second.report(sshd(), at=at), forge(second, sequence=1, every=59, taken_at=at), at=at)
    at = world.ago(minutes=90)
    world.deliver(forge(third, sequence=4, taken_at=at), forge(third, stream="bb", taken_at=at), at=at)
    world.judging.sweep(world.now)
    return world


def test_a_rebuild_gives_the_same_findings_and_state_silence_included(told: World) -> None:
    before = _lines()
    assert Finding.objects.filter(check_code="L-AVL-12", closed_at=None).count() == 2
    assert Finding.objects.filter(check_code="L-AVL-12").exclude(closed_at=None).exists()
    outcome = rebuild(told.judging, now=told.now, keep=True)
    assert outcome.differences == []
    assert outcome.entries == Entry.objects.count()
    assert outcome.findings == Finding.objects.count()
    assert {line for line in _lines() if line[0] == "finding"} == {line for line in before if line[0] == "finding"}
    assert rebuild(told.judging, now=told.now, keep=True).differences == []


def test_a_rebuild_long_after_finds_no_difference_that_is_only_time(told: World) -> None:
    assert rebuild(told.judging, now=told.now + timedelta(days=30), keep=False).differences == []


def test_a_comparison_keeps_the_old_and_says_what_differs(told: World) -> None:
    finding = Finding.objects.filter(check_code="K-SSH-01").order_by("id")[0]
    Finding.objects.filter(pk=finding.pk).update(severity="low")
    before = _lines()
    outcome = rebuild(told.judging, now=told.now, keep=False)
    assert len(outcome.differences) == 2
    assert all(finding.pk in line for line in outcome.differences)
    assert _lines() == before
    outcome = rebuild(told.judging, now=told.now, keep=True)
    assert len(outcome.differences) == 2
    assert rebuild(told.judging, now=told.now, keep=False).differences == []


def test_a_rebuild_brings_back_what_was_lost_altogether(told: World) -> None:
    findings = {line for line in _lines() if line[0] == "finding"}
    position = Cursor.objects.get().position
    for model in (Finding, TargetState):
        model.objects.all().delete()
    rebuild(told.judging, now=told.now, keep=True)
    assert {line for line in _lines() if line[0] == "finding"} == findings
    assert Cursor.objects.get().position == position


def test_entries_that_were_not_judged_yet_stay_unjudged(told: World) -> None:
    Cursor.objects.update(position=Entry.objects.order_by("id")[2].pk)
    outcome = rebuild(told.judging, now=told.now, keep=True)
    assert outcome.entries == 3
    assert Cursor.objects.get().position == Entry.objects.order_by("id")[2].pk


def test_an_empty_ledger_is_rebuilt_as_empty(world: World) -> None:
    outcome = rebuild(world.judging, now=world.now, keep=True)
    assert (outcome.entries, outcome.findings, outcome.differences) == (0, 0, [])
