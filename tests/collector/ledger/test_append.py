from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from collector.ingest.admit import Clock, Known, admit
from collector.ledger.admitted import Admitted
from collector.ledger.append import Appender, Outcome
from collector.ledger.models import Entry, Kind
from evidence.envelope import Envelope
from tests.collector.forging import forge
from tests.collector.world import Sensor, World, sshd

CLOCK = (timedelta(hours=1), timedelta(days=60))


def admitted(sensor: Sensor, envelope: Envelope, at: datetime | None = None) -> Admitted:
    keys = {sensor.key.public.id: Known(sensor.key.public, frozenset({sensor.agent.server_id}), False)}
    return admit(envelope.encode(), keys, Clock(at or datetime.now(UTC), *CLOCK))


@pytest.fixture
def sensor(world: World) -> Sensor:
    return world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")


def test_an_entry_keeps_the_envelope_as_it_arrived(world: World, sensor: Sensor) -> None:
    envelope, at = sensor.report(sshd(), at=world.ago(minutes=3)), world.ago(minutes=1)
    assert world.appender.append([admitted(sensor, envelope, at)]) == [Outcome.ACCEPTED]
    entry = Entry.objects.get()
    assert entry.envelope == envelope
    assert (entry.agent_id, entry.target_id) == (sensor.agent.key_id, sensor.agent.server_id)
    assert (entry.kind, entry.sequence, entry.digest) == (Kind.REPORT, 1, envelope.digest)
    assert (entry.taken_at, entry.received_at, entry.late) == (world.ago(minutes=3), at, 120.0)


def test_the_same_report_is_known_whether_in_this_batch_or_an_earlier_one(world: World, sensor: Sensor) -> None:
    one, other = admitted(sensor, sensor.report()), admitted(sensor, sensor.report())
    assert world.appender.append([one, one, other]) == [Outcome.ACCEPTED, Outcome.KNOWN, Outcome.ACCEPTED]
    assert world.appender.append([other, one]) == [Outcome.KNOWN, Outcome.KNOWN]
    assert Entry.objects.count() == 2


def test_other_bytes_under_one_sequence_are_kept_once_as_equivocation(world: World, sensor: Sensor) -> None:
    first, second, third = (admitted(sensor, forge(sensor, every=every)) for every in (60, 61, 62))
    assert world.appender.append([first, second]) == [Outcome.ACCEPTED, Outcome.EQUIVOCATION]
    assert world.appender.append([third, second, first]) == [Outcome.EQUIVOCATION] * 2 + [Outcome.KNOWN]
    kinds = list(Entry.objects.order_by("id").values_list("kind", "digest"))
    assert kinds == [(Kind.REPORT, first.digest), (Kind.EQUIVOCATION, second.digest)]


def test_the_same_sequence_in_another_stream_or_of_another_agent_is_another_report(
    world: World, sensor: Sensor
) -> None:
    other = world.sensor(sensor.server.provider, "spse2.contoh.go.id")
    reports = [
        admitted(sensor, forge(sensor)), admitted(sensor, forge(sensor, stream="abcd")), admitted(other, forge(other)),
    ]  # fmt: skip
    assert world.appender.append(reports) == [Outcome.ACCEPTED] * 3


def test_a_batch_larger_than_one_statement_is_appended_in_order(world: World, sensor: Sensor) -> None:
    reports = [admitted(sensor, sensor.report()) for _ in range(3200)]
    assert set(world.appender.append(reports)) == {Outcome.ACCEPTED}
    digests = Entry.objects.order_by("id").values_list("digest", flat=True)
    assert list(digests) == [report.digest for report in reports]


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_fails_leaves_nothing() -> None:
    world = World.create()
    sensor = world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")
    stranger = world.sensor(world.provider("LPSE Kota Lain"), "spse2.contoh.go.id")
    good, bad = admitted(sensor, sensor.report()), admitted(stranger, stranger.report())
    bad = Admitted(bad.envelope, bad.report, bad.digest, "0" * 64, bad.received_at)  # no such agent
    with pytest.raises(IntegrityError):
        world.appender.append([good, bad])
    assert not Entry.objects.exists()
    assert world.appender.append([good]) == [Outcome.ACCEPTED]


@pytest.mark.django_db(transaction=True)
def test_a_reader_never_misses_an_entry_however_many_append() -> None:
    world = World.create()
    provider = world.provider("LPSE Kota Contoh")
    sensors = [world.sensor(provider, f"spse{number}.contoh.go.id") for number in range(4)]
    batches = {
        sensor.agent.key_id: [[admitted(sensor, sensor.report()) for _ in range(1 + n % 4)] for n in range(25)]
        for sensor in sensors
    }
    failures: list[BaseException] = []
    running = threading.Barrier(len(sensors) + 1)

    def write(batches: list[list[Admitted]]) -> None:
        try:
            appender = Appender.create()
            running.wait()
            for batch in batches:
                assert set(appender.append(batch)) == {Outcome.ACCEPTED}
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(batch,)) for batch in batches.values()]
    for thread in threads:
        thread.start()
    running.wait()
    position, seen = 0, []
    while True:
        alive = any(thread.is_alive() for thread in threads)
        found = list(Entry.objects.filter(id__gt=position).order_by("id").values_list("id", "digest"))
        seen += [digest for _, digest in found]
        position = found[-1][0] if found else position
        if not alive and not found:
            break
    assert not failures
    written = [report.digest for of in batches.values() for batch in of for report in batch]
    assert len(seen) == len(written)
    assert set(seen) == set(written)
