from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from django.db import connection

from collector.ledger.admitted import Admitted
from collector.ledger.append import Outcome
from collector.ledger.committer import Committer, NotStored, Overloaded
from collector.ledger.models import Entry
from tests.collector.forging import forge
from tests.collector.ledger.test_append import admitted
from tests.collector.world import Sensor, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sensor(transactional_db: None) -> Sensor:
    world = World.create()
    return world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")


@pytest.fixture
def committer() -> Iterator[Committer]:
    made = Committer()
    made.start()
    yield made
    made.stop()


def stranger(one: Admitted) -> Admitted:
    """Of an agent that is not in the registry: no database takes it."""
    return Admitted(one.envelope, one.report, one.digest, "0" * 64, one.received_at)


async def seen_elsewhere() -> int:
    """Entries as another connection sees them: only what is committed."""

    def count() -> int:
        try:
            return Entry.objects.count()
        finally:
            connection.close()

    return await asyncio.to_thread(count)


def test_append_returns_after_the_commit(committer: Committer, sensor: Sensor) -> None:
    async def scenario() -> None:
        for number in range(1, 6):
            assert await committer.append([admitted(sensor, sensor.report())]) == [Outcome.ACCEPTED]
            assert await seen_elsewhere() == number

    asyncio.run(scenario())


def test_each_request_gets_its_own_outcomes_whatever_group_it_was_in(committer: Committer, sensor: Sensor) -> None:
    first, second = admitted(sensor, forge(sensor, every=1)), admitted(sensor, forge(sensor, every=2))
    many = [[admitted(sensor, forge(sensor, sequence=2 + n)) for _ in range(1 + n % 3)] for n in range(60)]

    async def scenario() -> list[list[Outcome]]:
        await committer.append([first])
        requests = [committer.append([first]), committer.append([second]), *map(committer.append, many)]
        return await asyncio.gather(*requests)

    known, equivocal, *others = asyncio.run(scenario())
    assert (known, equivocal) == ([Outcome.KNOWN], [Outcome.EQUIVOCATION])
    for reports, outcomes in zip(many, others, strict=True):
        assert len(outcomes) == len(reports)
        assert outcomes[0] is Outcome.ACCEPTED


def test_a_database_error_fails_the_whole_group_and_the_next_group_is_stored(
    committer: Committer, sensor: Sensor
) -> None:
    good, bad, later = (admitted(sensor, forge(sensor, sequence=number)) for number in (1, 2, 3))

    async def scenario() -> None:
        with pytest.raises(NotStored):
            await committer.append([good, stranger(bad)])
        assert await seen_elsewhere() == 0
        assert await committer.append([later, good]) == [Outcome.ACCEPTED] * 2

    asyncio.run(scenario())


def test_an_error_that_is_not_the_databases_fails_the_group_too(committer: Committer, sensor: Sensor) -> None:
    good = admitted(sensor, sensor.report())
    broken = Admitted(good.envelope, good.report, good.digest, good.agent, None)  # type: ignore[arg-type]

    async def scenario() -> None:
        with pytest.raises(NotStored):
            await asyncio.wait_for(committer.append([broken]), 10)
        assert await asyncio.wait_for(committer.append([good]), 10) == [Outcome.ACCEPTED]

    asyncio.run(scenario())


def test_a_request_that_is_cancelled_does_not_harm_the_others(committer: Committer, sensor: Sensor) -> None:
    async def scenario() -> None:
        leaving = asyncio.ensure_future(committer.append([admitted(sensor, sensor.report())]))
        staying = asyncio.ensure_future(committer.append([admitted(sensor, sensor.report())]))
        await asyncio.sleep(0)
        leaving.cancel()
        assert await staying == [Outcome.ACCEPTED]
        assert await seen_elsewhere() == 2

    asyncio.run(scenario())


def test_what_waits_when_the_end_is_asked_for_is_still_stored(sensor: Sensor) -> None:
    committer = Committer()

    async def scenario() -> None:
        waiting = [asyncio.ensure_future(committer.append([admitted(sensor, sensor.report())])) for _ in range(300)]
        await asyncio.sleep(0)
        committer.start()
        await asyncio.to_thread(committer.stop)
        assert await asyncio.gather(*waiting) == [[Outcome.ACCEPTED]] * 300

    asyncio.run(scenario())
    assert Entry.objects.count() == 300


def test_more_than_the_process_will_hold_is_refused_at_once(sensor: Sensor) -> None:
    committer = Committer(most_waiting=10)  # not started: the disk that never answers

    async def scenario() -> None:
        waiting = [asyncio.ensure_future(committer.append([admitted(sensor, sensor.report())])) for _ in range(10)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await committer.append([admitted(sensor, sensor.report())])
        committer.start()
        await asyncio.gather(*waiting)
        await asyncio.to_thread(committer.stop)

    asyncio.run(scenario())
