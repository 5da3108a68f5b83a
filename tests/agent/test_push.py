from __future__ import annotations

from pathlib import Path

import pytest

from agent.collector_client import CollectorClient
from agent.identity import Identity
from agent.push import FIRST_WAIT, KEY_REASONS, KEY_WAIT, LASTING_REASONS, LONGEST_WAIT, Pusher
from agent.spool import Spool
from checks.text import words
from evidence.report import Gap
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


def entries(asked: Asked, status: str = "accepted", reason: str = "", digest: str | None = None) -> Said:
    """One entry for each envelope of a push."""
    return answered(
        *(
            {"status": status, "reason": reason, "detail": "", "digest": one.digest if digest is None else digest}
            for one in asked.envelopes
        )
    )


def test_what_is_accepted_leaves_the_spool(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    digests = seal(kept, identity, 3)
    pushed = pusher.push()
    assert (pushed.acknowledged, pushed.refused, pushed.wait, pushed.problem) == (3, 0, 0.0, "")
    assert list(collector.accepted) == digests
    assert kept.size().reports == 0
    assert pusher.push().acknowledged == 0
    assert len(collector.asked) == 1


def test_what_is_known_already_leaves_the_spool_too(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    seal(kept, identity, 2)
    collector.answer = lambda asked: entries(asked, "known")
    assert pusher.push().acknowledged == 2
    assert kept.size().reports == 0


@pytest.mark.parametrize("status", ["accepted", "known"])
@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_an_acknowledgement_of_another_digest_acknowledges_nothing(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity, status: str, digest: str
) -> None:
    seal(kept, identity, 2)
    collector.answer = lambda asked: entries(asked, status, digest=digest)
    pushed = pusher.push()
    assert (pushed.acknowledged, kept.size().reports) == (0, 2)
    assert words(pushed.problem, "en") == "the collector acknowledged another report"
    assert pushed.wait > 0


def test_digests_in_another_order_acknowledge_nothing(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    seal(kept, identity, 2)
    collector.answer = lambda asked: answered(
        *({"status": "accepted", "digest": one.digest} for one in reversed(asked.envelopes))
    )
    assert pusher.push().acknowledged == 0
    assert kept.size().reports == 2


@pytest.mark.parametrize("status", ["", "ok", "ACCEPTED", "queued"])
def test_a_status_of_a_later_collector_keeps_the_report(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity, status: str
) -> None:
    seal(kept, identity)
    collector.answer = lambda asked: entries(asked, status)
    assert pusher.push().wait > 0
    assert kept.size().reports == 1


@pytest.mark.parametrize("count", [1, 3])
def test_after_equivocation_a_new_stream_begins_and_what_waits_is_still_pushed(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity, count: int
) -> None:
    """So it is when a snapshot of the machine was restored: its places in the chain are taken."""
    old, _ = kept.chain()
    digests = seal(kept, identity, count)
    collector.answer = lambda asked: answered(
        *(
            {"status": "refused", "reason": "equivocation", "detail": "x"}
            if one.digest == digests[0]
            else collector.accept(one)
            for one in asked.envelopes
        )
    )
    pushed = pusher.push()
    assert (pushed.acknowledged, pushed.refused, pushed.wait) == (count - 1, 1, 0.0)
    seal(kept, identity)
    (report,) = reports(kept)
    assert report.stream != old
    assert (report.sequence, report.previous, report.gaps) == (1, "", ())


@pytest.mark.parametrize("reason", sorted(LASTING_REASONS - {"equivocation"}))
@pytest.mark.parametrize("count", [1, 3])
def test_what_is_refused_for_good_is_let_go_and_declared_as_a_gap(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity, reason: str, count: int
) -> None:
    digests = seal(kept, identity, count)
    collector.answer = lambda asked: answered(
        *(
            {"status": "refused", "reason": reason, "detail": "x"}
            if one.digest == digests[0]
            else collector.accept(one)
            for one in asked.envelopes
        )
    )
    pushed = pusher.push()
    assert (pushed.acknowledged, pushed.refused, pushed.wait) == (count - 1, 1, 0.0)
    assert pushed.problem == f"{reason}: x"
    seal(kept, identity)
    assert reports(kept)[0].gaps == (Gap(1, 1, f"refused: {reason}"),)


@pytest.mark.parametrize("reason", sorted(KEY_REASONS))
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("whole", [True, False], ids=["whole request", "each report"])
def test_a_refusal_of_the_key_keeps_every_report_and_waits_long(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity, reason: str, count: int, whole: bool
) -> None:
    seal(kept, identity, count)
    collector.answer = lambda asked: refused(reason) if whole else entries(asked, "refused", reason, "")
    pushed = pusher.push()
    assert (pushed.acknowledged, pushed.refused, kept.size().reports) == (0, 0, count)
    assert KEY_WAIT <= pushed.wait <= 1.5 * KEY_WAIT
    assert pushed.problem.startswith(reason)
    collector.answer = None  # a person mended it
    assert pusher.push().acknowledged == count


@pytest.mark.parametrize("reason", ["busy", "incomplete", "a_reason_of_a_later_collector", ""])
def test_any_other_refusal_keeps_the_report_and_tries_again_soon(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity, reason: str
) -> None:
    seal(kept, identity, 2)
    collector.answer = lambda asked: entries(asked, "refused", reason)
    pushed = pusher.push()
    assert kept.size().reports == 2
    assert 0 < pushed.wait <= FIRST_WAIT


def test_one_report_that_is_not_taken_does_not_stop_the_others(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    digests = seal(kept, identity, 3)
    collector.answer = lambda asked: answered(
        *(
            {"status": "refused", "reason": "odd", "detail": ""} if one.digest == digests[1] else collector.accept(one)
            for one in asked.envelopes
        )
    )
    assert pusher.push().acknowledged == 2
    assert [one.digest for one in kept.waiting(most=9, most_bytes=1 << 20)] == [digests[1]]


def test_failures_wait_longer_each_time_up_to_a_limit_and_success_begins_anew(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    seal(kept, identity, 2)
    collector.answer = lambda asked: Said(502, b"bad gateway")
    waits = [pusher.push().wait for _ in range(12)]
    assert waits[:4] == [0.75 * FIRST_WAIT * 2**n for n in range(4)]
    assert waits == sorted(waits)
    assert waits[-1] == 0.75 * LONGEST_WAIT
    collector.answer = None
    assert pusher.push().acknowledged == 2
    seal(kept, identity)
    collector.answer = lambda asked: Said(502, b"bad gateway")
    assert pusher.push().wait == 0.75 * FIRST_WAIT


def test_a_batch_of_many_unsettled_reports_counts_as_one_failure(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity
) -> None:
    seal(kept, identity, 50)
    collector.answer = lambda asked: entries(asked, digest="")
    assert [pusher.push().wait for _ in range(2)] == [0.75 * FIRST_WAIT, 1.5 * FIRST_WAIT]


def test_agents_that_failed_together_do_not_come_back_together(
    collector: CollectorStandIn, kept: Spool, identity: Identity, tmp_path: Path
) -> None:
    seal(kept, identity)
    collector.answer = lambda asked: Said(503, b"", {"Retry-After": "100"})
    waits = [Pusher(kept, CollectorClient(collector.url, settings(tmp_path))).push().wait for _ in range(20)]
    assert len(set(waits)) == 20
    assert all(100 <= wait <= 150 for wait in waits)
    collector.answer = lambda asked: Said(500, b"")
    waits = [Pusher(kept, CollectorClient(collector.url, settings(tmp_path))).push().wait for _ in range(20)]
    assert len(set(waits)) == 20
    assert all(FIRST_WAIT / 2 <= wait <= FIRST_WAIT for wait in waits)


@pytest.mark.parametrize("after", ["0", "1"])
def test_a_collector_that_says_come_back_at_once_is_given_some_seconds(
    collector: CollectorStandIn, pusher: Pusher, kept: Spool, identity: Identity, after: str
) -> None:
    seal(kept, identity)
    collector.answer = lambda asked: Said(503, b"", {"Retry-After": after})
    assert pusher.push().wait >= FIRST_WAIT
