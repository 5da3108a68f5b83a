from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from checks.fact import Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.suspicious_processes import Suspect, SuspiciousProcesses, suspicious_processes

INIT = Process(1, 0, "systemd", "root", "/usr/lib/systemd/systemd", False, ("/sbin/init",), 0.0)
START = datetime.fromtimestamp(0, UTC)
KERNEL = Process(2, 0, "kthreadd", "root", "", False, (), 0.0)


def seen(exe: str, *argv: str, deleted: bool = False) -> SuspiciousProcesses:
    one = Process(99, 1, "x", "www-data", exe, deleted, argv or (exe or "x",), 0.0)
    return suspicious_processes(ProcessTable((INIT, KERNEL, one)))


@pytest.mark.parametrize("exe", ["/tmp/x", "/var/tmp/.x/y", "/dev/shm/kworker", "/memfd:x"])
def test_programs_where_anyone_may_write_are_volatile(exe: str) -> None:
    assert seen(exe).volatile == (Suspect(99, "www-data", exe, START),)
    assert seen(exe, deleted=True).volatile == (Suspect(99, "www-data", exe, START, deleted=True),)
    assert seen(exe, deleted=True).outdated == ()


def test_an_updated_program_is_only_outdated() -> None:
    found = seen("/usr/sbin/nginx", deleted=True)

    assert found.outdated == (Suspect(99, "www-data", "/usr/sbin/nginx", START, deleted=True),)
    assert found.volatile == ()


def test_a_script_from_tmp_is_named_without_its_arguments() -> None:
    assert seen("/usr/bin/perl", "perl", "/tmp/bot.pl", "secret").scripts[0].path == "/tmp/bot.pl"
    assert seen("/usr/bin/python3.11", "python3", "-u", "/dev/shm/a.py").scripts[0].path == "/dev/shm/a.py"
    assert seen("/usr/bin/python3.11", "python3", "/opt/a.py", "/tmp/data").scripts == ()


def test_a_command_line_after_c_is_cut_at_its_first_blank() -> None:
    found = seen("/usr/bin/bash", "bash", "-c", "/tmp/x --password=hunter2")

    assert found.scripts[0].path == "/tmp/x"
    assert b"hunter2" not in msgspec.json.encode(found)


def test_many_processes_of_one_program_are_told_once_by_the_oldest() -> None:
    def miner(pid: int, user: str, started: float) -> Process:
        return Process(pid, 1, "x", user, "/tmp/x", False, ("x", "-p", "hunter2"), started)

    table = ProcessTable((INIT, miner(30, "spse", 50.0), miner(40, "spse", 20.0), miner(50, "root", 90.0)), root=True)
    found = suspicious_processes(table)

    assert [(one.pid, one.user, one.processes) for one in found.volatile] == [(40, "spse", 2), (50, "root", 1)]
    assert found.root
    assert b"hunter2" not in msgspec.json.encode(found)


def test_kernel_threads_are_not_hidden_and_other_unreadable_processes_are() -> None:
    assert seen("/usr/bin/java").hidden == 0
    assert seen("").hidden == 1


def test_runc_copying_itself_is_no_intruder() -> None:
    assert seen("/memfd:runc_cloned:/proc/self/exe", deleted=True) == SuspiciousProcesses(3)


def test_hidden_processes_are_missing() -> None:
    with pytest.raises(Missing):
        suspicious_processes(ProcessTable(()))
