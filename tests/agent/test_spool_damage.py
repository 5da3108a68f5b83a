from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from agent.identity import Identity
from agent.spool_file import SpoolDamaged
from tests.agent.parts import enrolled, reports, seal, settings, spool


@pytest.fixture
def identity(tmp_path: Path) -> Identity:
    return enrolled(settings(tmp_path))


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
