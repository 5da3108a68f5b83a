"""The whole catalogue on a host that means harm, or is broken: it ends in time, says unknown or the truth, and runs nothing.

What single sources do with such things is tested beside them (`tests/agent/hosts`).
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from agent.audit import Audit, audit, readable
from agent.hosts import commands
from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.catalogue import catalogue
from checks.fact import Fact, recipes
from checks.facts.processes import PROCESSES
from checks.facts.spse_process import SpseProcesses
from checks.policy import Policy, rulebook
from checks.source import Command, File, Glob, Source, Sql, Stat
from checks.text import words
from checks.verdict import Status
from tests.agent.as_nobody import as_nobody

T = TypeVar("T")

CATALOGUE = catalogue()
FACTS = sorted(readable(CATALOGUE), key=lambda fact: fact.__name__)
SOURCES = [source for fact in FACTS for recipe in recipes(fact) for source in recipe.sources]
RAISED = re.compile(
    r"^(?:[\w.]+|[A-Q]-[A-Z]+-\d\d): \w*(?:Error|Exception)\b"
)  # what a survey and a judge make of a defect
PATIENCE = 120.0  # seconds; an ordinary host takes five


def audited(host: LocalHost) -> Audit:
    """The whole audit; the test fails if it takes long, if a parser or a check raised, or if it cannot be reported."""
    start = time.monotonic()
    done = audit(host, rulebook(CATALOGUE, Policy()), tuple(CATALOGUE), now=lambda: datetime.now(UTC))
    assert time.monotonic() - start < PATIENCE
    said = [*done.snapshot.missing.values(), *(one.measured for one in done.results)]
    assert [one for one in said if RAISED.match(words(one, "en"))] == []
    msgspec.json.encode((done.results, list(done.snapshot.facts.values())))
    return done


def passes(done: Audit) -> set[str]:
    return {one.check for one in done.results if one.status is Status.PASS}


# Files


def patterns() -> set[str]:
    """Every file that some check reads, as its source names it."""
    found: set[str] = set()
    for source in SOURCES:
        match source:
            case File():
                found.add(source.path)
            case Glob():
                found.add(source.pattern)
            case Stat():
                found |= {*source.patterns, *source.folders}
    return found - {"/"}


def paths() -> set[str]:
    """A path that each of them matches."""
    return {re.sub(r"\[[^]]*\]|[*?]", "0", pattern) for pattern in patterns()}


def fifo(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def way_out(path: Path) -> None:
    path.symlink_to("/" + "../" * 20 + "dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def unix_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        place = os.open(path.parent, os.O_PATH)  # the path of a socket may have 108 bytes
        try:
            made.bind(f"/proc/self/fd/{place}/{path.name}")
        finally:
            os.close(place)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10 << 30)


def nothing(path: Path) -> None:
    path.touch()


def noise(path: Path) -> None:
    path.write_bytes(os.urandom(3000))


def one_line(path: Path) -> None:
    path.write_bytes(b"a" * 200_000)


KINDS = (fifo, loop, way_out, folder, unix_socket, sparse, nothing, noise, one_line)
MAY_PASS = {
    "K-FIM-01": "that a tool has its baseline is told by a file's name and time; whether the tool works is told by its last run",
    "K-FIM-02": "the same: its report is there, and of today",
    "K-IOC-13": "an empty /etc/ld.so.preload, or one that is not there, preloads nothing",
    "L-BCK-01": "a dump of today is of today; that it is empty or no dump is for L-BCK-02 and L-BCK-03 to say",
}


@pytest.mark.parametrize("plant", KINDS, ids=lambda plant: plant.__name__)
def test_whatever_stands_where_a_file_should_be_the_audit_ends_and_nothing_raises_or_passes(
    plant: Callable[[Path], None], tmp_path: Path
) -> None:
    for path in sorted(paths(), key=len):
        place = tmp_path / path.lstrip("/")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            plant(place)
        except OSError:
            continue  # below what stands there already

    assert passes(audited(LocalHost(str(tmp_path)))) <= set(MAY_PASS)


def test_a_tree_that_nobody_may_enter_is_unknown() -> None:
    with tempfile.TemporaryDirectory() as made:  # not below pytest's own folder, which nobody may enter
        root = Path(made)
        root.chmod(0o755)
        for path in paths():
            (root / path.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        folders = list(root.iterdir())
        for one in folders:
            one.chmod(0)
        try:
            assert as_nobody(lambda: passes(audited(LocalHost(made)))) == set()
        finally:
            for one in folders:
                one.chmod(0o755)


def test_hostile_names_of_files_reach_the_report_as_text(tmp_path: Path) -> None:
    names = (b"a\nb", b"\xff\xfe", b"$(reboot)", b"`reboot`", b"; reboot", b"\x1b[2J", b"-rf", b"%s%n", b"x" * 255)
    for pattern in {re.sub(r"/[^/]*[*?\[].*", "", path) for path in patterns() if "*" in path} - {""}:
        folder_ = os.fsencode(tmp_path / pattern.lstrip("/"))
        os.makedirs(folder_, exist_ok=True)
        for name in names:
            for suffix in (b"", b".conf", b".sql.gz"):
                place = os.path.join(folder_, (name + suffix)[-255:])
                if not os.path.lexists(place):
                    os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o600))

    audited(LocalHost(str(tmp_path)))


# Tools

TOOLS = {
    "garbage": "/usr/bin/head -c 3000 /dev/urandom",
    "flood": "exec /usr/bin/yes 'no end of it'",
    "silence": "exit 0",
    "failure": "echo 'it is broken' >&2; exit 3",
    "html": "echo '<html><title>502 Bad Gateway</title></html>'",
    "hang": "exec /bin/sleep 300",
    "hang behind closed pipes": "echo x; exec 1>&- 2>&-; /bin/sleep 300",
}
STILL_REAL = {"PostgresReady"}  # PostgreSQL's own programs are taken from its own folder
EMPTY_IS_AN_ANSWER = {"silence": {"Firewall"}}  # nft prints nothing where there is no rule


class Hasty(LocalHost):
    """This machine, with little time for each command: what hangs shall not make the test hang as long."""

    def read(self, source: Source[T]) -> T:
        return super().read(replace(source, timeout=min(source.timeout, 0.5)) if _asks(source) else source)


def _asks(source: Source[object]) -> bool:
    return isinstance(source, Command | Sql)


def only_asked(fact: type[Fact]) -> bool:
    """Does it come from commands alone, whichever recipe gives it?"""
    return all(all(map(_asks, recipe.sources)) for recipe in recipes(fact))


@pytest.fixture(params=TOOLS)
def broken(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every program of this machine, replaced by a script."""
    for found in commands.PATH.split(":"):
        for name in os.listdir(found) if os.path.isdir(found) else ():
            script = tmp_path / name
            script.write_text(f"#!/bin/sh\n{TOOLS[request.param]}\n")
            script.chmod(0o755)
    monkeypatch.setattr(commands, "PATH", str(tmp_path))
    monkeypatch.setitem(commands.ENVIRONMENT, "PATH", str(tmp_path))
    return str(request.param)


