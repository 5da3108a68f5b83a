from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from agent.hosts import processes
from checks.facts.processes import Process


def table() -> dict[int, Process]:
    return {one.pid: one for one in processes.table(psutil.boot_time())}


def running(*argv: str | Path) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(argv)
    time.sleep(0.3)
    return child


def as_psutil_has_it(pid: int) -> tuple[object, ...] | None:
    try:
        seen = psutil.Process(pid)
        with seen.oneshot():
            argv = tuple(map(os.fsencode, seen.cmdline()))
            return seen.ppid(), seen.name(), seen.username(), argv, seen.create_time()
    except psutil.Error:
        return None


def test_every_field_is_what_psutil_says() -> None:
    agree = 0
    for pid, one in table().items():
        expected = as_psutil_has_it(pid)
        if expected is None or one.name.startswith("kworker"):  # it ended; it took up other work and its name
            continue
        mine = (one.parent, one.name, one.user, tuple(map(os.fsencode, one.argv)), one.started)
        if mine == expected:
            agree += 1
        else:  # it may have changed between the two; not twice
            again = table().get(pid)
            assert again is None or (again.parent, again.name, again.user) == (as_psutil_has_it(pid) or ("",) * 3)[:3]
    assert agree > 3


def test_a_name_of_more_than_the_kernels_15_bytes_is_told_whole(tmp_path: Path) -> None:
    (tmp_path / "gnome-keyring-daemon").symlink_to("/bin/sleep")
    child = running(tmp_path / "gnome-keyring-daemon", "60")
    try:
        assert table()[child.pid].name == processes.name(child.pid) == "gnome-keyring-daemon"
    finally:
        child.kill()
        child.wait()


def test_brackets_and_blanks_in_a_name_do_not_shift_the_fields(tmp_path: Path) -> None:
    (tmp_path / "a) S 1 (b").symlink_to("/bin/sleep")
    child = running(tmp_path / "a) S 1 (b", "60")
    try:
        one = table()[child.pid]
        assert (one.name, one.parent) == ("a) S 1 (b", os.getpid())
    finally:
        child.kill()
        child.wait()


def test_who_is_dead_and_not_reaped_is_not_told_and_who_ended_has_no_name() -> None:
    child = running("/bin/true")
    assert child.pid in processes.pids()
    assert child.pid not in table()
    child.wait()
    assert processes.name(child.pid) == ""


def test_a_program_that_calls_itself_a_kernel_thread_is_none() -> None:
    rename = "import ctypes,time; ctypes.CDLL(None).prctl(15, b'kworker/0:1'); time.sleep(60)"
    child = running(sys.executable, "-c", rename)
    try:
        time.sleep(0.5)
        one = table()[child.pid]
        assert one.name == "kworker/0:1"
        assert one.exe
        assert one.argv[-1] == rename
    finally:
        child.kill()
        child.wait()


def test_open_files_are_counted_for_services_only(tmp_path: Path) -> None:
    (tmp_path / "postgres").symlink_to("/bin/sleep")
    child = running(tmp_path / "postgres", "60")
    try:
        seen = table()
        assert (seen[child.pid].files or 0) >= 3
        assert seen[child.pid].file_limit
        assert seen[os.getpid()].files is None
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize(
    ("cmdline", "argv"),
    [
        (b"", ()),
        (b"/usr/sbin/sshd\0-D\0", ("/usr/sbin/sshd", "-D")),
        (b"nginx: worker process", ("nginx:", "worker", "process")),
        (b"postgres: checkpointer \0", ("postgres:", "checkpointer", "")),
        (b"java\0-Dx=\0\0", ("java", "-Dx=", "")),
        (b"\xff\0", ("\N{REPLACEMENT CHARACTER}",)),
    ],
)
def test_a_command_line_is_cut_as_psutil_cuts_it(cmdline: bytes, argv: tuple[str, ...]) -> None:
    assert processes.argv(cmdline) == argv
