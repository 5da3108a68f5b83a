from __future__ import annotations

import hashlib
import itertools
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.identity import Identity
from agent.spool import MOST_GAPS, MOST_TOO_OLD, Place, Spool
from agent.spool_file import SpoolDamaged
from evidence.envelope import Envelope, read_envelope
from evidence.report import Gap
from tests.agent.parts import enrolled, maker, read, reports, seal, settings, spool


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
    assert waiting.digest == digest == hashlib.sha256(read_envelope(waiting.envelope).payload).hexdigest()


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


def test_a_clock_that_jumps_back_breaks_neither_order_nor_chain(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    now = datetime.now(UTC)
    digests = [seal(kept, identity, at=at)[0] for at in (now, now - timedelta(days=1), now + timedelta(hours=1), now)]
    assert sequences(kept) == [1, 2, 3, 4]
    assert [one.previous for one in reports(kept)] == ["", *digests[:-1]]


@pytest.mark.parametrize("damage", ["garbage", "truncated", "zeroed page", "empty file", "zeroed header"])
def test_a_damaged_file_is_set_aside_and_a_new_stream_begins(tmp_path: Path, identity: Identity, damage: str) -> None:
    kept = spool(tmp_path)
    seal(kept, identity, 40)
    stream = kept.chain()[0]
    kept.close()
    path = tmp_path / "spool.db"
    raw = bytearray(path.read_bytes())
    match damage:
        case "garbage":
            raw = bytearray(b"\x7fELF garbage " * 5000)
        case "truncated":
            raw = raw[: len(raw) // 2]
        case "zeroed page":
            raw[4096:8192] = bytes(4096)
        case "empty file":
            raw = bytearray()
        case "zeroed header":
            raw[:100] = bytes(100)
    path.write_bytes(raw)
    again = spool(tmp_path)
    assert again.chain() != (stream, 40)
    assert again.chain()[1] == 0
    seal(again, identity)
    assert reports(again)[0].stream != stream
    aside = list(tmp_path.glob("spool.db.damaged-*[0-9]"))
    assert [one.stat().st_size for one in aside] == ([] if damage == "empty file" else [len(raw)])


def test_two_damages_in_one_second_are_both_kept(tmp_path: Path, identity: Identity) -> None:
    for text in (b"first " * 200, b"second " * 200):
        (tmp_path / "spool.db").write_bytes(text)
        spool(tmp_path, clock=lambda: 1000.0).close()
    assert sorted(one.name for one in tmp_path.glob("*.damaged-*[0-9]")) == [
        "spool.db.damaged-1000",
        "spool.db.damaged-1001",
    ]


def test_a_file_that_is_damaged_while_it_is_open_is_set_aside_and_the_report_is_kept(
    tmp_path: Path, identity: Identity
) -> None:
    kept = spool(tmp_path)
    seal(kept, identity, 40)
    stream = kept.chain()[0]
    with sqlite3.connect(tmp_path / "spool.db") as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (tmp_path / "spool.db").open("r+b") as file:
        file.seek(0)
        file.write(b"\xde\xad" * 30_000)
    for _ in range(3):
        seal(kept, identity)
    found = reports(kept)
    assert [one.sequence for one in found] == [1, 2, 3]
    assert found[0].stream != stream
    assert list(tmp_path.glob("spool.db.damaged-*"))


def test_a_reader_alone_also_mends_a_file_that_is_damaged_while_it_is_open(tmp_path: Path, identity: Identity) -> None:
    kept = spool(tmp_path)
    seal(kept, identity, 40)
    kept.close()
    kept = spool(tmp_path)
    with (tmp_path / "spool.db").open("r+b") as file:
        file.write(b"\xde\xad" * 60_000)
    assert kept.size().reports in {0, 40}
    seal(kept, identity)
    assert reports(kept)[-1].sequence in {1, 41}


def test_who_only_looks_makes_no_file_and_sets_none_aside(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        spool(tmp_path, repair=False)
    assert not list(tmp_path.glob("spool.db*"))
    (tmp_path / "spool.db").write_bytes(b"garbage" * 1000)
    with pytest.raises(SpoolDamaged, match="not a database"):
        spool(tmp_path, repair=False).size()
    assert (tmp_path / "spool.db").read_bytes() == b"garbage" * 1000
    assert not list(tmp_path.glob("*.damaged-*"))


def test_who_only_looks_sees_what_the_daemon_spools(tmp_path: Path, identity: Identity) -> None:
    daemon = spool(tmp_path)
    seal(daemon, identity, 3)
    looking = spool(tmp_path, repair=False)
    assert (looking.size().reports, looking.chain()) == (3, daemon.chain())
    seal(daemon, identity)
    assert looking.size().reports == 4


def test_the_spool_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    kept = spool(tmp_path / "state")
    assert (tmp_path / "state" / "spool.db").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    kept.close()


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
