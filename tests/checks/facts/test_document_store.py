from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text

from agent.hosts import commands
from checks.fact import Absent, After, Missing
from checks.facts.document_store import (
    DocumentFolders,
    DocumentStore,
    Store,
    document_folders,
    document_store,
    with_growth,
)
from checks.source import Command, FileStat, Samples
from tests.agent.as_nobody import as_nobody

STORE = "/home/file/file_prod"
DU = f"172032\t{STORE}\n"  # du and df of coreutils 9.1, Debian 12
DF = "   1B-blocks       Avail\n270553174016 82181033984\n"


def commands_for(path: str) -> list[Command]:
    made = []
    for source in document_store.sources:
        assert isinstance(source, After)
        command = source.make(DocumentFolders((path,)))
        assert isinstance(command, Command)
        made.append(command)
    return made


def test_bytes_and_counts_are_all_that_is_kept() -> None:
    assert document_store(DU, "...", DF) == DocumentStore((Store(STORE, 172032, 270553174016, 82181033984),), 3)


def test_no_name_of_a_document_is_printed_and_no_failure_can_tell_one(tmp_path: Path) -> None:
    (tmp_path / "paket").mkdir()
    (tmp_path / "paket/rahasia penawaran.pdf").write_text("x")
    for command in commands_for(str(tmp_path)):
        assert "rahasia" not in commands.run(command)
        assert command.ok == (0, 1)  # a reason would quote stderr


def test_a_folder_that_is_closed_makes_the_count_missing() -> None:
    with pytest.raises(Missing, match="root"):
        document_store(DU, "..!", DF)


def test_a_closed_folder_is_seen() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # not below pytest's own, which nobody may not enter
        Path(folder).chmod(0o755)
        (Path(folder) / "a").mkdir(mode=0o000)
        assert "!" in as_nobody(lambda: commands.run(commands_for(folder)[1]))


def test_paths_are_folders_or_links() -> None:
    def stat(kind: str) -> FileStat:
        return FileStat(STORE, kind, 0o755, 0, 0, 0, 0.0)

    assert document_folders((stat("link"),)).paths == (STORE,)
    with pytest.raises(Absent):
        document_folders((stat("file"),))


@pytest.mark.parametrize(("du", "df"), [("", DF), (DU, ""), (DU + DU, DF), (f"0\t{STORE}\n", DF), ("5\t/etc\n", DF)])
def test_what_makes_no_sense_is_missing(du: str, df: str) -> None:
    with pytest.raises(Missing):
        document_store(du, "", df)


@given(text(), text())
def test_no_text_breaks_it(du: str, dots: str) -> None:
    for one in (du, f"{du}\t{STORE}"):
        with suppress(Missing):
            document_store(one, dots, DF)


def test_growth_is_what_the_agent_remembers_of_each_store() -> None:
    points = tuple((1.7e9 + n * 21600, 1e6 * n) for n in range(40))
    (one,) = with_growth(DU, "...", DF, (Samples(STORE, points),)).stores
    assert one.growth is not None
    assert (one.growth.slope, one.growth.points) == (pytest.approx(4e6), 40)
    assert with_growth(DU, "...", DF, (Samples("/elsewhere", points),)) == document_store(DU, "...", DF)
