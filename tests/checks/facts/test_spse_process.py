from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.spse_process import SpseProcesses, pid_files, running, unconfirmed
from checks.source import FileStat, FileText
from tests.checks.real import real

ARGV = tuple(real("spse/cmdline.txt").splitlines())
INIT = Process(1, 0, "systemd", "root", "/usr/lib/systemd/systemd", False, ("/sbin/init",), 0.0)


JAVA = "/usr/local/src/jdk1.8.0/bin/java"
PASSWD = (FileText("/etc/passwd", "root:x:0:0::/root:/bin/sh\nspse:x:1001:1001::/home/appserv:/bin/sh\n"),)
OWNED = (
    FileStat("/", "directory", 0o755, 0, 0, 0, 0.0),
    FileStat("/home/appserv/spse/webapp", "directory", 0o755, 1001, 0, 0, 0.0),
    FileStat("/home/appserv/spse/webapp/conf/application.conf", "file", 0o600, 1001, 0, 0, 0.0),
)


def table(*argv: str, user: str = "spse", exe: str = JAVA) -> ProcessTable:
    return ProcessTable((INIT, Process(42, 1, "java", user, exe, False, argv, 1.0)))


def read(processes: ProcessTable, passwd: tuple[FileText, ...] = PASSWD) -> SpseProcesses:
    return running(processes, OWNED, passwd)


def test_a_play_server_is_known_by_its_command_line() -> None:
    found = read(table(*ARGV)).processes[0]

    assert (found.pid, found.user, found.app) == (42, "spse", "/home/appserv/spse/webapp")
    assert found.java == "/usr/local/src/jdk1.8.0/bin/java"
    assert found.precompiled
    assert (found.play_id, found.port, found.debug) == ("", None, ())
    assert found.serves("/home/appserv/spse/webapp", "/home/appserv/spse")
    assert not found.serves("/home/appserv/spselat/webapp", "/home/appserv/spselat")


def test_nobody_is_not_believed_to_run_spse() -> None:
    (found,) = read(table(*ARGV, user="nobody")).processes

    assert not found.confirmed
    assert "nobody, who owns no installation" in unconfirmed(found).en
    assert read(table(*ARGV, user="nobody")).confirmed == ()
    assert read(table(*ARGV, user="root")).confirmed
    assert read(table(*ARGV, user="1001"), passwd=()).confirmed  # no name for the owner's number


def test_a_program_that_calls_itself_java_is_no_spse() -> None:
    with pytest.raises(Absent):
        read(table(*ARGV, exe="/usr/bin/perl"))


def test_a_program_that_cannot_be_seen_is_not_confirmed() -> None:
    (found,) = read(table(*ARGV, exe="", user="root")).processes

    assert (found.confirmed, found.java) == (False, "")
    assert "run as root" in unconfirmed(found).en


@pytest.mark.parametrize("path", ["/srv/*/app", "/srv/a?b", "/srv/[a]", "/srv/../etc", "srv", "/srv/\nx", ""])
def test_a_path_that_would_be_a_pattern_is_refused(path: str) -> None:
    argv = ("java", f"-Dapplication.path={path}", f"-javaagent:{path}", "play.server.Server")
    (found,) = (
        read(table(*argv, exe=f"{path}/java")).processes if path.startswith("/") else read(table(*argv)).processes
    )

    assert (found.app, found.agent) == ("", "")


def test_many_impostors_do_not_fill_the_fact_nor_hide_spse() -> None:
    fakes = tuple(Process(n, 1, "java", "nobody", JAVA, False, ARGV, 1.0) for n in range(100, 300))
    found = read(ProcessTable((INIT, *fakes, Process(999, 1, "java", "spse", JAVA, False, ARGV, 1.0))))

    assert [one.pid for one in found.confirmed] == [999]
    assert len(found.processes) < 10


def test_ways_into_the_jvm_are_seen_and_secrets_of_the_command_line_are_not() -> None:
    argv = (
        "java", "-Xrunjdwp:transport=dt_socket,address=8000,server=y,suspend=n", "-DstatusKey=HIDDEN",
        "-Dcom.sun.management.jmxremote.port=7199", "-Dcom.sun.management.jmxremote.authenticate=false",
        "-Dapplication.path=/home/appserv/spse/webapp/", "-Dplay.id=prod", "play.server.Server", "--http.port=9191",
    )  # fmt: skip
    fact = read(table(*argv))

    assert fact.processes[0].debug == ("JDWP 8000", "JMX 7199 (authenticate=false)")
    assert (fact.processes[0].port, fact.processes[0].play_id) == (9191, "prod")
    assert b"HIDDEN" not in msgspec.json.encode(fact)


def test_jmx_with_authentication_is_no_way_in() -> None:
    argv = ("java", "-Dcom.sun.management.jmxremote.port=7199", "play.server.Server")

    assert read(table(*argv)).processes[0].debug == ()


def test_no_spse_is_absent_but_a_hidden_process_table_is_missing() -> None:
    with pytest.raises(Absent):
        read(ProcessTable((INIT,)))
    with pytest.raises(Missing):
        read(ProcessTable(()))


def test_server_pid_is_read() -> None:
    files = pid_files((FileText("/a/server.pid", "4711\n"), FileText("/b/server.pid", ""))).files

    assert [file.pid for file in files] == [4711, 0]
    with pytest.raises(Absent):
        pid_files((), ())


@given(st.lists(st.text()), st.text())
def test_any_command_line_gives_the_fact(words: list[str], path: str) -> None:
    found = read(table("java", *words, f"-Dapplication.path={path}", "play.server.Server")).processes[0]

    assert not set("*?[") & set(found.app)
    assert ".." not in found.app.split("/")
