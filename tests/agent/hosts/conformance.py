"""What every kind of host must do alike: derive from `Conformance`, and give it a host and its way to name a path."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from agent.hosts.base import Host
from checks.fact import Absent, Missing, Unread
from checks.source import Command, File, Glob, Http, Source, Sql, Stat


class Conformance:
    """`host` is the host under test; `path` says how it calls a file of `tmp_path`."""

    @pytest.fixture
    def host(self, tmp_path: Path) -> Host:
        raise NotImplementedError

    def path(self, folder: Path, name: str) -> str:
        raise NotImplementedError

    def test_a_file_is_its_text(self, host: Host, tmp_path: Path) -> None:
        (tmp_path / "motd").write_bytes(b"salam\xff\n")
        assert host.read(File(self.path(tmp_path, "motd"))) == "salam�\n"

    def test_no_such_file_is_absent(self, host: Host, tmp_path: Path) -> None:
        with pytest.raises(Absent):
            host.read(File(self.path(tmp_path, "nothing")))

    def test_what_is_no_regular_file_is_missing(self, host: Host, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "fifo")
        for name in ("fifo", ""):
            with pytest.raises(Missing):
                host.read(File(self.path(tmp_path, name)))

    def test_more_than_max_bytes_is_missing(self, host: Host, tmp_path: Path) -> None:
        (tmp_path / "log").write_text("x" * 101)
        with pytest.raises(Missing):
            host.read(File(self.path(tmp_path, "log"), max_bytes=100))

    def test_a_pattern_is_its_files_in_order(self, host: Host, tmp_path: Path) -> None:
        for name in ("b.conf", "a.conf", "c.txt"):
            (tmp_path / name).write_text(name)
        found = host.read(Glob(self.path(tmp_path, "*.conf")))
        assert [(one.path, one.text) for one in found] == [
            (self.path(tmp_path, name), name) for name in ("a.conf", "b.conf")
        ]

    def test_a_pattern_without_files_is_empty_and_stat_of_nothing_is_absent(self, host: Host, tmp_path: Path) -> None:
        assert host.read(Glob(self.path(tmp_path, "*.conf"))) == ()
        with pytest.raises(Absent):
            host.read(Glob(self.path(tmp_path, "*.conf"), may_be_empty=False))
        with pytest.raises(Absent):
            host.read(Stat((self.path(tmp_path, "*.conf"),)))

    def test_stat_says_mode_and_size(self, host: Host, tmp_path: Path) -> None:
        (tmp_path / "key").write_text("12345")
        (tmp_path / "key").chmod(0o640)
        (seen,) = host.read(Stat((self.path(tmp_path, "key"),)))
        assert (seen.kind, seen.mode, seen.size) == ("file", 0o640, 5)

    @pytest.mark.parametrize(
        "source",
        [
            File("/\0"), Glob("/\0/*"), Stat(("/\0",)), Command(("pantau-no-such", "\0")), Command(("true", "\0")),
            Http("http://[::1"), Http("http://127.0.0.1:1/\n"), Sql("SELECT '\0'"), File("/" + "x" * 5000),
        ],
        ids=repr,
    )  # fmt: skip
    def test_nothing_but_missing_and_absent_leaves_a_host(self, host: Host, source: Source[object]) -> None:
        with contextlib.suppress(Unread):
            host.read(source)
