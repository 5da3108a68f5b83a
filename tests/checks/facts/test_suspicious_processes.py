from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.suspicious_processes import SuspiciousProcesses, suspicious_processes

INIT = Process(1, 0, "systemd", "root", "/usr/lib/systemd/systemd", False, ("/sbin/init",), 0.0)
KERNEL = Process(2, 0, "kthreadd", "root", "", False, (), 0.0)


def seen(exe: str, *argv: str, deleted: bool = False) -> SuspiciousProcesses:
    one = Process(99, 1, "x", "www-data", exe, deleted, argv or (exe or "x",), 0.0)
    return suspicious_processes(ProcessTable((INIT, KERNEL, one)))


@pytest.mark.parametrize("exe", ["/tmp/x", "/var/tmp/.x/y", "/dev/shm/kworker", "/memfd:x"])
def test_programs_where_anyone_may_write_are_volatile(exe: str) -> None:
    assert seen(exe).volatile == (f"x ({exe})",)
    assert seen(exe, deleted=True).volatile == (f"x ({exe})",)
    assert seen(exe, deleted=True).outdated == ()


def test_an_updated_program_is_only_outdated() -> None:
    found = seen("/usr/sbin/nginx", deleted=True)

    assert found.outdated == ("x (/usr/sbin/nginx)",)
    assert found.volatile == ()


def test_a_script_from_tmp_is_named_without_its_arguments() -> None:
    assert seen("/usr/bin/perl", "perl", "/tmp/bot.pl", "secret").scripts == ("x (/tmp/bot.pl)",)
    assert seen("/usr/bin/python3.11", "python3", "-u", "/dev/shm/a.py").scripts == ("x (/dev/shm/a.py)",)
    assert seen("/usr/bin/python3.11", "python3", "/opt/a.py", "/tmp/data").scripts == ()


def test_kernel_threads_are_not_hidden_and_other_unreadable_processes_are() -> None:
    assert seen("/usr/bin/java").hidden == 0
    assert seen("").hidden == 1


def test_runc_copying_itself_is_no_intruder() -> None:
    assert seen("/memfd:runc_cloned:/proc/self/exe", deleted=True) == SuspiciousProcesses(3)


def test_hidden_processes_are_missing() -> None:
    with pytest.raises(Missing):
        suspicious_processes(ProcessTable(()))
