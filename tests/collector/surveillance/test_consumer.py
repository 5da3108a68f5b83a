from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from checks.catalogue import catalogue
from checks.facts.sshd import Sshd
from checks.policy import Policy
from checks.standard import load
from collector import SOFTWARE
from collector.accounts.models import Role
from collector.ledger.models import Cursor, Entry
from collector.surveillance.consumer import NAME, Judging
from collector.surveillance.models import Finding, StandardState, TargetState, Waiver
from collector.surveillance.policies import publish
from collector.surveillance.projections import Superseded, project, write
from collector.surveillance.rebuild import _lines, rebuild
from tests.collector.ledger.test_append import admitted
from tests.collector.world import Sensor, World
from tests.collector.world import sshd as plain_sshd

SILENCE = "L-AVL-12"


def sshd(**options: str) -> Sshd:
    """An OpenSSH server that fails no check, but for `options`."""
    return plain_sshd(**{"clientaliveinterval": "300", "allowgroups": "admin", "disableforwarding": "yes", **options})


@pytest.fixture
def sensor(world: World) -> Sensor:
    return world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")


def another() -> Judging:
    return Judging(catalogue(), load(), SOFTWARE)


def deliver_unjudged(world: World, sensor: Sensor, number: int, *, every: int = 60, **options: str) -> None:
    """`number` reports in the ledger, the last one received now."""
    for left in range(number, 0, -1):
        at = world.ago(seconds=(left - 1) * every)
        world.appender.append([admitted(sensor, sensor.report(sshd(**options), at=at), at)])


def state_of(sensor: Sensor) -> TargetState:
    return TargetState.objects.get(target=sensor.server)


def test_the_cursor_moves_with_what_was_judged_and_no_further(world: World, sensor: Sensor) -> None:
    deliver_unjudged(world, sensor, 5)
    assert [world.judging.step(2) for _ in range(4)] == [2, 2, 1, 0]
    assert Cursor.objects.get(consumer=NAME).position == Entry.objects.latest("id").pk
    assert state_of(sensor).remembered().reports == 5


def test_another_judge_goes_on_where_the_first_one_was_killed(world: World, sensor: Sensor) -> None:
    deliver_unjudged(world, sensor, 6, permitrootlogin="yes")
    world.judging.step(3)

    def killed() -> None:
        with transaction.atomic():
            assert another().step(2) == 2
            raise KeyboardInterrupt  # before the commit

    with pytest.raises(KeyboardInterrupt):
        killed()
    judge = another()
    while judge.step(2):
        pass
    assert state_of(sensor).remembered().reports == 6
    assert Finding.objects.filter(check_code="K-SSH-01").count() == 1


@pytest.mark.parametrize("size", [1, 2, 7, 200])
def test_batches_of_any_size_give_the_same(world: World, sensor: Sensor, size: int) -> None:
    other = world.sensor(sensor.server.provider, "spse2.contoh.go.id")
    for number in range(12):
        at = world.ago(seconds=(12 - number) * 400)
        login = "yes" if number % 5 > 2 else "no"
        world.appender.append([admitted(sensor, sensor.report(sshd(permitrootlogin=login), at=at), at)])
        if number in (2, 9):
            world.appender.append([admitted(other, other.report(sshd(), at=at), at)])
    while world.judging.step(1):
        pass
    world.judging.refresh([sensor.server.pk, other.server.pk], world.now)
    expected = _lines()
    assert len(expected) > 20
    for model in (Finding, StandardState, TargetState, Cursor):
        model.objects.all().delete()
    judge = another()
    while judge.step(size):
        pass
    judge.refresh([sensor.server.pk, other.server.pk], world.now)
    assert _lines() == expected


