from __future__ import annotations

import hashlib
import itertools
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.identity import Identity
from agent.spool import Place, Spool
from evidence.envelope import Envelope, pack_envelopes, unpack_envelopes
from tests.agent.parts import enrolled, reports, seal, settings, spool


@pytest.fixture
def identity(tmp_path: Path) -> Identity:
    return enrolled(settings(tmp_path))


def sequences(of: Spool) -> list[int]:
    return [one.sequence for one in of.waiting(most=1000, most_bytes=1 << 40)]


def test_reports_form_one_chain_from_one_without_holes(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    digests = seal(kept, identity, 5)
    found = reports(kept)
    assert [one.sequence for one in found] == [1, 2, 3, 4, 5]
    assert [one.previous for one in found] == ["", *digests[:-1]]
    assert len({one.stream for one in found}) == 1


def test_the_digest_is_of_the_payload_that_waits(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    (digest,) = seal(kept, identity)
    (waiting,) = kept.waiting(most=1, most_bytes=1)
    assert (
        waiting.digest
        == digest
        == hashlib.sha256(unpack_envelopes(pack_envelopes([waiting.envelope]))[0].payload).hexdigest()
    )


def test_the_chain_goes_on_after_a_restart_and_after_all_was_acknowledged(tmp_path: Path, identity: Identity) -> None:
    first = spool(tmp_path)
    digests = seal(first, identity, 2)
    first.acknowledge(digests)
    first.close()
    second = spool(tmp_path)
    seal(second, identity)
    (report,) = reports(second)
    assert (report.sequence, report.previous) == (3, digests[-1])
    assert second.chain() == (report.stream, 3)


def test_only_what_was_named_is_let_go_and_nothing_twice(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    digests = seal(kept, identity, 3)
    kept.acknowledge([digests[1], "0" * 64])
    kept.acknowledge([digests[1]])
    kept.acknowledge([])
    assert sequences(kept) == [1, 3]
    assert kept.size().gaps == 0


def test_batches_are_bounded_by_number_and_bytes_but_never_empty(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    seal(kept, identity, 6)
    size = max(len(one.envelope) for one in kept.waiting(most=10, most_bytes=1 << 30))
    assert len(kept.waiting(most=4, most_bytes=1 << 30)) == 4
    assert len(kept.waiting(most=10, most_bytes=3 * size)) == 3
    assert len(kept.waiting(most=10, most_bytes=0)) == 1


def test_a_report_that_cannot_be_made_takes_no_place(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)

    def fails(place: Place) -> Envelope:
        raise ValueError("no key")

    with pytest.raises(ValueError, match="no key"):
        kept.seal(fails, taken_at=0, every=60)
    seal(kept, identity)
    assert sequences(kept) == [1]


def test_a_clock_that_jumps_back_breaks_neither_order_nor_chain(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    now = datetime.now(UTC)
    digests = [seal(kept, identity, at=at)[0] for at in (now, now - timedelta(days=1), now + timedelta(hours=1), now)]
    assert sequences(kept) == [1, 2, 3, 4]
    assert [one.previous for one in reports(kept)] == ["", *digests[:-1]]


def test_many_threads_seal_one_chain(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    threads = [threading.Thread(target=lambda: seal(kept, identity, 25)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = reports(kept)
    assert [one.sequence for one in found] == list(range(1, 151))
    assert all(b.previous == digest_of(kept, a.sequence) for a, b in itertools.pairwise(found))


def digest_of(kept: Spool, sequence: int) -> str:
    return next(one.digest for one in kept.waiting(most=1000, most_bytes=1 << 40) if one.sequence == sequence)
