from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import text

from agent.hosts import commands
from checks.fact import Absent, After, Missing
from checks.facts.document_store import (
    DATED,
    DocumentFolders,
    DocumentStore,
    Store,
    document_folders,
    document_store,
    sizes,
    with_growth,
    with_growth_by_dates,
)
from checks.source import Command, FileStat, Samples
from checks.trend import DAY
from tests.agent.as_nobody import as_nobody

STORE = "/home/file/file_prod"
TODAY = date(2026, 11, 23)
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
    (one,) = with_growth(DF, (Samples(STORE, points),), DU, "...").stores
    assert one.growth is not None
    assert (one.growth.slope, one.growth.points) == (pytest.approx(4e6), 40)
    assert one.basis == "samples"
    assert with_growth(DF, (Samples("/elsewhere", points),), DU, "...") == document_store(DU, "...", DF)


def written(folder: Path, name: str, size: int, days: float) -> None:
    """A document of `size` bytes that was last written so many days ago."""
    path = folder / name
    path.write_bytes(os.urandom(size))
    at = time.time() - days * DAY
    os.utime(path, (at, at))


def by_dates(folder: Path) -> Store:
    """What the real commands tell of a store at `folder`, as if it lay where a store lies."""
    df, du, dates, clock = with_growth_by_dates.sources
    printed = []
    for source in (df, du, dates):
        assert isinstance(source, After)
        command = source.make(DocumentFolders((str(folder),)))
        assert isinstance(command, Command)
        printed.append(commands.run(command).replace(str(folder), STORE))
    assert isinstance(clock, Command)
    (one,) = with_growth_by_dates(*printed, commands.run(clock)).stores
    return one


def test_on_a_new_agent_growth_is_told_by_the_days_on_which_documents_were_written(tmp_path: Path) -> None:
    (tmp_path / "paket").mkdir()
    written(tmp_path, "rahasia lama.pdf", 8 << 20, 400)
    for day in range(89):
        written(tmp_path / "paket", f"penawaran {day}.pdf", 64 << 10, day)
    one = by_dates(tmp_path)

    assert one.growth is not None
    assert (one.basis, one.growth.points) == ("files", 91)
    assert one.growth.low > 0
    assert one.growth.slope == pytest.approx(64 << 10, rel=0.02)


def test_a_store_that_was_filled_in_one_day_has_no_growth(tmp_path: Path) -> None:
    for number in range(20):
        written(tmp_path, f"{number}.pdf", 64 << 10, 3)
    assert (by_dates(tmp_path).growth, by_dates(tmp_path).basis) == (None, "samples")


def test_a_store_to_which_nothing_was_added_for_months_stands_still(tmp_path: Path) -> None:
    written(tmp_path, "a.pdf", 1 << 20, 200)
    growth = by_dates(tmp_path).growth
    assert growth is not None
    assert (growth.slope, growth.grows) == (0.0, False)


def test_dates_to_come_are_those_of_a_wrong_clock(tmp_path: Path) -> None:
    written(tmp_path, "a.pdf", 1 << 20, 200)
    written(tmp_path, "b.pdf", 1 << 20, -30)
    growth = by_dates(tmp_path).growth
    assert growth is not None
    assert growth.slope == 0.0


def test_blocks_and_days_are_all_that_is_printed_of_a_document(tmp_path: Path) -> None:
    written(tmp_path, "rahasia 12 2026-01-01.pdf", 4096, 1)
    (tmp_path / "x\n9 2026-01-01 \n").write_text("x")
    source = with_growth_by_dates.sources[2]
    assert isinstance(source, After)
    command = source.make(DocumentFolders((str(tmp_path),)))
    assert isinstance(command, Command)
    rows = DATED.findall(printed := commands.run(command))
    assert (len(rows), DATED.sub("", printed)) == (2, "")
    assert {path for _, _, path in rows} == {str(tmp_path)}


@pytest.mark.parametrize(
    "dates", ["8 2026-02-30 /home/file/file_prod\n", "8 2026-02-03 /etc\n", "8 2026-02-03", "x", "!"]
)
def test_dates_that_make_no_sense_are_missing(dates: str) -> None:
    with pytest.raises(Missing):
        with_growth_by_dates(DF, DU, dates, "1795450461 2026-11-23\n")


@given(
    st.integers(1, 10**15),
    st.dictionaries(st.dates(TODAY - timedelta(120), TODAY + timedelta(9)), st.integers(0, 10**13), max_size=40),
)
def test_sizes_go_back_from_what_there_is_and_never_fall(used: int, added: dict[date, int]) -> None:
    points = sizes(used, added, TODAY)
    recent = {on: size for on, size in added.items() if TODAY - timedelta(90) < on <= TODAY}

    assert [at for at, _ in points] == sorted({at for at, _ in points})
    assert [size for _, size in points] == sorted(size for _, size in points)
    assert len(points) <= 91
    if sum(recent.values()) > used:
        assert points == []
    else:
        assert points[-1] == (TODAY.toordinal() * DAY, used)
        assert points[0][1] >= used - sum(recent.values()) >= 0
