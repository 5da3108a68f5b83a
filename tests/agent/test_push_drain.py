from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.collector_client import CollectorClient
from agent.identity import Identity
from agent.push import MOST, Pusher
from agent.spool import Spool
from evidence.report import Gap, read_report
from tests.agent.collector_stand_in import Asked, CollectorStandIn, Said, answered, refused
from tests.agent.parts import enrolled, reports, seal, settings, spool


@pytest.fixture
def identity(tmp_path: Path) -> Identity:
    return enrolled(settings(tmp_path))


@pytest.fixture
def kept(tmp_path: Path) -> Spool:
    return spool(tmp_path)


@pytest.fixture
def pusher(collector: CollectorStandIn, kept: Spool, tmp_path: Path) -> Pusher:
    return Pusher(kept, CollectorClient(collector.url, settings(tmp_path, timeout=2.0)), uniform=lambda: 0.5)


def test_after_a_long_time_without_a_network_everything_drains_in_order_in_bounded_batches(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    digests = seal(kept, identity, 7 * MOST + 3)
    drained = pusher.drain()
    assert (drained.acknowledged, drained.wait, drained.problem) == (len(digests), 0.0, "")
    assert list(collector.accepted) == digests
    assert collector.batches == [MOST] * 7 + [3]
    payloads = [read_report(payload) for payload in collector.accepted.values()]
    assert [one.sequence for one in payloads] == list(range(1, len(digests) + 1))
    assert [one.previous for one in payloads] == ["", *digests[:-1]]


def test_a_drain_that_is_cut_off_goes_on_where_it_stopped(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    digests = seal(kept, identity, 3 * MOST)
    answers = iter([None, Said(502, b"")])
    collector.answer = lambda asked: next(answers, None)
    cut = pusher.drain()
    assert (cut.acknowledged, kept.size().reports) == (MOST, 2 * MOST)
    assert cut.wait > 0
    assert pusher.drain().acknowledged == 2 * MOST
    assert list(collector.accepted) == digests


def test_an_answer_that_is_lost_costs_nothing_but_a_second_push(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    digests = seal(kept, identity, 3)

    def accepts_and_breaks_off(asked: Asked) -> Said:
        said = answered(*(collector.accept(one) for one in asked.envelopes))
        return Said(200, said.body[:40], {"Content-Length": str(len(said.body))})

    collector.answer = accepts_and_breaks_off
    assert pusher.push().acknowledged == 0
    assert kept.size().reports == 3
    collector.answer = None
    assert pusher.push().acknowledged == 3
    assert list(collector.accepted) == digests


def test_a_batch_that_is_too_large_is_halved_until_it_fits(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    seal(kept, identity, 40)
    collector.answer = lambda asked: refused("too_large", 413) if len(asked.envelopes) > 12 else None
    assert pusher.drain().acknowledged == 40
    assert collector.batches[:3] == [40, 20, 10]


def test_a_single_report_that_is_too_large_becomes_a_gap_and_the_rest_goes_on(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    digests = seal(kept, identity, 5)
    collector.answer = lambda asked: (
        refused("too_large", 413) if digests[2] in [one.digest for one in asked.envelopes] else None
    )
    drained = pusher.drain()
    assert (drained.acknowledged, drained.refused) == (4, 1)
    seal(kept, identity)
    assert reports(kept)[0].gaps == (Gap(3, 3, "refused: too_large"),)


def test_reports_of_a_clock_that_jumped_are_pushed_in_the_order_of_their_sequence(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    now = datetime.now(UTC)
    for at in (now, now - timedelta(days=2), now + timedelta(days=2), now - timedelta(hours=1)):
        seal(kept, identity, at=at)
    assert pusher.drain().acknowledged == 4
    payloads = [read_report(payload) for payload in collector.accepted.values()]
    assert [one.sequence for one in payloads] == [1, 2, 3, 4]
    assert payloads[1].taken_at < payloads[0].taken_at
