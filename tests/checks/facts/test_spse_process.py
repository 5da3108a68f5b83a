from __future__ import annotations

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.spse_process import listed, pid_files, running
from checks.source import FileText
from tests.checks.real import real

ARGV = tuple(real("spse/cmdline.txt").splitlines())
INIT = Process(1, 0, "systemd", "root", "/usr/lib/systemd/systemd", False, ("/sbin/init",), 0.0)


def table(*argv: str, user: str = "spse") -> ProcessTable:
    return ProcessTable((INIT, Process(42, 1, "java", user, "", False, argv, 1.0)))


def test_a_play_server_is_known_by_its_command_line() -> None:
    found = running(table(*ARGV)).processes[0]

    assert (found.pid, found.user, found.app) == (42, "spse", "/home/appserv/spse/webapp")
    assert found.java == "/usr/local/src/jdk1.8.0/bin/java"
    assert found.precompiled
    assert (found.play_id, found.port, found.debug) == ("", None, ())
    assert found.serves("/home/appserv/spse/webapp", "/home/appserv/spse")
    assert not found.serves("/home/appserv/spselat/webapp", "/home/appserv/spselat")


def test_ps_says_the_same() -> None:
    printed = "      1 root  /sbin/init\n     42 spse   " + " ".join(ARGV) + "\n"

    assert listed(printed) == running(table(*ARGV))


def test_ways_into_the_jvm_are_seen_and_secrets_of_the_command_line_are_not() -> None:
    argv = (
        "java", "-Xrunjdwp:transport=dt_socket,address=8000,server=y,suspend=n", "-DstatusKey=HIDDEN",
        "-Dcom.sun.management.jmxremote.port=7199", "-Dcom.sun.management.jmxremote.authenticate=false",
        "-Dapplication.path=/home/appserv/spse/webapp/", "-Dplay.id=prod", "play.server.Server", "--http.port=9191",
    )  # fmt: skip
    fact = running(table(*argv))

    assert fact.processes[0].debug == ("JDWP 8000", "JMX 7199 (authenticate=false)")
    assert (fact.processes[0].port, fact.processes[0].play_id) == (9191, "prod")
    assert b"HIDDEN" not in msgspec.json.encode(fact)


def test_jmx_with_authentication_is_no_way_in() -> None:
    argv = ("java", "-Dcom.sun.management.jmxremote.port=7199", "play.server.Server")

    assert running(table(*argv)).processes[0].debug == ()


def test_no_spse_is_absent_but_a_hidden_process_table_is_missing() -> None:
    with pytest.raises(Absent):
        running(ProcessTable((INIT,)))
    with pytest.raises(Missing):
        running(ProcessTable(()))
    for printed in ("", "garbage", "42 spse bash"):
        with pytest.raises(Missing):
            listed(printed)


def test_server_pid_is_read() -> None:
    files = pid_files((FileText("/a/server.pid", "4711\n"), FileText("/b/server.pid", ""))).files

    assert [file.pid for file in files] == [4711, 0]
    with pytest.raises(Absent):
        pid_files((), ())


@given(st.text())
def test_any_list_of_processes_gives_the_fact_or_says_why_not(printed: str) -> None:
    for text in (printed, f"1 root init\n2 spse java play.server.Server {printed}"):
        with contextlib.suppress(Missing, Absent):
            assert listed(text).processes
