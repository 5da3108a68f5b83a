from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import pytest

from agent.hosts.local import LocalHost
from agent.problem import Problem
from agent.restore.processes import Account, accounts
from agent.restore.scratch import folder_in, locked, prepared
from agent.restore.tools import installed
from agent.restore.trial import Request, newest, trial, trusted
from checks.facts.restore_test import RestoredTable
from checks.source import Command, Source
from tests.agent.as_nobody import as_nobody
from tests.agent.restore.dumps import HEADER, ROWS, TRAILER, Dumps, working_in
from tests.checks.trees import plant

pytest_plugins = ("tests.agent.restore.dumps", "tests.postgres_cluster")

T = TypeVar("T")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("c.dump", "custom"), ("t.tar", "tar"), ("p.sql", "plain"), ("p.sql.gz", "plain, gzip"),
        ("c.backup.gz", "custom, gzip"), ("clean.sql", "plain"),
    ],
)  # fmt: skip
def test_every_format_comes_back_with_its_rows(dumps: Dumps, name: str, form: str) -> None:
    test = dumps.restore(name).test

    assert (test.passed, test.reason, test.form) == (True, "", form)
    assert test.counted == (RestoredTable("public.paket", ROWS), RestoredTable("ekontrak.kontrak", 500))
    assert (test.tables, test.secret) == (3, 1)  # the bids were counted, and are not told
    assert "penawaran" not in str(test)
    assert 0 < test.seconds < 600
    assert test.server.startswith(str(installed()[-1].major))


@pytest.mark.skipif(shutil.which("zstd") is None, reason="zstd is not installed")
def test_a_dump_packed_with_zstd_comes_back(dumps: Dumps) -> None:
    packed = subprocess.run(["zstd", "-q", "-c", dumps / "p.sql"], check=True, capture_output=True).stdout
    dumps.write("p.sql.zst", packed)

    assert dumps.restore("p.sql.zst").test.passed


def test_a_dump_of_the_whole_cluster_is_counted_in_its_own_databases(dumps: Dumps) -> None:
    test = dumps.restore("all.sql").test

    assert test.passed
    assert RestoredTable("epns_prod:public.paket", ROWS) in test.counted
    assert test.left_out > 0  # its roles


@pytest.mark.parametrize(
    ("name", "of", "share"), [("cut.dump", "c.dump", 0.6), ("cut.sql", "p.sql", 0.97), ("cut.tar", "t.tar", 0.5)]
)
def test_a_truncated_dump_is_a_failure_that_says_so(dumps: Dumps, name: str, of: str, share: float) -> None:
    whole = (dumps / of).read_bytes()
    dumps.write(name, whole[: int(len(whole) * share)])
    test = dumps.restore(name).test

    assert (test.passed, test.reason) == (False, "cut")
    assert test.step in {"read", "restore"}


def test_a_packed_dump_that_was_cut_is_a_failure(dumps: Dumps) -> None:
    whole = (dumps / "p.sql.gz").read_bytes()
    dumps.write("cut.sql.gz", whole[: len(whole) // 2])
    dumps.write("cut2.sql.gz", gzip.compress((dumps / "p.sql").read_bytes()[:-60]))  # packed well, dumped badly

    assert dumps.restore("cut.sql.gz").test.reason == "cut"
    assert dumps.restore("cut2.sql.gz").test.reason == "cut"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cut"),
        (b"\0\1\2 rubbish", "not_a_dump"),
        (b"<html>404</html>", "not_a_dump"),
        (b"PGDMP" + b"\0" * 500, "cut"),
    ],
)
def test_what_is_no_dump_is_a_failure_while_reading(dumps: Dumps, content: bytes, reason: str) -> None:
    dumps.write("wrong.dump", content)
    test = dumps.restore("wrong.dump").test

    assert (test.passed, test.step, test.reason) == (False, "read", reason)


def test_an_extension_that_is_missing_here_is_named(dumps: Dumps) -> None:
    sql = f"{HEADER}CREATE EXTENSION IF NOT EXISTS no_such_extension WITH SCHEMA public;\nCREATE TABLE t (i int);\n{TRAILER}"
    dumps.write("extension.sql", sql)
    test = dumps.restore("extension.sql").test

    assert (test.step, test.reason, test.detail) == ("extensions", "extension", "no_such_extension")


