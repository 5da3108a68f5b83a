from __future__ import annotations

from collector.ledger.append import Outcome
from collector.surveillance.models import Finding, StandardState, TargetState
from tests.collector.world import World, sshd


def test_a_delivered_report_becomes_state_findings_and_standards(world: World) -> None:
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")
    assert world.deliver(sensor.report(sshd(permitrootlogin="yes"))) == [Outcome.ACCEPTED]
    assert Finding.objects.filter(check_code="K-SSH-01", closed_at=None).count() == 1
    assert TargetState.objects.get().statuses["K-SSH-02"] == "pass"
    assert StandardState.objects.get(letter="k").standing == "not_met"
    world.deliver(sensor.report(sshd()))
    assert not Finding.objects.filter(check_code="K-SSH-01", closed_at=None).exists()


def test_an_honest_sensor_is_not_disputed(world: World) -> None:
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")
    world.deliver(sensor.report(sshd(permitrootlogin="yes")), sensor.report(sshd()))
    state = TargetState.objects.get().remembered()
    assert not state.disputed
    assert not state.chain.holes
    assert state.chain.broken_at is None
