from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.identity import Identity
from agent.spool import MOST_GAPS, MOST_TOO_OLD, Place, Spool
from evidence.envelope import Envelope
from evidence.report import Gap
from tests.agent.parts import enrolled, maker, read, reports, seal, settings, spool


@pytest.fixture
def identity(tmp_path: Path) -> Identity:
    return enrolled(settings(tmp_path))


def sequences(of: Spool) -> list[int]:
    return [one.sequence for one in of.waiting(most=1000, most_bytes=1 << 40)]


def test_a_full_spool_loses_the_oldest_of_the_shortest_cadence_first(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path, most_bytes=1 << 30)
    for every in (60, 3600, 60, 86400, 60, 3600):
        seal(kept, identity, every=every)
    size = kept.size().bytes // 6
    kept.close()
    kept = spool(tmp_path, most_bytes=int(size * 4.5))
    kept.bound()
    assert sequences(kept) == [2, 4, 5, 6]
    kept.close()
    kept = spool(tmp_path, most_bytes=int(size * 2.5))
    kept.bound()
    assert sequences(kept) == [4, 6]
    assert kept.size().bytes <= size * 2.5


def test_what_was_lost_is_declared_once_in_the_next_report(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    digests = seal(kept, identity, 4)
    kept.refuse(digests[0], "clock")
    kept.refuse(digests[1], "clock")
    kept.refuse(digests[2], "equivocation")
    kept.refuse("0" * 64, "clock")
    seal(kept, identity, 2)
    assert [one.gaps for one in reports(kept)] == [
        (), (Gap(1, 2, "refused: clock"), Gap(3, 3, "refused: equivocation")), ()
    ]  # fmt: skip
    assert kept.size().gaps == 0


@pytest.mark.parametrize("loss", ["refused", "evicted"])
def test_a_gap_is_declared_again_when_the_report_that_declared_it_is_lost(
    tmp_path: Path, identity: Identity, loss: str
) -> None:
    kept = spool(tmp_path)
    digests = seal(kept, identity, 2)
    kept.refuse(digests[0], "clock")
    (declaring,) = seal(kept, identity)
    if loss == "refused":
        kept.refuse(declaring, "clock")
        seal(kept, identity)
    else:
        kept.close()
        kept = spool(tmp_path, most_bytes=1)
        kept.bound()
        kept.close()
        kept = spool(tmp_path)
        seal(kept, identity)
    last = reports(kept)[-1]
    lost = [number for gap in last.gaps for number in range(gap.first, gap.last + 1)]
    assert lost == ([1, 3] if loss == "refused" else [1, 2, 3])


def test_a_gap_is_not_declared_again_when_its_report_was_acknowledged(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    kept.refuse(seal(kept, identity)[0], "clock")
    kept.acknowledge(seal(kept, identity))
    seal(kept, identity)
    assert reports(kept)[-1].gaps == ()


def test_every_sequence_is_delivered_or_declared_through_months_without_a_network(
    tmp_path: Path, identity: Identity
) -> None:
    kept = spool(tmp_path, most_bytes=25_000)
    for number in range(400):
        seal(kept, identity, every=3600 if number % 20 == 0 else 60)
        if number % 70 == 69:
            kept.refuse(kept.waiting(most=1, most_bytes=1)[0].digest, "clock")
    assert kept.size().bytes <= 25_000
    found = []
    for _ in range(40):  # the network is back: gaps flow out, at most so many with each report
        found += reports(kept)
        kept.acknowledge([one.digest for one in kept.waiting(most=1000, most_bytes=1 << 40)])
        seal(kept, identity)
    found += reports(kept)
    declared = [number for one in found for gap in one.gaps for number in range(gap.first, gap.last + 1)]
    assert kept.size().gaps == 0
    assert sorted(declared + [one.sequence for one in found]) == list(range(1, 441))
    assert all(len(one.gaps) <= MOST_GAPS for one in found)


def test_neighbours_that_were_lost_for_one_reason_are_one_row_however_long_it_lasted(
    tmp_path: Path, identity: Identity
) -> None:
    kept = spool(tmp_path, most_bytes=10_000)
    seal(kept, identity, 500)
    assert kept.size().gaps <= 2
    assert all(len(one.gaps) <= 2 for one in reports(kept))
    assert len(sequences(kept)) > 10


def test_what_is_too_old_goes_a_few_at_a_time_and_leaves_a_gap(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    seal(kept, identity, MOST_TOO_OLD + 5, at=datetime.now(UTC) - timedelta(days=40))
    seal(kept, identity)
    seal(kept, identity)
    assert sequences(kept) == [MOST_TOO_OLD + 6, MOST_TOO_OLD + 7]


def test_a_clock_that_jumps_years_ahead_for_a_minute_does_not_empty_the_spool(
    tmp_path: Path, identity: Identity
) -> None:
    clock = datetime.now(UTC).timestamp()
    kept = spool(tmp_path, clock=lambda: clock)
    seal(kept, identity, 200)
    clock += 10 * 365 * 86400
    seal(kept, identity, at=datetime.fromtimestamp(clock, UTC))
    clock -= 10 * 365 * 86400
    seal(kept, identity)
    assert len(sequences(kept)) == 202 - MOST_TOO_OLD


def test_the_place_of_a_report_says_its_gaps(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    kept.refuse(seal(kept, identity)[0], "clock")
    seen: list[Place] = []

    def make(place: Place) -> Envelope:
        seen.append(place)
        return maker(identity)(place)

    kept.seal(make, taken_at=datetime.now(UTC).timestamp(), every=60)
    assert (seen[0].sequence, seen[0].gaps) == (2, (Gap(1, 1, "refused: clock"),))
    assert read(kept.waiting(most=1, most_bytes=1)[0].envelope).gaps == seen[0].gaps
