from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts import world_writable as module
from checks.facts.world_writable import WebPaths, find, web_paths, world_writable
from checks.source import Command, FileStat
from tests.checks.facts.fuzzing import gives_or_says_why, mixed


def test_find_counts_what_everybody_may_write_and_never_names_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, documents = tmp_path / "appserv", tmp_path / "file"
    for name in ("appserv/spse/conf", "file/file_prod/secret-tender", "appserv/spse/sticky"):
        (tmp_path / name).mkdir(parents=True)
    for name, mode in (
        ("appserv/spse/conf/application.conf", 0o666),
        ("appserv/spse/conf/other.conf", 0o644),
        ("file/file_prod/secret-tender/offer-of-company-x.rhs", 0o666),
    ):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(mode)
    (tmp_path / "appserv/spse/sticky").chmod(0o1777)
    (tmp_path / "file/file_prod/secret-tender").chmod(0o777)
    monkeypatch.setattr(module, "DOCUMENTS", (str(documents),))

    source = find(WebPaths((str(application), str(documents))))
    printed = LocalHost().read(source)
    found = world_writable(printed)

    assert isinstance(source, Command)
    assert (found.files, found.directories) == (2, 1)
    assert found.where == (f"{application}/spse/conf", str(documents))
    assert "secret" not in printed
    assert "offer" not in printed


def test_a_clean_host_shows_where_it_looked() -> None:
    found = world_writable("s /home/appserv\ns /home/file\n")

    assert (found.files, found.directories) == (0, 0)
    assert found.paths == ("/home/appserv", "/home/file")


def test_find_that_reached_nothing_is_missing() -> None:
    with pytest.raises(Missing):
        world_writable("")


def test_only_directories_are_walked() -> None:
    found = web_paths(
        (FileStat("/home/file", "link", 0o777, 0, 0, 1, 0.0), FileStat("/var/www", "file", 0o644, 0, 0, 1, 0.0))
    )

    assert found.paths == ("/home/file",)


@given(mixed("s ", "f ", "d ", "/home/file", "\n"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(world_writable, text)