def test_what_postgresql_refuses_is_a_failure_whose_sentence_stays_here(dumps: Dumps) -> None:
    copied = "COPY public.t (i) FROM stdin;\nNPWP-01.234\n\\.\n"
    dumps.write("refused.sql", f"{HEADER}CREATE TABLE public.t (i int);\n{copied}{TRAILER}")
    outcome = dumps.restore("refused.sql")

    assert (outcome.test.step, outcome.test.reason) == ("restore", "refused")
    assert "NPWP-01.234" in "".join(outcome.said)
    assert "NPWP" not in str(outcome.test)


def test_an_empty_database_is_no_backup(dumps: Dumps) -> None:
    dumps.write("empty.sql", f"{HEADER}CREATE TABLE public.t (i int);\n{TRAILER}")

    assert dumps.restore("empty.sql").test.reason == "empty"


def test_a_dump_gets_no_power_over_the_server_that_restores_it(dumps: Dumps) -> None:
    marks = [Path(tempfile.gettempdir()) / f"pantau-mark-{os.getpid()}-{number}" for number in range(2)]
    copied = f"COPY (SELECT 1) TO PROGRAM 'touch {marks[0]}';\n\\! touch {marks[1]}\n"
    rows = "CREATE TABLE public.t (i int);\nINSERT INTO public.t VALUES (1);\n"
    dumps.write("evil.sql", f"{HEADER}{rows}{copied}{TRAILER}")
    try:
        assert dumps.restore("evil.sql").test.left_out == 1
        assert not marks[0].exists()
        if os.geteuid() == 0:
            assert marks[1].stat().st_uid == accounts()[1].uid  # psql obeys, as somebody who may do nothing
    finally:
        for mark in marks:
            mark.unlink(missing_ok=True)


def test_a_test_that_takes_too_long_is_ended(dumps: Dumps) -> None:
    test = dumps.restore("slow.sql", hours=8 / 3600).test

    assert (test.passed, test.reason) == (False, "too_slow")
    assert test.seconds >= 8
    assert working_in(dumps.base) == []


