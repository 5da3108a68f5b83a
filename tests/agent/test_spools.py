from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.collector_client import CollectorClient
from agent.identity import Identity
from agent.push import Pusher
from agent.spools import LEAST, Spools
from tests.agent.collector_stand_in import CollectorStandIn, answered
from tests.agent.parts import enrolled, maker, read, settings

NOW = datetime.now(UTC)


@pytest.fixture
def identity(tmp_path: Path) -> Identity:
    return enrolled(settings(tmp_path))


def made(tmp_path: Path, *keys: str) -> Spools:
    found = Spools(tmp_path / "instances", most_bytes=8 << 20, most_days=30.0)
    found.keep(keys)
    return found


def fill(spools: Spools, identity: Identity, key: str, count: int) -> list[str]:
    taken = NOW.timestamp()
    return [spools.seal(key, maker(identity, at=NOW), taken_at=taken, every=60) for _ in range(count)]


def test_each_instance_has_a_chain_of_its_own(tmp_path: Path, identity: Identity) -> None:
    spools = made(tmp_path, "ins-1", "ins-2")
    fill(spools, identity, "ins-1", 3)
    fill(spools, identity, "ins-2", 2)
    found = [read(one.envelope) for one in spools.waiting(most=100, most_bytes=1 << 20)]
    assert sorted((report.stream, report.sequence) for report in found) == sorted(
        (stream, number + 1)
        for stream, count in Counter(one.stream for one in found).items()
        for number in range(count)
    )
    assert len({one.stream for one in found}) == 2
    assert spools.size().reports == 5
    spools.close()


def test_after_an_outage_every_instance_gives_its_share_and_the_rest_comes_in_turn(
    tmp_path: Path, identity: Identity
) -> None:
    spools = made(tmp_path, "ins-1", "ins-2", "ins-3")
    for key in ("ins-1", "ins-2", "ins-3"):
        fill(spools, identity, key, 6)
    order: list[int] = []
    while batch := spools.waiting(most=3, most_bytes=1 << 20):
        assert len({one.stream for one in batch}) == 3
        order += [one.sequence for one in batch]
        spools.acknowledge([one.digest for one in batch])
    assert order == sorted(order)
    assert len(order) == 18
    assert spools.size().reports == 0
    spools.close()


def test_more_instances_than_fit_in_one_batch_all_have_their_turn(tmp_path: Path, identity: Identity) -> None:
    keys = [f"ins-{number}" for number in range(7)]
    spools = made(tmp_path, *keys)
    for key in keys:
        fill(spools, identity, key, 1)
    streams: set[str] = set()
    for _ in range(4):  # nothing is acknowledged: who waits longest is asked first
        streams |= {one.stream for one in spools.waiting(most=2, most_bytes=1 << 20)}
    assert len(streams) == 7
    spools.close()


