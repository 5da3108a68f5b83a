from __future__ import annotations

from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent, Missing
from checks.facts.listeners import Listener, Listeners
from checks.facts.processes import Process, ProcessTable
from checks.facts.ssh_files import SshFiles
from checks.facts.ssh_service import SshService, ssh_service
from checks.facts.sshd import Sshd
from checks.source import FileStat
from tests.checks.trees import plant

ROOT = "/"
PROGRAM = "/usr/sbin/sshd"
WANTS = "/etc/systemd/system"
NOBODY = Listeners(())


def table(*names: str) -> ProcessTable:
    return ProcessTable(
        tuple(Process(pid, 0, name, "root", "", False, (name,), 0.0) for pid, name in enumerate(("systemd", *names), 1))
    )


def files(*paths: str) -> tuple[FileStat, ...]:
    return tuple(FileStat(path, "file", 0o755, 0, 0, 1, 0.0) for path in (ROOT, *paths))


def test_a_server_that_runs_is_in_use_wherever_its_program_lies() -> None:
    assert ssh_service(table("sshd"), NOBODY, files()) == SshService("running")


@pytest.mark.parametrize(
    "link",
    [
        f"{WANTS}/multi-user.target.wants/ssh.service",
        f"{WANTS}/multi-user.target.wants/sshd.service",
        "/etc/rc3.d/S02ssh",
    ],
)
def test_a_server_that_is_started_at_boot_is_in_use(link: str) -> None:
    assert ssh_service(table(), NOBODY, files(PROGRAM, link)) == SshService("boot")


def test_a_socket_that_waits_for_the_first_connection_is_in_use() -> None:
    ubuntu = f"{WANTS}/sockets.target.wants/ssh.socket"
    boot = f"{WANTS}/multi-user.target.wants/ssh.service"
    held = Listeners((Listener("::", 22, "tcp", "systemd"),))

    assert ssh_service(table(), NOBODY, files(PROGRAM, ubuntu, boot)) == SshService("socket")
    assert ssh_service(table(), held, files(PROGRAM)) == SshService("socket")


def test_one_that_is_installed_and_never_started_is_absent_and_the_reason_says_so() -> None:
    with pytest.raises(Absent, match="installed, but does not run, is not started at boot"):
        ssh_service(table("nginx"), Listeners((Listener("::", 443, "tcp", "nginx"),)), files(PROGRAM))


def test_another_server_on_port_22_is_not_openssh() -> None:
    with pytest.raises(Absent, match="no OpenSSH server is installed"):
        ssh_service(table("dropbear"), Listeners((Listener("::", 22, "tcp", "dropbear"),)), files())


def test_hidden_processes_leave_it_open() -> None:
    with pytest.raises(Missing):
        ssh_service(ProcessTable(()), NOBODY, files(PROGRAM))


def test_a_mounted_image_is_judged_by_its_files(tmp_path: Path) -> None:
    plant(tmp_path, PROGRAM)
    plant(tmp_path, "/etc/group", "root:x:0:\n")
    plant(tmp_path, "/etc/ssh/sshd_config", "PermitRootLogin no\n")
    survey = Survey(LocalHost(str(tmp_path)))

    assert survey.outcome(SshService).missing
    assert survey.outcome(Sshd).fact
    assert survey.outcome(SshFiles).fact


def test_a_server_that_runs_under_another_name_is_known_by_its_program() -> None:
    renamed = ProcessTable((Process(9, 1, "helper", "root", PROGRAM, False, ("helper",), 0.0),))

    assert ssh_service(renamed, NOBODY, files(PROGRAM)) == SshService("running")
