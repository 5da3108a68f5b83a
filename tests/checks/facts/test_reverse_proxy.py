from __future__ import annotations

import pytest

from checks.fact import Absent, Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.reverse_proxy import ReverseProxy, not_running, running
from checks.source import FileStat

ROOT = FileStat("/", "directory", 0o755, 0, 0, 4096, 0.0)


def table(*names: str) -> ProcessTable:
    return ProcessTable(
        tuple(Process(pid, 0, name, "root", "", False, (name,), 0.0) for pid, name in enumerate(("systemd", *names), 1))
    )


def link(path: str) -> FileStat:
    return FileStat(path, "link", 0o777, 0, 0, 10, 0.0)


def test_running_servers_are_named_once() -> None:
    assert running(table("nginx", "nginx", "java")) == ReverseProxy(("nginx",))


def test_one_that_should_run_is_told_from_one_that_is_only_installed() -> None:
    files = (
        ROOT,
        link("/etc/systemd/system/multi-user.target.wants/nginx.service"),
        link("/etc/rc3.d/S01apache2"),
        link("/usr/sbin/haproxy"),
    )

    assert not_running(table(), files) == ReverseProxy((), ("apache2", "nginx"), ("haproxy",))


def test_none_at_all_is_absent() -> None:
    with pytest.raises(Absent):
        running(table("java"))
    with pytest.raises(Absent):
        not_running(table("java"), (ROOT,))


def test_a_hidden_process_table_proves_nothing() -> None:
    hidden = ProcessTable(tuple(one for one in table("nginx").processes if one.pid != 1))
    for attempt in (lambda: running(hidden), lambda: not_running(hidden, (ROOT,))):
        with pytest.raises(Missing):
            attempt()
