from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path

import pytest

from agent.hosts import commands
from checks.fact import After, Missing
from checks.facts.backup_test import BackupTest, backup_test, command, contents
from checks.facts.backups import Backups, Guard

SQL = b"CREATE TABLE lelang ();\n" * 2000 + b"--\n-- PostgreSQL database dump complete\n--\n"


def outcome(path: Path) -> BackupTest:
    return backup_test(f"{path}\n", commands.run(command(str(path))))


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_whole_files_are_readable_and_cut_ones_are_not(tmp_path: Path) -> None:
    packed = gzip.compress(os.urandom(100_000))
    cases = {
        "epns.sql": (SQL, SQL[:-100]),
        "epns.sql.gz": (gzip.compress(SQL), gzip.compress(SQL[:-100])),
        "epns.backup.gz": (packed, packed[:-5000]),
    }
    for name, (whole, cut) in cases.items():
        assert outcome(written(tmp_path / name, whole)).readable, name
        assert not outcome(written(tmp_path / name, cut)).readable, name


@pytest.mark.skipif(shutil.which("pg_restore") is None, reason="pg_restore is not installed")
def test_a_plain_dump_may_be_called_dump_and_rubbish_may_not(tmp_path: Path) -> None:
    assert outcome(written(tmp_path / "epns.dump", SQL)).readable
    assert not outcome(written(tmp_path / "epns2.dump", b"PGDMP" + b"\0" * 500)).readable


def test_an_encrypted_file_is_not_judged(tmp_path: Path) -> None:
    path = written(tmp_path / "epns.dump.age", b"age-encryption.org/v1\n")

    assert outcome(path) == BackupTest(str(path), "")


def test_what_could_not_be_tried_is_missing() -> None:
    for printed, said in (("", "permission"), ("open\n", "not installed"), ("strange\n", "does not know")):
        with pytest.raises(Missing, match=said):
            backup_test("/backup/epns.dump\n", printed)
    with pytest.raises(Missing, match="vanished"):
        backup_test("", "open\ntool\nwhole\n")


def test_a_large_dump_falls_back_to_its_contents() -> None:
    listed = ";\n; Archive created at 2026-11-22 01:00:00 WIB\n;     TOC Entries: 5\n"

    assert contents("/backup/epns.dump\n", listed) == BackupTest("/backup/epns.dump", "pg_restore --list", True, False)
    with pytest.raises(Missing):
        contents("/backup/epns.dump\n", "")


def test_without_a_dump_nothing_is_run() -> None:
    source = backup_test.sources[1]
    assert isinstance(source, After)
    with pytest.raises(Missing, match="pgBackRest"):
        source.make(Backups((), Guard(0, 0, 0, 0, 0, 0), catalogue=1.0))