@pytest.mark.django_db(transaction=True)
def test_two_judges_over_one_ledger_judge_each_entry_once() -> None:
    world = World.create()
    provider = world.provider("LPSE Kota Contoh")
    sensors = [world.sensor(provider, f"spse{number}.contoh.go.id") for number in range(3)]
    for number in range(30):
        at = world.ago(seconds=(30 - number) * 60)
        login = "yes" if number % 4 == 3 else "no"
        reports = [admitted(one, one.report(sshd(permitrootlogin=login), at=at), at) for one in sensors]
        world.appender.append(reports)
    judged: list[int] = []
    failures: list[str] = []
    last = Entry.objects.latest("id").pk

    def judge() -> None:
        own, total = another(), 0
        try:
            while not Cursor.objects.filter(consumer=NAME, position=last).exists():
                try:
                    total += own.step(3)
                except OperationalError as error:  # SQLite: the other one writes
                    failures.append(str(error))
        finally:
            judged.append(total)
            connection.close()

    threads = [threading.Thread(target=judge) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(judged) == 90
    assert not failures
    for sensor in sensors:
        state = state_of(sensor).remembered()
        assert (state.reports, state.chain.sequence, state.chain.holes) == (30, 30, ())
        assert Finding.objects.filter(target=sensor.server, check_code="K-SSH-01").count() == 7


def test_an_entry_that_breaks_the_judge_is_passed_over_and_counted(world: World, sensor: Sensor) -> None:
    deliver_unjudged(world, sensor, 3)
    other = world.sensor(sensor.server.provider, "spse2.contoh.go.id")
    deliver_unjudged(world, other, 2)
    poison = Entry.objects.filter(target=sensor.server).order_by("id")[1]
    kept = bytes(poison.payload)
    Entry.objects.filter(pk=poison.pk).update(payload=b"no zstd at all")
    while world.judging.step():
        pass
    assert Cursor.objects.get().passed_over == 1
    assert state_of(sensor).remembered().reports == 2
    assert state_of(other).remembered().reports == 2
    assert Finding.objects.filter(target=sensor.server, check_code="Q-AGT-04", closed_at=None).exists()
    Entry.objects.filter(pk=poison.pk).update(payload=kept)
    from collector.surveillance.rebuild import rebuild

    rebuild(another(), now=world.now, keep=True)
    assert state_of(sensor).remembered().reports == 3
    assert not Finding.objects.filter(check_code="Q-AGT-04").exists()


def test_a_batch_of_nothing_but_poison_moves_the_cursor_too(world: World, sensor: Sensor) -> None:
    deliver_unjudged(world, sensor, 3)
    Entry.objects.all().update(payload=b"")
    assert world.judging.step() == 3
    assert world.judging.step() == 0
    assert not TargetState.objects.exists()


# --- silence


def heard(world: World, sensor: Sensor, minutes: float) -> None:
    at = world.ago(minutes=minutes)
    world.deliver(sensor.report(sshd(), at=at), at=at)


def test_a_sweep_finds_silent_servers_once(world: World, sensor: Sensor) -> None:
    heard(world, sensor, 15)
    assert world.judging.sweep(world.ago(minutes=6)) == 0
    assert world.judging.sweep(world.now) == 1
    assert world.judging.sweep(world.now) == 0
    finding = Finding.objects.get(check_code=SILENCE)
    assert finding.since == world.ago(minutes=5) + timedelta(microseconds=1)
    assert state_of(sensor).silent
    assert StandardState.objects.filter(standing="not_met").exists()
    heard(world, sensor, 0)
    finding.refresh_from_db()
    assert finding.closed_at == world.now
    assert not state_of(sensor).silent


def test_a_retired_server_is_not_missed(world: World, sensor: Sensor) -> None:
    heard(world, sensor, 60)
    sensor.server.retired_at = world.now
    sensor.server.save()
    assert world.judging.sweep(world.now) == 0


def test_reports_that_wait_to_be_judged_are_no_silence(world: World, sensor: Sensor) -> None:
    heard(world, sensor, 30)
    for minutes in (25, 16):
        at = world.ago(minutes=minutes)
        world.appender.append([admitted(sensor, sensor.report(sshd(), at=at), at)])
    assert world.judging.sweep(world.now) == 0
    while world.judging.step():
        pass
    assert not Finding.objects.filter(check_code=SILENCE).exists()
    assert world.judging.sweep(world.now) == 1


def test_a_report_that_was_judged_meanwhile_is_not_undone_by_a_sweep(world: World, sensor: Sensor) -> None:
    heard(world, sensor, 30)
    stale = {sensor.server.pk: state_of(sensor)}
    heard(world, sensor, 0)
    states = {server: row.remembered() for server, row in stale.items()}
    projection = project(stale, states, rulebook=world.judging.rulebooks.at(world.now), now=world.now)
    with pytest.raises(Superseded), transaction.atomic():
        write(projection, [], standards=world.judging.standards, now=world.now)
    assert state_of(sensor).heard_at == world.now


def test_a_silence_under_a_stricter_policy_is_found_and_under_a_milder_one_is_not(world: World, sensor: Sensor) -> None:
    publish(Policy(version="strict", silence_after=120), now=world.ago(minutes=60), by=None)
    heard(world, sensor, 20)
    publish(Policy(version="mild", silence_after=7200), now=world.ago(minutes=19), by=None)
    other = world.sensor(sensor.server.provider, "spse2.contoh.go.id")
    heard(world, other, 15)
    assert world.judging.sweep(world.now) == 1
    assert Finding.objects.get(check_code=SILENCE).target_id == sensor.server.pk


def test_all_of_a_country_that_falls_silent_is_found(world: World) -> None:
    provider = world.provider("LPSE Kota Contoh")
    sensors = [world.sensor(provider, f"spse{number}.contoh.go.id") for number in range(7)]
    for number, sensor in enumerate(sensors):
        heard(world, sensor, 20 + number)
    found = []
    while swept := world.judging.sweep(world.now, most=3):
        found.append(swept)
    assert found == [3, 3, 1]
    assert Finding.objects.filter(check_code=SILENCE, closed_at=None).count() == 7


def test_what_is_known_of_a_silent_server_goes_stale_and_its_silence_does_not(world: World, sensor: Sensor) -> None:
    heard(world, sensor, 100)
    assert state_of(sensor).statuses["K-SSH-01"] == "pass"
    world.judging.sweep(world.now)
    much_later = world.now + timedelta(days=10)
    assert world.judging.age(much_later) == 1
    assert world.judging.age(much_later) == 0
    row = state_of(sensor)
    assert row.statuses["K-SSH-01"] == "unknown"
    assert row.statuses[SILENCE] == "fail"
    assert (row.passing, row.failing) == (0, 1)
    assert {one.standing for one in StandardState.objects.all()} <= {"undetermined", "not_met"}


# --- waivers


def waive(world: World, sensor: Sensor, *, until: datetime, code: str = "K-SSH-01", subject: str = "") -> Waiver:
    asks = world.account(Role.PROVIDER_ADMIN, sensor.server.provider)
    return Waiver.objects.create(
        target=sensor.server, check_code=code, subject=subject, justification="because", stage=Waiver.Stage.APPROVED,
        requested_by=asks, requested_at=world.ago(days=9), decided_by=world.account(Role.APPROVER),
        decided_at=world.ago(days=8), expires_at=until,
    )  # fmt: skip


def k(provider: object) -> str:
    return StandardState.objects.get(provider=provider, letter="k").standing


def test_a_waiver_in_force_takes_a_failure_out_of_the_standing_and_keeps_the_finding(
    world: World, sensor: Sensor
) -> None:
    world.deliver(sensor.report(sshd(permitrootlogin="yes")))
    assert k(sensor.server.provider) == "not_met"
    waive(world, sensor, until=world.now + timedelta(days=1))
    world.judging.refresh([sensor.server.pk], datetime.now(UTC))
    assert k(sensor.server.provider) == "undetermined"
    assert state_of(sensor).statuses["K-SSH-01"] == "not_applicable"
    assert Finding.objects.filter(check_code="K-SSH-01", closed_at=None).exists()


def test_a_waiver_ends_by_itself_at_the_next_report_and_without_one(world: World, sensor: Sensor) -> None:
    other = world.sensor(sensor.server.provider, "spse2.contoh.go.id")
    for one in (sensor, other):
        waive(world, one, until=world.ago(minutes=30))
        at = world.ago(minutes=40)
        world.deliver(one.report(sshd(permitrootlogin="yes"), at=at), at=at)
        assert state_of(one).statuses["K-SSH-01"] == "not_applicable"
    at = world.ago(minutes=10)
    world.deliver(sensor.report(sshd(permitrootlogin="yes"), at=at), at=at)
    assert state_of(sensor).statuses["K-SSH-01"] == "fail"
    world.judging.sweep(world.now)
    world.judging.age(world.now)
    assert state_of(other).statuses["K-SSH-01"] == "fail"


def test_a_waiver_that_is_only_asked_for_or_for_another_check_changes_nothing(world: World, sensor: Sensor) -> None:
    Waiver.objects.create(
        target=sensor.server, check_code="K-SSH-01", justification="x", requested_at=world.ago(days=1),
        requested_by=world.account(Role.OFFICER), expires_at=world.now + timedelta(days=1),
    )  # fmt: skip
    waive(world, sensor, until=world.now + timedelta(days=1), code="K-SSH-02")
    world.deliver(sensor.report(sshd(permitrootlogin="yes")))
    assert state_of(sensor).statuses["K-SSH-01"] == "fail"


# --- providers


def test_the_worst_server_counts_and_the_moment_a_standing_began_is_kept(world: World, sensor: Sensor) -> None:
    provider = sensor.server.provider
    other = world.sensor(provider, "spse2.contoh.go.id")
    moments = [world.ago(minutes=minutes) for minutes in (9, 8, 7, 6, 5)]
    for moment, (one, login) in zip(
        moments, [(sensor, "no"), (other, "yes"), (sensor, "no"), (other, "yes"), (other, "no")], strict=True
    ):
        world.deliver(one.report(sshd(permitrootlogin=login), at=moment), at=moment)
        row = StandardState.objects.get(provider=provider, letter="k")
        if login == "yes" or (one is sensor and moment > moments[1]):
            assert (row.standing, row.since) == ("not_met", moments[1])
    assert row.standing == "undetermined"
    assert row.since == moments[4]


def test_providers_do_not_share_their_failures_and_retired_servers_do_not_count(world: World, sensor: Sensor) -> None:
    stranger = world.sensor(world.provider("LPSE Kota Lain"), "spse9.lain.go.id")
    world.deliver(stranger.report(sshd()), sensor.report(sshd(permitrootlogin="yes")))
    assert (k(stranger.server.provider), k(sensor.server.provider)) == ("undetermined", "not_met")
    second = world.sensor(sensor.server.provider, "spse2.contoh.go.id")
    sensor.server.retired_at = world.now
    sensor.server.save()
    world.deliver(second.report(sshd()))
    assert k(sensor.server.provider) == "undetermined"
    assert StandardState.objects.filter(provider=sensor.server.provider).count() == 17


def test_a_server_that_was_enrolled_but_never_heard_is_silent_and_determines_nothing(world: World) -> None:
    """One good server beside it must not make the provider look determined."""
    lpse = world.provider("LPSE Kota Contoh")
    good, mute = (world.sensor(lpse, f"spse{n}.contoh.go.id") for n in (1, 2))
    world.deliver(good.report(sshd(), at=world.now), at=world.now)
    later = world.now + timedelta(seconds=Policy().silence_after + 60)
    world.deliver(good.report(sshd(), at=later), at=later)
    world.judging.sweep(later)
    state = TargetState.objects.get(target=mute.server)
    assert state.silent
    assert state.coverage == 0.0
    assert set(state.statuses.values()) == {"unknown", "fail"}
    assert Finding.objects.filter(target=mute.server, check_code="L-AVL-12", closed_at=None).exists()
    before = StandardState.objects.get(provider=lpse, letter="k")
    assert (before.met, before.not_met) == (0, 0) or before.standing != "met"
    assert rebuild(world.judging, now=later, keep=False).differences == []