def test_a_batch_has_at_least_one_report_and_no_more_bytes_than_allowed(tmp_path: Path, identity: Identity) -> None:
    spools = made(tmp_path, "ins-1", "ins-2")
    fill(spools, identity, "ins-1", 2)
    fill(spools, identity, "ins-2", 2)
    assert len(spools.waiting(most=100, most_bytes=1)) == 1
    size = len(spools.waiting(most=1, most_bytes=1 << 20)[0].envelope)
    assert len(spools.waiting(most=100, most_bytes=2 * size + size // 2)) <= 2
    assert spools.size().reports == 4
    spools.close()


def test_what_waits_is_there_after_a_restart_and_so_is_the_chain(tmp_path: Path, identity: Identity) -> None:
    before = made(tmp_path, "ins-1")
    fill(before, identity, "ins-1", 2)
    before.close()
    after = made(tmp_path, "ins-1")
    fill(after, identity, "ins-1", 1)
    assert [one.sequence for one in after.waiting(most=10, most_bytes=1 << 20)] == [1, 2, 3]
    after.close()


def test_an_instance_that_is_listed_no_more_is_not_sent_and_goes_on_in_its_chain_when_it_comes_back(
    tmp_path: Path, identity: Identity
) -> None:
    spools = made(tmp_path, "ins-1", "ins-2")
    fill(spools, identity, "ins-1", 1)
    spools.keep(["ins-2"])
    assert spools.waiting(most=10, most_bytes=1 << 20) == []
    with pytest.raises(KeyError):
        fill(spools, identity, "ins-1", 1)
    spools.keep(["ins-1", "ins-2"])
    fill(spools, identity, "ins-1", 1)
    assert [one.sequence for one in spools.waiting(most=10, most_bytes=1 << 20)] == [1, 2]
    spools.close()


def test_a_refused_report_leaves_a_gap_in_its_own_chain_and_costs_no_other(
    tmp_path: Path, identity: Identity, collector: CollectorStandIn
) -> None:
    spools = made(tmp_path, "ins-1", "ins-2")
    (bad,) = fill(spools, identity, "ins-1", 1)
    fill(spools, identity, "ins-2", 1)
    collector.answer = lambda asked: answered(
        *(
            {"status": "refused", "reason": "wrong_target", "detail": "retired"}
            if one.digest == bad
            else collector.accept(one)
            for one in asked.envelopes
        )
    )
    pushed = Pusher(spools, CollectorClient(collector.url, settings(tmp_path))).push()
    assert (pushed.acknowledged, pushed.refused) == (1, 1)
    collector.answer = None
    fill(spools, identity, "ins-1", 1)
    (report,) = [read(one.envelope) for one in spools.waiting(most=10, most_bytes=1 << 20)]
    assert [(gap.first, gap.last) for gap in report.gaps] == [(1, 1)]
    spools.close()


def test_an_equivocation_begins_a_new_chain_of_that_instance_alone(
    tmp_path: Path, identity: Identity, collector: CollectorStandIn
) -> None:
    spools = made(tmp_path, "ins-1", "ins-2")
    (bad,) = fill(spools, identity, "ins-1", 1)
    fill(spools, identity, "ins-2", 1)
    before = {one.digest: one.stream for one in spools.waiting(most=10, most_bytes=1 << 20)}
    collector.answer = lambda asked: answered(
        *(
            {"status": "refused", "reason": "equivocation", "detail": "?"}
            if one.digest == bad
            else collector.accept(one)
            for one in asked.envelopes
        )
    )
    Pusher(spools, CollectorClient(collector.url, settings(tmp_path))).push()
    fill(spools, identity, "ins-1", 1)
    fill(spools, identity, "ins-2", 1)
    after = spools.waiting(most=10, most_bytes=1 << 20)
    assert sorted(one.sequence for one in after) == [1, 2]
    assert len({one.stream for one in after} & set(before.values())) == 1
    spools.close()


def test_together_they_hold_no_more_than_one_spool_may(tmp_path: Path, identity: Identity) -> None:
    spools = Spools(tmp_path / "instances", most_bytes=4 * LEAST, most_days=30.0)
    spools.keep(["ins-1", "ins-2", "ins-3", "ins-4"])
    for _ in range(700):
        spools.seal("ins-1", maker(identity, filler="x" * 150), taken_at=NOW.timestamp(), every=60)
    assert spools.size().bytes <= LEAST
    spools.close()


def test_who_only_looks_makes_no_file(tmp_path: Path) -> None:
    looking = Spools(tmp_path / "instances", most_bytes=1 << 20, most_days=30.0, repair=False)
    looking.keep(["ins-1"])
    assert looking.size().reports == 0
    looking.close()
    assert not (tmp_path / "instances").exists()


def test_the_oldest_of_all_is_told(tmp_path: Path, identity: Identity) -> None:
    spools = made(tmp_path, "ins-1", "ins-2", "ins-3")
    old = (NOW - timedelta(hours=2)).timestamp()
    spools.seal("ins-2", maker(identity), taken_at=old, every=60)
    fill(spools, identity, "ins-1", 1)
    assert spools.size().oldest == old
    spools.close()
