from __future__ import annotations

import os
import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.service_children import Child, ServiceChildren, service_children
from tests.checks.facts.fuzzing import gives_or_says_why
from tests.checks.facts.here import read

START = datetime.fromtimestamp(0, UTC)
INIT = Process(1, 0, "systemd", "root", "/usr/lib/systemd/systemd", False, ("/sbin/init",), 0.0)


def one(pid: int, parent: int, exe: str, *argv: str, name: str = "", user: str = "spse") -> Process:
    return Process(pid, parent, name or exe.rpartition("/")[2], user, exe, False, argv or (exe,), 0.0)


JAVA = one(10, 1, "/usr/lib/jvm/java-21/bin/java")


def seen(*processes: Process) -> ServiceChildren:
    return service_children(ProcessTable((INIT, *processes), root=True))


@pytest.mark.parametrize(
    "exe", ["/bin/sh", "/usr/bin/curl", "/usr/bin/python3.11", "/usr/bin/perl", "/usr/bin/nc.openbsd"]
)
def test_a_tool_below_java_is_found(exe: str) -> None:
    assert seen(JAVA, one(11, 10, exe)).children == (Child(11, "spse", "java", exe.rpartition("/")[2], START),)


def test_a_grandchild_is_found_as_well_whatever_stands_between() -> None:
    between = one(11, 10, "/usr/bin/timeout")

    assert [child.program for child in seen(JAVA, between, one(12, 11, "/usr/bin/wget")).children] == ["wget"]


def test_a_process_that_gave_itself_another_name_is_known_by_its_program() -> None:
    assert seen(JAVA, one(11, 10, "/usr/bin/bash", name="kworker/0:1")).total == 1


def test_what_starts_java_is_not_what_java_starts() -> None:
    shell = one(9, 1, "/bin/bash")

    assert seen(shell, one(10, 9, "/usr/bin/java")) == ServiceChildren(1, root=True)


@pytest.mark.parametrize(
    "title",
    [
        "postgres: 15/main: archiver last was 000000010000000000000003",
        "postgres: archiver archiving 000000010000000000000004",
        "postgres: archiver process   last was 000000010000000000000003",
        "postgres: 15/main: startup recovering 000000010000000000000003",
        "postgres: checkpointer ",
    ],
)
def test_commands_of_postgresqls_own_configuration_are_left_out(title: str) -> None:
    server = one(20, 1, "/usr/lib/postgresql/15/bin/postgres")
    worker = one(21, 20, "/usr/lib/postgresql/15/bin/postgres", title)

    assert seen(server, worker, one(22, 21, "/bin/sh")).total == 0
    split = one(21, 20, "/usr/lib/postgresql/15/bin/postgres", *title.split(" "))
    assert seen(server, split, one(22, 21, "/bin/sh")).total == 0


@pytest.mark.parametrize(
    "title",
    [
        "postgres: 15/main: epns epns_prod 127.0.0.1(4242) COPY",
        "postgres: archiver epns [local] COPY",
        "postgres: startup startup [local] idle",
    ],
)
def test_a_shell_below_a_database_session_is_found(title: str) -> None:
    server = one(20, 1, "/usr/lib/postgresql/15/bin/postgres")
    worker = one(21, 20, "/usr/lib/postgresql/15/bin/postgres", title)

    assert [child.service for child in seen(server, worker, one(22, 21, "/bin/sh")).children] == ["postgres"]


def test_children_whose_program_is_not_seen_are_counted() -> None:
    found = seen(one(30, 1, "/usr/sbin/nginx"), one(31, 30, "", "nginx: worker", name="nginx"))

    assert (found.hidden, found.total) == (1, 0)


def test_one_that_has_ended_and_was_not_waited_for_is_not_hidden() -> None:
    ended = Process(31, 30, "nginx", "www-data", "", False, (), 0.0)

    assert seen(one(30, 1, "/usr/sbin/nginx"), ended).hidden == 0


def test_no_command_line_is_kept() -> None:
    found = seen(JAVA, one(11, 10, "/bin/sh", "sh", "-c", "curl -u admin:hunter2 http://192.0.2.1/x"))

    assert b"hunter2" not in msgspec.json.encode(found)


def test_a_flood_of_processes_is_bounded_and_counted() -> None:
    found = seen(JAVA, *(one(100 + number, 10, "/bin/sh") for number in range(90)))

    assert (found.total, len(found.children)) == (90, 20)


def test_a_host_without_services_has_nothing_to_look_at() -> None:
    with pytest.raises(Absent, match="neither java"):
        seen(one(5, 1, "/usr/sbin/sshd"), one(6, 5, "/bin/bash"))


def test_hidden_processes_are_missing() -> None:
    with pytest.raises(Missing):
        service_children(ProcessTable(()))


def test_processes_that_are_each_others_parents_end() -> None:
    assert seen(JAVA, one(11, 12, "/bin/sh"), one(12, 11, "/bin/sh")).total == 0


@given(
    st.lists(
        st.tuples(
            st.integers(1, 9), st.integers(0, 9), st.sampled_from(["", "/bin/sh", "/usr/bin/java"]), st.text(max_size=9)
        )
    )
)
def test_any_table_gives_a_fact_or_a_reason(rows: list[tuple[int, int, str, str]]) -> None:
    table = ProcessTable((INIT, *(one(pid, parent, exe, text, name=text) for pid, parent, exe, text in rows)))

    gives_or_says_why(service_children, table)


def test_a_real_shell_below_a_real_service_is_seen(tmp_path: Path) -> None:
    service = tmp_path / "nginx"  # a shell by that name: what counts is the name of the program file
    shutil.copy(os.path.realpath("/bin/sh"), service)
    process = subprocess.Popen([service, "-c", "/bin/sh -c 'sleep 30; true'; true"])
    try:
        for _ in range(50):
            children = [child for child in read(ServiceChildren).children if child.service == "nginx"]
            if children:
                break
            time.sleep(0.1)
        assert [child.program for child in children] == [Path(os.path.realpath("/bin/sh")).name]
    finally:
        for child in children:
            os.kill(child.pid, 15)
        process.terminate()
        process.wait()
