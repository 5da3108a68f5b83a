from __future__ import annotations

import pytest

from checks.fact import Absent, Missing
from checks.facts.listeners import Listener, Listeners
from checks.facts.processes import Process, ProcessTable
from checks.facts.web_service import WebService, web_service
from checks.source import FileStat

NOBODY = Listeners(())
JAVA = Listeners((Listener("::", 9000, "tcp", "java"), Listener("127.0.0.1", 9001, "tcp", "java")))


def table(*names: str) -> ProcessTable:
    return ProcessTable(
        tuple(Process(pid, 0, name, "root", "", False, (name,), 0.0) for pid, name in enumerate(("systemd", *names), 1))
    )


def programs(*paths: str) -> tuple[FileStat, ...]:
    return tuple(FileStat(path, "file", 0o755, 0, 0, 1, 0.0) for path in ("/", *paths))


def test_what_runs_is_told_and_what_is_only_installed_is_not() -> None:
    both = programs("/usr/sbin/apache2", "/usr/sbin/nginx")

    assert web_service(table("nginx"), both, NOBODY) == WebService(("nginx",))


@pytest.mark.parametrize(
    ("running", "installed", "listeners", "reason"),
    [
        ((), ("/usr/sbin/nginx", "/usr/sbin/apache2"), NOBODY, "^installed but not running: apache, nginx"),
        ((), (), NOBODY, "^neither Apache nor nginx is installed here$"),
        (("java",), ("/usr/sbin/nginx",), JAVA, "java serves directly on 9000/tcp, with no web server in front"),
        (("haproxy", "java"), ("/usr/sbin/nginx",), JAVA, "what runs: haproxy$"),
    ],
)
def test_a_host_on_which_none_runs_is_absent_with_the_reason(
    running: tuple[str, ...], installed: tuple[str, ...], listeners: Listeners, reason: str
) -> None:
    with pytest.raises(Absent, match=reason):
        web_service(table(*running), programs(*installed), listeners)


def test_hidden_processes_leave_it_open() -> None:
    with pytest.raises(Missing):
        web_service(ProcessTable(()), programs("/usr/sbin/nginx"), NOBODY)


def test_a_server_that_runs_under_another_name_is_known_by_its_program() -> None:
    renamed = ProcessTable((Process(9, 1, "helper", "root", "/usr/sbin/nginx", False, ("helper",), 0.0),))

    assert web_service(renamed, programs("/usr/sbin/nginx"), NOBODY) == WebService(("nginx",))
