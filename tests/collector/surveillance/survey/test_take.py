from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from pytest_django import Settings

from checks.fact import name_of
from checks.facts.change_register import ApprovedChange, ChangeRegister
from checks.facts.compliance_registers import PolicyRegister, Rule, RuleKind
from checks.facts.enrolled_agents import EnrolledAgents
from checks.facts.measured_availability import MeasuredAvailability
from checks.facts.observed_incidents import OpenFindings
from checks.facts.os_release import OsRelease
from checks.facts.ticket_entries import TicketEntries
from checks.facts.ticket_register import Priority, Ticket, TicketRegister, TicketType
from collector import worker
from collector.accounts.models import Role
from collector.ledger.models import Entry, Kind
from collector.ledger.verification import verify_ledger
from collector.registry.models import Instance, Provider
from collector.registry.registrar import enter
from collector.surveillance.models import Finding, StandardState, TargetState, Waiver
from collector.surveillance.rebuild import rebuild
from collector.surveillance.survey.take import due, survey
from evidence.key import PrivateKey
from evidence.report import Report, read_report
from tests.collector.world import Sensor, World, sshd


@pytest.fixture(autouse=True)
def own_key(settings: Settings, tmp_path: Path) -> None:
    """A collector with a key of its own, as `init` makes it."""
    (tmp_path / "collector_key.pem").write_bytes(PrivateKey.generate().pem())
    settings.CONFIG = replace(settings.CONFIG, state=str(tmp_path))


@pytest.fixture
def sensor(world: World) -> Sensor:
    return world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")


def judged(world: World) -> None:
    while world.judging.step():
        pass


def soon(world: World) -> datetime:
    """After all that was delivered just now."""
    return world.now + timedelta(minutes=1)


def told(provider: Provider) -> Report:
    """The last survey of `provider`."""
    entry = Entry.objects.filter(target=provider.itself, kind=Kind.SURVEY).order_by("-id")[0]
    return read_report(entry.raw)


def test_a_survey_is_a_signed_entry_that_says_what_is_open(world: World, sensor: Sensor) -> None:
    world.deliver(sensor.report(sshd(permitrootlogin="yes"), OsRelease("debian", "12")))
    provider = sensor.server.provider
    assert survey(provider, soon(world))
    judged(world)
    facts = told(provider).facts
    assert b'"code":"K-SSH-01"' in bytes(facts[name_of(OpenFindings)])
    assert b'"spse1.contoh.go.id"' in bytes(facts["discovered_software"])
    assert name_of(MeasuredAvailability) in told(provider).absent
    assert verify_ledger().problems == []


def test_a_provider_is_surveyed_once_an_hour(world: World, sensor: Sensor) -> None:
    provider = sensor.server.provider
    assert due(world.now, 5) == [provider]
    assert survey(provider, world.now)
    assert not survey(provider, world.now + timedelta(minutes=59))
    assert due(world.now + timedelta(minutes=59), 5) == []
    assert due(world.now + timedelta(minutes=61), 5) == [provider]
    assert survey(provider, world.now + timedelta(minutes=61))
    assert told(provider).sequence == 2


def test_who_was_never_surveyed_comes_first_and_no_more_than_asked_for(world: World, sensor: Sensor) -> None:
    survey(sensor.server.provider, world.ago(hours=3))
    new = [world.provider(f"LPSE {name}") for name in "ABC"]
    assert due(world.now, 2) == new[:2]
    assert due(world.now, 9) == [*new, sensor.server.provider]


def test_registers_are_judged_with_each_survey_because_time_alone_ends_things(world: World, sensor: Sensor) -> None:
    provider = sensor.server.provider
    rule = Rule(
        "SK-1",
        "Kebijakan layanan",
        RuleKind.POLICY,
        world.ago(days=300).date(),
        (world.now + timedelta(days=90)).date(),
    )
    by = world.account(Role.PROVIDER_ADMIN, provider)
    enter(provider.itself, PolicyRegister((rule,)), by=by, reason="SK baru", now=world.now)
    judged(world)
    assert TargetState.objects.get(target=provider.itself).statuses["P-POL-01"] == "pass"
    survey(provider, world.now + timedelta(days=91, hours=12))
    judged(world)
    row = TargetState.objects.get(target=provider.itself)
    assert row.statuses["P-POL-01"] == "fail"
    finding = Finding.objects.get(target=provider.itself, check_code="P-POL-01", closed_at=None)
    assert "SK-1" in str(finding.measured)
    assert StandardState.objects.get(provider=provider, letter="p").standing == "not_met"


def test_a_waived_finding_is_not_among_the_open_ones(world: World, sensor: Sensor) -> None:
    world.deliver(sensor.report(sshd(permitrootlogin="yes")))
    provider = sensor.server.provider
    Waiver.objects.create(
        target=sensor.server, check_code="K-SSH-01", justification="x", stage=Waiver.Stage.APPROVED,
        requested_by=world.account(Role.PROVIDER_ADMIN, provider), requested_at=world.ago(days=2),
        decided_by=world.account(Role.APPROVER), decided_at=world.ago(days=1), expires_at=world.now + timedelta(days=9),
    )  # fmt: skip
    survey(provider, soon(world))
    assert b"K-SSH-01" not in bytes(told(provider).facts[name_of(OpenFindings)])
    survey(provider, world.now + timedelta(days=9))
    assert b"K-SSH-01" in bytes(told(provider).facts[name_of(OpenFindings)])


