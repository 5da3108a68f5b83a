from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.ssh import SshHost
from agent.hosts.ssh_shell import Between
from agent.hosts.ssh_shells import SESSIONS, SessionRefused, Shells
from agent.survey import Survey
from checks.catalogue import catalogue
from checks.fact import Missing, recipes
from checks.source import Command, File
from checks.vantage import Vantage
from tests.agent.sshd import Server, sshd

BEGIN, END = b"m4rk\n", b"m4rk.\n"


def sessions(server: Server) -> int:
    return server.log().count("Starting session: command")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with sshd(tmp_path) as running:
        yield running


@pytest.fixture
def far(server: Server) -> Iterator[SshHost]:
    host = server.host()
    yield host
    host.connection.close()


@given(st.lists(st.sampled_from([b"m4rk", b"\n", b".", b"m", b"4", b"x", b"m4rk.m4"]), max_size=12), st.data())
def test_an_answer_is_what_lies_between_the_marks_however_the_stream_is_cut(
    words: list[bytes], data: st.DataObject
) -> None:
    inside = b"".join(words)
    if END in inside + END[:-1]:
        return
    stream = b"noise" + BEGIN + inside + END + b"later" + END
    between = Between(BEGIN, END, 1000)
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        between.feed(stream[:size])
        stream = stream[size:]
    assert (bytes(between.before), bytes(between.kept), between.ended, between.cut) == (b"noise", inside, True, False)


def test_what_is_too_long_is_cut_and_its_end_is_found_still() -> None:
    between = Between(BEGIN, END, 10)
    for piece in (BEGIN, b"x" * 8, b"y" * 100_000, END[:3], END[3:]):
        between.feed(piece)
    assert (bytes(between.kept), between.cut, between.ended) == (b"x" * 8 + b"yy", True, True)


def test_a_survey_of_everything_takes_a_few_sessions(server: Server, far: SshHost) -> None:
    facts = {fact for check in catalogue().at(Vantage.HOST) for fact in check.facts}
    facts = {fact for fact in facts if any(recipe.vantage is Vantage.HOST for recipe in recipes(fact))}
    taken = Survey(far).take(facts)
    assert len(taken.facts) > 40
    assert sessions(server) <= SESSIONS + 2  # two more where a command of it hung and its shell was replaced


def test_a_file_full_of_marks_and_shell_is_a_file(far: SshHost, tmp_path: Path) -> None:
    hostile = tmp_path / "x"
    hostile.write_bytes(b"'; exit 0; echo\n" * 100 + bytes(range(256)) + b"\n" + b"0" * 32 + b".\n")
    assert far.read(File(str(hostile))) == hostile.read_bytes().decode("utf-8", "replace")
    assert far.read(Command(("cat", str(hostile)))) == hostile.read_bytes().decode("utf-8", "replace")
    assert far.read(Command(("echo", "on"))) == "on\n"


def test_what_a_command_leaves_behind_cannot_speak_in_another_ones_answer(server: Server, far: SshHost) -> None:
    left = "(setsid sh -c 'sleep 2; while :; do echo forged; echo forged >&2; sleep 0.01; done' &) ; echo mine"
    with pytest.raises(Missing, match="did not end within 1 s"):
        far.read(Command(("sh", "-c", left), timeout=1.0))
    for _ in range(100):
        assert far.read(Command(("sh", "-c", "echo x; sleep 0.03"))) == "x\n"
    assert sessions(server) == 2  # the first shell was not used again


def test_a_hung_command_costs_its_shell_and_no_other(server: Server, far: SshHost) -> None:
    assert far.read(Command(("echo", "a"))) == "a\n"
    with pytest.raises(Missing, match="did not end"):
        far.read(Command(("sleep", "60"), timeout=0.5))
    assert far.read(Command(("echo", "b"))) == "b\n"
    assert sessions(server) == 2


def test_a_shell_that_is_killed_makes_one_reading_missing_and_is_replaced(server: Server, far: SshHost) -> None:
    with pytest.raises(Missing, match="broke off"):
        far.read(Command(("sh", "-c", "kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); sleep 5"), timeout=20.0))
    assert far.read(Command(("echo", "again"))) == "again\n"


def test_too_much_is_said_at_once_and_the_shell_goes_on(server: Server, far: SshHost) -> None:
    for _ in range(3):
        with pytest.raises(Missing, match="head printed more than 1048576 bytes"):
            far.read(Command(("head", "-c", "900000000", "/dev/zero")))
    assert sessions(server) == 1
    begin = time.monotonic()
    with pytest.raises(Missing, match="sh printed more than 1000 bytes"):
        far.read(Command(("sh", "-c", "head -c 9999 /dev/zero; sleep 30"), max_bytes=1000))
    assert time.monotonic() - begin < 8
    assert far.read(Command(("echo", "on"))) == "on\n"


def test_exactly_as_much_as_is_allowed_is_an_answer(far: SshHost) -> None:
    for size in (0, 1, 4095, 4096, 65_536):
        assert far.read(Command(("head", "-c", str(size), "/dev/zero"), max_bytes=size)) == "\0" * size
        with pytest.raises(Missing, match="printed more than"):
            far.read(Command(("head", "-c", str(size + 1), "/dev/zero"), max_bytes=size))


def test_readings_at_once_share_as_many_shells_as_sshd_allows(tmp_path: Path) -> None:
    with sshd(tmp_path, "MaxSessions 2") as strict:
        host = strict.host()
        said: list[str] = []
        ask = Command(("sh", "-c", "sleep 0.3; echo x"))
        threads = [threading.Thread(target=lambda: said.append(host.read(ask))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert said == ["x\n"] * 8
        assert sessions(strict) == 2
        host.connection.close()


def test_an_old_shell_is_replaced(server: Server, far: SshHost, monkeypatch: pytest.MonkeyPatch) -> None:
    assert far.read(Command(("echo", "a"))) == "a\n"
    monkeypatch.setattr("agent.hosts.ssh_shells.LIFETIME", 0.0)
    assert far.read(Command(("echo", "b"))) == "b\n"
    assert sessions(server) == 2


def test_where_sshd_gives_no_session_at_all_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.hosts.ssh_shells.PATIENCE", 0.3)

    def refuse() -> None:
        raise SessionRefused("sshd refused a session")

    shells = Shells(refuse)  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(Missing, match="sshd refused a session"), shells.one():
            pass
