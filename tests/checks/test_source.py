from __future__ import annotations

import dataclasses

import pytest

from checks.facts.boot import Boot
from checks.source import (
    MEBIBYTE,
    Answer,
    Command,
    File,
    FileStat,
    FileText,
    Glob,
    History,
    Http,
    Source,
    Sql,
    Stat,
    Usage,
)

EACH: list[tuple[Source[object], str]] = [
    (File("/etc/passwd"), "file /etc/passwd"),
    (Glob("/etc/pam.d/*"), "files /etc/pam.d/*"),
    (Stat(("/etc/shadow", "/etc/ssh/*")), "stat /etc/shadow /etc/ssh/*"),
    (Command(("sshd", "-T")), "command sshd -T"),
    (Sql("SELECT\n   1", database="epns_prod"), "sql (epns_prod) SELECT 1"),
    (Http("http://127.0.0.1/", method="HEAD"), "http HEAD http://127.0.0.1/"),
    (Usage(Boot), "system Boot"),
    (History(Boot, "at", lambda boot: {"": boot.at.timestamp()}), "own history of Boot.at, 30 days"),
]


@pytest.mark.parametrize(("source", "line"), EACH, ids=lambda one: type(one).__name__)
def test_every_source_can_be_printed_in_one_line(source: Source[object], line: str) -> None:
    assert source.describe() == line


def test_a_new_kind_of_source_must_say_what_it_reads() -> None:
    with pytest.raises(NotImplementedError):
        Source[str]().describe()


@pytest.mark.parametrize("source", [source for source, _ in EACH], ids=lambda one: type(one).__name__)
def test_a_source_is_data_that_cannot_be_changed(source: Source[object]) -> None:
    assert dataclasses.replace(source) == source  # type: ignore[type-var]
    assert hash(dataclasses.replace(source)) == hash(source)  # type: ignore[type-var]
    with pytest.raises(dataclasses.FrozenInstanceError):
        source.timeout = 1.0  # type: ignore[misc]


@pytest.mark.parametrize("source", [source for source, _ in EACH], ids=lambda one: type(one).__name__)
def test_every_source_is_bounded_in_time_and_size(source: Source[object]) -> None:
    assert 0 < source.timeout <= 10
    assert 0 < source.max_bytes <= MEBIBYTE


def test_limits_may_be_said() -> None:
    assert Command(("du", "-s", "/"), timeout=120.0, heavy=True).timeout == 120
    assert File("/proc/1/mounts", max_bytes=10).max_bytes == 10


def test_a_command_counts_only_success_as_an_answer_unless_it_says_otherwise() -> None:
    assert Command(("true",)).ok == (0,)
    assert not Command(("true",)).is_the_thing
    assert not Command(("true",)).heavy


def test_sources_of_other_limits_are_other_sources() -> None:
    assert File("/etc/passwd") == File("/etc/passwd")
    assert File("/etc/passwd") != File("/etc/passwd", timeout=1.0)


def test_readings_are_data_too() -> None:
    for reading in (
        FileText("/a", "b"), FileStat("/a", "file", 0o644, 0, 0, 1, 0.0), Answer(200, {"server": "nginx"}, ""),
    ):  # fmt: skip
        assert dataclasses.replace(reading) == reading