def test_a_retired_server_is_told_as_retired_and_nothing_else_of_it(world: World, sensor: Sensor) -> None:
    world.deliver(sensor.report(sshd(permitrootlogin="yes")))
    sensor.server.retired_at = world.now
    sensor.server.save()
    provider = sensor.server.provider
    survey(provider, soon(world))
    facts = told(provider).facts
    assert b'"retired":true' in bytes(facts[name_of(EnrolledAgents)])
    assert b"K-SSH-01" not in bytes(facts[name_of(OpenFindings)])


def test_a_service_provider_has_no_agents_and_an_instance_is_measured_even_unseen(world: World) -> None:
    provider = world.provider("LPSE Layanan", Provider.Kind.SERVICE)
    Instance.objects.create(
        provider=provider,
        name="SPSE Layanan",
        public_url="https://lpse.example.go.id",
        registered_at=world.ago(hours=2),
    )
    survey(provider, world.now)
    report = told(provider)
    assert name_of(EnrolledAgents) in report.absent
    assert b'"unobserved":7200' in bytes(report.facts[name_of(MeasuredAvailability)])


def test_a_rebuild_finds_the_same_of_a_provider(world: World, sensor: Sensor) -> None:
    provider = sensor.server.provider
    for hours, login in ((4, "yes"), (2, "no"), (1, "yes")):
        at = world.ago(hours=hours)
        world.deliver(sensor.report(sshd(permitrootlogin=login), at=at), at=at)
        survey(provider, at + timedelta(minutes=1))
    judged(world)
    assert rebuild(world.judging, now=world.now, keep=False).differences == []


def test_a_provider_that_cannot_be_surveyed_costs_no_other_its_survey(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad, other = [world.provider(f"LPSE {name}") for name in ("Baik", "Buruk", "Lain")]

    def fragile(provider: Provider, now: datetime) -> bool:
        if provider == bad:
            raise ValueError(provider)
        return survey(provider, now)

    monkeypatch.setattr(worker, "survey", fragile)
    worker.survey_some(world.now)
    assert due(world.now, 9) == [bad]
    assert told(good).sequence == told(other).sequence == 1
    assert f"event=provider_not_surveyed provider={bad.slug}" in caplog.text


def change(opens: datetime, closes: datetime) -> ApprovedChange:
    return ApprovedChange(number="CHG-1", what="nginx", opens=opens, closes=closes, approved_by="Kepala")


def test_a_window_counts_only_if_it_was_entered_before_it_opened(world: World, sensor: Sensor) -> None:
    provider = sensor.server.provider
    instance = world.instance(provider, "https://lpse.example.go.id")
    Instance.objects.filter(pk=instance.pk).update(registered_at=world.ago(hours=10))
    sensor.server.instances.add(instance)
    by = world.account(Role.PROVIDER_ADMIN, provider)
    early = change(world.ago(hours=5), world.ago(hours=4))
    late = change(world.ago(hours=3), world.ago(hours=1))
    for entered, rows in ((6, (early,)), (2, (early, late))):  # the second is written when its window is open already
        enter(sensor.server, ChangeRegister(rows), by=by, reason="formulir", now=world.ago(hours=entered))
    survey(provider, world.now)
    measured = told(provider).facts[name_of(MeasuredAvailability)]
    assert sum(row["planned"] for row in msgspec.json.decode(measured)["months"]) == 3600


def test_tickets_are_told_with_when_they_were_entered_as_they_stand(world: World, sensor: Sensor) -> None:
    provider = sensor.server.provider
    by = world.account(Role.PROVIDER_ADMIN, provider)
    first = Ticket("G-1", "Dinas PU", TicketType.DISTURBANCE, Priority.HIGH, world.ago(days=9), about="spse1")
    closed = msgspec.structs.replace(first, closed=world.ago(days=1), solution="disk diganti")
    other = msgspec.structs.replace(first, about="spse2")  # the same number, now about something else
    for days, row in ((8, first), (1, closed)):
        enter(provider.itself, TicketRegister((row,)), by=by, reason="tiket", now=world.ago(days=days))
    survey(provider, world.ago(hours=5))
    assert entries(provider) == [world.ago(days=8)]
    enter(provider.itself, TicketRegister((other,)), by=by, reason="tiket", now=world.ago(hours=3))
    survey(provider, world.ago(hours=2))
    assert entries(provider) == [world.ago(hours=3)]


def entries(provider: Provider) -> list[datetime]:
    raw = told(provider).facts[name_of(TicketEntries)]
    return [one.entered for one in msgspec.json.decode(raw, type=TicketEntries).entries]


def test_without_a_register_of_tickets_none_are_told(world: World, sensor: Sensor) -> None:
    survey(sensor.server.provider, world.now)
    assert name_of(TicketEntries) in told(sensor.server.provider).absent
