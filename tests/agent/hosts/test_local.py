from __future__ import annotations

import threading
from pathlib import Path

import pytest

from agent.hosts.base import Host
from agent.hosts.files import Files
from agent.hosts.local import LocalHost
from checks.fact import Absent, After, Missing
from checks.facts.memory import Memory
from checks.source import Answer, Command, File, Glob, Http, Source, Sql, Stat, Usage
from checks.text import words
from tests.agent.hosts.conformance import Conformance
from tests.spse_stand_in import spse


class TestThisMachine(Conformance):
    """The laws of every host, on this very machine."""

    @pytest.fixture
    def host(self) -> Host:
        return LocalHost()

    def path(self, folder: Path, name: str) -> str:
        return str(folder / name)


class TestATreeBelowARoot(Conformance):
    """The same laws, on a mounted image."""

    @pytest.fixture
    def host(self, tmp_path: Path) -> Host:
        return LocalHost(str(tmp_path))

    def path(self, folder: Path, name: str) -> str:
        return f"/{name}"


@pytest.mark.parametrize(
    "source",
    [
        Command(("id",)), Command(("id",), is_the_thing=True), Command(("pantau-no-such",), is_the_thing=True),
        Usage(Memory), Http("http://127.0.0.1:1/"), Sql("SELECT 1"),
    ],
    ids=lambda source: type(source).__name__,
)  # fmt: skip
def test_below_a_root_nothing_asks_the_running_system(tmp_path: Path, source: Source[object]) -> None:
    with pytest.raises(Missing) as error:
        LocalHost(str(tmp_path)).read(source)
    assert f"not read below {tmp_path}" in words(error.value.reason, "en")
    assert f"tidak dibaca di bawah {tmp_path}" in words(error.value.reason, "id")


def test_this_machine_answers_commands_usage_and_http() -> None:
    host = LocalHost()
    assert host.read(Command(("echo", "salam"))) == "salam\n"
    memory = host.read(Usage(Memory))
    assert isinstance(memory, Memory)
    with spse() as server:
        answer = host.read(Http(f"http://127.0.0.1:{server.port}/eproc4"))
    assert isinstance(answer, Answer)


def test_a_database_that_does_not_answer_is_missing_in_postgresqls_own_words() -> None:
    with pytest.raises(Missing, match=r"^PostgreSQL: ") as error:
        LocalHost().read(Sql("SELECT 1", database="host=/nowhere"))
    assert "runuser" not in words(error.value.reason, "en")


def test_a_source_that_depends_on_a_fact_is_for_the_survey_to_resolve() -> None:
    with pytest.raises(TypeError, match="must be resolved by the survey"):
        LocalHost().read(After(Memory, "file {x}", lambda memory: File("/x")))


def test_a_source_no_host_knows_is_missing() -> None:
    class Smell(Source[str]):
        def describe(self) -> str:
            return "smell"

    with pytest.raises(Missing, match="cannot read smell"):
        LocalHost().read(Smell())


def test_a_file_on_a_dead_mount_is_missing_in_time_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, real = threading.Event(), Files.text

    def held(self: Files, source: File) -> str:
        if source.path == "/backup/x":
            release.wait(30)  # what an NFS server that went away does to open(2)
        return real(self, source)

    monkeypatch.setattr(Files, "text", held)
    (tmp_path / "ok").write_text("ok")
    host = LocalHost(str(tmp_path))
    with pytest.raises(Missing, match=r"file /backup/x: could not be read within 0\.2 s"):
        host.read(File("/backup/x", timeout=0.2))
    assert host.read(File("/ok")) == "ok"
    release.set()


def test_stats_and_texts_are_read_through_the_same_root(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("a")
    host = LocalHost(str(tmp_path))
    assert host.read(Glob("/*.conf"))[0].path == "/a.conf"
    assert host.read(Stat(("/*.conf",)))[0].path == "/a.conf"
    with pytest.raises(Absent):
        host.read(Stat(("/etc/passwd",)))