def test_tools_that_hang_or_print_garbage_make_unknown_and_in_time(broken: str) -> None:
    before = children()
    done = audited(Hasty())

    read = {fact.__name__ for fact in FACTS if only_asked(fact) and fact in done.snapshot.facts}
    assert read - STILL_REAL <= EMPTY_IS_AN_ANSWER.get(broken, set())
    assert children() == before


def children() -> set[str]:
    """The processes that this one has started and that are still there."""
    return {pid for told in Path("/proc/self/task").glob("*/children") for pid in told.read_text().split()}


# Processes


def test_processes_that_come_and_go_meanwhile_hide_nothing() -> None:
    ended, quiet = threading.Event(), Survey(LocalHost()).take(of_processes())
    assert SpseProcesses in {**quiet.facts, **quiet.absent}

    def churn() -> None:
        while not ended.is_set():
            subprocess.run(["/bin/true"], check=True)

    churning = [threading.Thread(target=churn) for _ in range(3)]
    for thread in churning:
        thread.start()
    try:
        for _ in range(2):
            seen = Survey(LocalHost()).take(of_processes())
            assert set(seen.missing) <= set(quiet.missing)
    finally:
        ended.set()
        for thread in churning:
            thread.join()


def of_processes() -> list[type[Fact]]:
    """The facts that are made of the process table."""
    return [fact for fact in FACTS if any(PROCESSES in recipe.sources for recipe in recipes(fact))]