def test_it_works_without_root(dumps: Dumps) -> None:
    place = Path(tempfile.mkdtemp(prefix="pantau-rt-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(place, "nobody")
        request = Request(dumps / "c.dump", place / "restore", installed())
        assert as_nobody(lambda: trial(request)).test.passed
    finally:
        shutil.rmtree(place)


@contextlib.contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """A file system of its own, so that filling it harms nobody."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    place = Path(tempfile.mkdtemp(prefix="pantau-disk-", dir="/tmp"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", place], check=False)
    if mounted.returncode:
        place.rmdir()
        pytest.skip("this machine does not let us mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)
        place.rmdir()


def test_a_disk_that_fills_up_ends_the_test_before_others_suffer(dumps: Dumps) -> None:
    rows = "CREATE TABLE public.t AS SELECT i, md5(i::text) m FROM generate_series(1, 50000000) i;\n"
    dumps.write("large.sql", f"{HEADER}{rows}{TRAILER}")
    with small_disk("400m") as disk:
        test = trial(Request(dumps / "large.sql", disk / "base", installed())).test
        left = [path.name for path in (disk / "base").iterdir()]

    assert (test.passed, test.step, test.reason) == (False, "restore", "no_space")
    assert left == ["lock"]


def test_without_enough_room_nothing_is_begun(dumps: Dumps) -> None:
    with small_disk("100m") as disk:
        with pytest.raises(
            Problem, match=r"not enough room in .*: restoring is expected to need 0\.2 GiB, 0\.1 GiB are free"
        ):
            trial(Request(dumps / "c.dump", disk / "base", installed()))
        assert [path.name for path in (disk / "base").iterdir()] == ["lock"]


def test_without_postgresql_nothing_is_begun(dumps: Dumps, tmp_path: Path) -> None:
    assert installed(tmp_path) == ()
    with pytest.raises(Problem, match="is not installed on this server"):
        trial(Request(dumps / "c.dump", tmp_path / "base", ()))
    assert not (tmp_path / "base").exists()


@pytest.mark.parametrize("content", [b"age-encryption.org/v1\n", b"-----BEGIN PGP MESSAGE-----\n"])
def test_an_encrypted_backup_is_refused_and_not_called_bad(dumps: Dumps, content: bytes) -> None:
    dumps.write("sealed.dump", content)
    with pytest.raises(Problem, match="is encrypted: decrypt it"):
        dumps.restore("sealed.dump")


def test_a_tar_of_something_else_is_refused(dumps: Dumps) -> None:
    subprocess.run(["tar", "-C", dumps.folder, "-cf", dumps / "other.tar", "p.sql"], check=True)
    with pytest.raises(Problem, match="is a tar archive, no dump"):
        dumps.restore("other.tar")


def test_only_one_test_runs_at_a_time(dumps: Dumps) -> None:
    with locked(prepared(dumps.base)), pytest.raises(Problem, match="another restore test runs"):
        dumps.restore("c.dump")


def test_what_was_kept_is_closed_to_others_and_goes_with_the_next_test(dumps: Dumps) -> None:
    cluster = dumps.restore("c.dump", keep=True).kept
    assert cluster is not None
    kept = cluster.folder
    assert (kept / "data" / "PG_VERSION").exists()
    assert (kept / "data").stat().st_mode & 0o077 == 0
    assert not (kept / "data" / "postmaster.pid").exists()  # stopped in order
    assert not (kept / "password").exists()
    assert dumps.restore("p.sql").swept == 1
    assert not kept.exists()


def test_a_scratch_folder_that_others_could_exchange_is_refused(dumps: Dumps) -> None:
    open_ = dumps / "open"
    open_.mkdir()
    open_.chmod(0o777)
    with pytest.raises(Problem, match=r"open can be exchanged by other users"):
        prepared(open_ / "base")


def test_a_folder_that_the_cluster_cannot_enter_is_refused(dumps: Dumps) -> None:
    if os.geteuid() != 0:
        pytest.skip("without root there is one account")
    closed = dumps / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(Problem, match=r"cannot enter .*closed"), folder_in(closed, *accounts(), keep=False):
        raise AssertionError("it was entered")
    assert list(closed.iterdir()) == []


def test_a_path_too_long_for_a_socket_is_refused(dumps: Dumps) -> None:
    with pytest.raises(Problem, match="too long for a socket"):
        prepared(dumps / ("x" * 90))


NAMEI = "f: /backup/epns_prod.dump\ndrwxr-xr-x root root /\ndrwxr-xr-x {0} root backup\n-rw------- {0} root epns_prod.dump\n"


@dataclass(frozen=True)
class HostWithBackup:
    """Files below a root; namei says whose the backup is."""

    root: str
    owner: str

    def read(self, source: Source[T]) -> T:
        if isinstance(source, Command):
            return cast(T, NAMEI.format(self.owner))
        return LocalHost(self.root).read(source)


def test_the_newest_backup_is_the_one_that_the_facts_find(tmp_path: Path) -> None:
    plant(tmp_path, "/backup/epns_prod.dump", "x")
    assert newest(HostWithBackup(str(tmp_path), "postgres")) == Path("/backup/epns_prod.dump")
    with pytest.raises(Problem, match=r"anyone could have put it there.*--backup FILE"):
        newest(HostWithBackup(str(tmp_path), "budi"))


def test_without_a_backup_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="there is no backup to test: no usual backup folder holds a database dump"):
        newest(LocalHost(str(tmp_path)))


def test_a_backup_that_somebody_else_could_have_put_there_is_not_restored(dumps: Dumps) -> None:
    path = dumps.write("theirs.dump", b"PGDMP")
    assert trusted(path) == path
    path.chmod(0o666)
    with pytest.raises(Problem, match=r"theirs\.dump is not restored: .*theirs\.dump belongs to or can be changed"):
        trusted(path)


def test_accounts_are_ourselves_without_root() -> None:
    assert as_nobody(accounts) == (Account(), Account())
