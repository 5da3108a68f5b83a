from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text

from agent.hosts import commands
from checks.fact import After, Missing
from checks.facts.backup_test import BackupOrigin, BackupTest, backup_origin, backup_test, command, contents, tarred
from checks.facts.backups import Backups, Guard
from checks.source import Command

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


def test_a_tar_is_whole_only_with_its_end(tmp_path: Path) -> None:
    (tmp_path / "toc.dat").write_bytes(os.urandom(2000))
    (tmp_path / "restore.sql").write_bytes(os.urandom(512))
    with tarfile.open(tmp_path / "epns.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
        for name in ("toc.dat", "restore.sql"):
            tar.add(tmp_path / name, name)
    whole = (tmp_path / "epns.tar").read_bytes()

    def readable(content: bytes) -> bool:
        path = written(tmp_path / "epns.tar", content)
        path_, tested, tail = (source.make(BackupOrigin(str(path))) for source in tarred.sources)  # type: ignore[attr-defined]
        return tarred.parse(*(commands.run(source) for source in (path_, tested, tail))).readable

    assert readable(whole)
    assert not readable(whole[:1800])  # within a member
    assert not readable(whole[: 512 + 2048])  # between two members, where tar itself sees nothing wrong
    assert not readable(b"-- PostgreSQL database dump\n" * 100)


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
    source = backup_origin.sources[0]
    assert isinstance(source, After)
    with pytest.raises(Missing, match="pgBackRest"):
        source.make(Backups((), Guard(0, 0, 0, 0, 0, 0), catalogue=1.0))
    with pytest.raises(Missing, match="anyone could have put it there"):
        source.make(Backups((), Guard(0, 0, 0, 0, 0, 0), foreign=1))
    with pytest.raises(Missing, match="no usable path"):
        source.make(Backups((), Guard(0, 0, 0, 0, 0, 0), newest="/backup/a\nb.dump"))


def namei(*parts: str, path: str = "/backup/epns.dump") -> str:
    return "\n".join((f"f: {path}", *parts)) + "\n"


SAFE = ("drwxr-xr-x root root /", "drwxr-x--- postgres postgres backup", "-rw-r----- root root epns.dump")
LINKED = (
    "drwxr-xr-x root root /", "lrwxrwxrwx root root backup -> /mnt/nas", "drwxr-xr-x root root   /",
    "drwxr-xr-x root root   mnt", "drwxrwx--- root postgres   nas", "-rw-r----- root root epns.dump",
)  # fmt: skip


@pytest.mark.parametrize("parts", [SAFE, LINKED])
def test_a_dump_that_only_root_and_postgres_could_have_put_there_is_tested(parts: tuple[str, ...]) -> None:
    assert backup_origin(namei(*parts)) == BackupOrigin("/backup/epns.dump")


@pytest.mark.parametrize(
    ("position", "part"),
    [
        (2, "-rw------- budi budi epns.dump"),
        (2, "-rw------- 1002 1002 epns.dump"),
        (2, "-rw-rw-rw- root root epns.dump"),
        (2, "-rw-rw---- root budi epns.dump"),
        (1, "drwxrwxrwt root root backup"),
        (1, "drwxrwxr-x root users backup"),
        (1, "drwx------ budi root backup"),
        (1, "lrwxrwxrwx budi budi backup -> /var/backups"),
    ],
)
def test_no_tool_of_root_reads_what_a_user_could_have_put_there(position: int, part: str) -> None:
    parts = [*SAFE]
    parts[position] = part
    with pytest.raises(Missing, match=r"/backup/epns\.dump: not tested: anyone could have put it there"):
        backup_origin(namei(*parts))


def test_the_way_to_a_file_is_told_by_the_real_namei(tmp_path: Path) -> None:
    path = written(tmp_path / "epns.dump", SQL)
    source = backup_origin.sources[0]
    assert isinstance(source, After)
    printed = commands.run(source.make(Backups((), Guard(0, 0, 0, 0, 0, 0), newest=str(path))))

    with pytest.raises(Missing, match="not tested"):  # /tmp is for everyone
        backup_origin(printed)
    assert backup_origin(commands.run(Command(("namei", "-l", "--", "/etc/passwd")))) == BackupOrigin("/etc/passwd")


@given(text())
def test_any_output_of_namei_gives_an_origin_or_missing(printed: str) -> None:
    for said in (printed, namei(*SAFE, printed)):
        with contextlib.suppress(Missing):
            assert backup_origin(said).path.startswith("/")
