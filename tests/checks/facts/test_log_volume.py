from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts import commands
from agent.hosts.local import LocalHost
from checks.fact import Absent, After, Missing
from checks.facts.log_volume import LogFolder, LogFolders, LogVolume, at_present, log_folders, with_growth
from checks.source import Command, FileStat, Samples
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.facts.here import read

DU = "933888\t/var/log\n4096\t/home/appserv/spse/webapp/logs\n"  # coreutils 9.1, Debian 12
DF = "      Avail File\n80106246144 /var/log\n  500 /home/appserv/spse/webapp/logs\n"


def test_folders_of_logs_with_plain_names_are_found(tmp_path: Path) -> None:
    for folder in ("var/log", "home/appserv/spse/webapp/logs", "home/appserv/a b/webapp/logs"):
        (tmp_path / folder).mkdir(parents=True)
    host = LocalHost(str(tmp_path))
    found = log_folders(*[host.read(source) for source in log_folders.sources])
    assert found.paths == ("/var/log", "/home/appserv/spse/webapp/logs")
    with pytest.raises(Absent):
        log_folders((FileStat("/var/log", "file", 0, 0, 0, 0, 0.0),))


def test_sizes_and_room_are_read_folder_by_folder() -> None:
    assert at_present(DU, DF) == LogVolume(
        (LogFolder("/var/log", 933888, 80106246144), LogFolder("/home/appserv/spse/webapp/logs", 4096, 500))
    )


def test_what_lies_within_another_folder_is_counted_once(tmp_path: Path) -> None:
    (tmp_path / "log/spse").mkdir(parents=True)
    (tmp_path / "logs").symlink_to(tmp_path / "log/spse")
    paths = (str(tmp_path / "log"), str(tmp_path / "logs"))
    printed = []
    for source in at_present.sources:
        assert isinstance(source, After)
        command = source.make(LogFolders(paths))
        assert isinstance(command, Command)
        printed.append(commands.run(command))
    assert [one.path for one in at_present(*printed).folders] == [paths[0]]


def test_growth_is_what_the_agent_remembers() -> None:
    points = tuple((1.7e9 + n * 21600, 1e6 * n) for n in range(40))
    first, second = with_growth(DU, DF, (Samples("/var/log", points),)).folders
    assert first.growth is not None
    assert first.growth.slope == pytest.approx(4e6)
    assert second.growth is None


def test_this_machine_has_logs() -> None:
    assert "/var/log" in [one.path for one in read(LogVolume).folders]


@given(mixed("1\t/var/log\n", "5", "\t", "/"), mixed("1 /var/log\n", " ", "7 /"))
def test_no_text_breaks_it(du: str, df: str) -> None:
    gives_or_says_why(at_present, du, df)


@pytest.mark.parametrize(("du", "df"), [("", DF), (DU, ""), ("x", "y")])
def test_what_makes_no_sense_is_missing(du: str, df: str) -> None:
    with pytest.raises(Missing):
        at_present(du, df)
