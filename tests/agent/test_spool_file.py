"""The spool under kill -9, a full disk and two processes: real processes, a real small file system."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.identity import Identity, load
from agent.spool_file import SpoolFile, SpoolFull
from evidence.envelope import pack_envelopes, unpack_envelopes, verify
from evidence.report import read_report
from tests.agent.parts import TREE, enrolled, maker, read, seal, settings, spool

SEALS = """
import sys, pathlib, time
from tests.agent.parts import *
from agent.identity import load
state, pause = pathlib.Path(sys.argv[1]), float(sys.argv[3])
kept, identity = spool(state, most_bytes=int(sys.argv[2])), load(settings(state))
print("ready", flush=True)
while True:
    print(kept.seal(maker(identity, filler="x" * 100), taken_at=time.time(), every=60), flush=True)
    time.sleep(pause)
    if kept.size().reports > 30:
        done = kept.waiting(most=10, most_bytes=1 << 30)
        print("acknowledging", *(one.digest for one in done), flush=True)
        kept.acknowledge([one.digest for one in done])
        print("acknowledged", flush=True)
"""


def sealing(state: Path, most_bytes: int = 1 << 30, pause: float = 0, **options: object) -> subprocess.Popen[str]:
    """A process that seals, and acknowledges some, for ever; it prints what it knows to be done."""
    return subprocess.Popen(
        [sys.executable, "-c", SEALS, str(state), str(most_bytes), str(pause)], cwd=TREE, text=True, stdout=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TREE)}, **options,  # type: ignore[call-overload]
    )  # fmt: skip


def test_thirty_kills_at_random_moments_break_no_chain_and_lose_or_double_no_report(tmp_path: Path) -> None:
    enrolled(settings(tmp_path))
    fate = random.Random(152)
    known: dict[int, tuple[str, str]] = {}  # sequence -> (digest, previous), as ever seen in the spool
    promised, released = set[str](), set[str]()
    kills = 0
    while kills < 30:
        child = sealing(tmp_path)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(fate.uniform(0.0, 0.06))
        child.send_signal(signal.SIGKILL)
        said, _ = child.communicate()
        kills += 1
        for line in said.splitlines():
            words = line.split(" ")
            if words[0] == "acknowledging":
                released.update(words[1:])
            elif len(line) == 64:
                promised.add(line)
        kept = spool(tmp_path)
        waiting = kept.waiting(most=100_000, most_bytes=1 << 40)
        stream, last = kept.chain()
        kept.close()
        for one in waiting:
            report = read(one.envelope)
            assert (report.sequence, report.stream) == (one.sequence, stream)
            assert known.setdefault(one.sequence, (one.digest, report.previous)) == (one.digest, report.previous)
        numbers = [one.sequence for one in waiting]
        assert numbers == list(range(numbers[0], last + 1)) if numbers else True
        assert promised <= {one.digest for one in waiting} | released  # nothing that was promised is lost
    assert not list(tmp_path.glob("*.damaged-*"))
    assert last > 60
    digests = {"": 0, **{digest: sequence for sequence, (digest, _) in known.items()}}
    linked = [(sequence, digests[previous]) for sequence, (_, previous) in known.items() if previous in digests]
    assert all(before == sequence - 1 for sequence, before in linked)
    assert len(linked) > 60


def test_two_processes_seal_into_one_chain_without_a_hole(tmp_path: Path) -> None:
    enrolled(settings(tmp_path))
    spool(tmp_path).close()
    children = [sealing(tmp_path, pause=0.02) for _ in range(2)]
    time.sleep(3)
    for child in children:
        child.terminate()
    said = [child.communicate()[0] for child in children]
    assert all(len([line for line in one.splitlines() if len(line) == 64]) > 2 for one in said)
    kept = spool(tmp_path)
    waiting = kept.waiting(most=100_000, most_bytes=1 << 40)
    found = [read(one.envelope) for one in waiting]
    assert [one.sequence for one in found] == list(range(found[0].sequence, kept.chain()[1] + 1))
    assert [one.previous for one in found][1:] == [one.digest for one in waiting][:-1]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one mebibyte."""
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip(f"cannot mount a small file system: {done.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> None:
    """Leave no byte free."""
    with (place / "filler").open("ab", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def test_a_disk_that_fills_up_keeps_the_newest_reports_and_declares_the_rest(small_disk: Path, tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    kept = spool(small_disk)
    seal(kept, identity, 50)
    fill(small_disk)
    lost = 0
    for _ in range(500):
        try:
            seal(kept, identity)
        except SpoolFull:
            lost += 1
    stream, last = kept.chain()
    waiting = [read(one.envelope) for one in kept.waiting(most=100_000, most_bytes=1 << 40)]
    assert lost == 0
    assert waiting[-1].sequence == last
    (small_disk / "filler").unlink()
    seal(kept, identity, 3)
    kept.close()
    kept = spool(small_disk)
    assert kept.chain() == (stream, last + 3)
    found = [read(one.envelope) for one in kept.waiting(most=100_000, most_bytes=1 << 40)]
    numbers = {one.sequence for one in found}
    declared = {number for one in found for gap in one.gaps for number in range(gap.first, gap.last + 1)}
    with sqlite3.connect(small_disk / "spool.db") as db:
        pending = {n for first, end in db.execute("SELECT first, last FROM gap") for n in range(first, end + 1)}
    assert numbers | declared | pending == set(range(1, last + 4))
    assert not numbers & (declared | pending)


def test_reports_leave_a_full_disk_and_make_room(small_disk: Path, tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    kept = spool(small_disk)
    digests = seal(kept, identity, 200)
    fill(small_disk)
    kept.acknowledge(digests[:100])
    kept.refuse(digests[100], "clock")
    assert kept.size().reports == 99
    seal(kept, identity, 10)
    assert kept.size().reports > 10


def test_a_disk_without_one_free_byte_from_the_start_is_a_sentence(small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises((sqlite3.OperationalError, SpoolFull, OSError)) as error:
        spool(small_disk)
    assert "full" in str(error.value) or "No space" in str(error.value) or "disk" in str(error.value)


def test_after_a_full_disk_the_same_connection_works_on(tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    kept = spool(tmp_path)
    seal(kept, identity, 20)
    kept._file.read(lambda db: db.execute("PRAGMA max_page_count=1").fetchall())
    for _ in range(3):
        try:
            kept.seal(maker(identity, filler="y" * 150), taken_at=time.time(), every=60)
        except SpoolFull:
            continue
    kept._file.read(lambda db: db.execute("PRAGMA max_page_count=1000000").fetchall())
    last = kept.chain()[1]
    seal(kept, identity, 5)
    assert kept.chain()[1] == last + 5


def test_a_file_size_limit_is_a_full_spool_and_not_a_crash(tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    kept = spool(tmp_path)
    seal(kept, identity, 30)
    kept.close()
    child = sealing(tmp_path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)))
    try:
        time.sleep(3)
        assert child.poll() is None or child.returncode > 0  # a sentence, never a signal
    finally:
        child.kill()
        child.communicate()
    kept = spool(tmp_path)
    found = [one.sequence for one in kept.waiting(most=100_000, most_bytes=1 << 40)]
    assert found[-1] == kept.chain()[1]


def test_a_transaction_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    file = SpoolFile(tmp_path / "spool.db", time.time, repair=True)

    def work(db: sqlite3.Connection) -> None:
        db.execute("UPDATE chain SET sequence = 99")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        file.write(work)
    assert file.read(lambda db: db.execute("SELECT sequence FROM chain").fetchone()) == (0,)
    file.write(lambda db: db.execute("UPDATE chain SET sequence = 7"))
    assert file.read(lambda db: db.execute("SELECT sequence FROM chain").fetchone()) == (7,)


def test_another_error_of_the_database_is_raised_as_it_is(tmp_path: Path) -> None:
    file = SpoolFile(tmp_path / "spool.db", time.time, repair=True)
    for use in (file.read, file.write):
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            use(lambda db: db.execute("SELECT * FROM nowhere"))
    assert not list(tmp_path.glob("*.damaged-*"))


def test_everything_in_a_spool_is_signed_by_the_agent(tmp_path: Path) -> None:
    known = settings(tmp_path)
    identity: Identity = enrolled(known)
    kept = spool(tmp_path)
    seal(kept, identity, 3)
    for one in kept.waiting(most=10, most_bytes=1 << 30):
        report = read_report(verify(unpack_envelopes(pack_envelopes([one.envelope]))[0], load(known).key.public))
        assert report.sequence == one.sequence
