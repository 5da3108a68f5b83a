from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks.fact import Missing
from checks.facts.log_files import log_access, log_retention, log_retention_without_root
from checks.source import FileStat
from tests.checks.real import NOW


def file(path: str, *, days: float = 0, mode: int = 0o640, kind: str = "file", size: int = 100) -> FileStat:
    return FileStat(path, kind, mode, 0, 4, size, (NOW - timedelta(days=days)).timestamp())


def test_the_oldest_of_each_kind_counts() -> None:
    logs = (file("/var/log/syslog"), file("/var/log/syslog.4.gz", days=28), file("/var/log/auth.log.2.gz", days=14))
    others = (file("/var/log/nginx/access.log.9.gz", days=9), file("/etc/machine-id", days=300))
    seen = log_retention(logs, others)

    assert seen.system == NOW - timedelta(days=28)
    assert seen.web == NOW - timedelta(days=9)
    assert seen.installed == NOW - timedelta(days=300)


def test_empty_files_do_not_prove_that_logs_are_kept() -> None:
    old_but_empty = (file("/var/log/syslog.9.gz", days=400, size=0),)

    with pytest.raises(Missing):
        log_retention(old_but_empty, ())
    with pytest.raises(Missing):
        log_retention_without_root(old_but_empty)


def test_an_impossible_date_is_missing() -> None:
    with pytest.raises(Missing):
        log_retention_without_root((FileStat("/var/log/syslog", "file", 0o640, 0, 0, 1, 1e30),))


def test_open_files_are_named() -> None:
    seen = log_access((
        file("/var/log", mode=0o755, kind="directory"),
        file("/var/log/auth.log", mode=0o644),
        file("/var/log/syslog", mode=0o640),
        file("/var/log/app.log", mode=0o666),
        file("/home/appserv/spse/webapp/logs/spse4.3.log", mode=0o644),
    ))  # fmt: skip

    assert seen.files == 4
    assert seen.readable_paths == (
        "/home/appserv/spse/webapp/logs/spse4.3.log",
        "/var/log/app.log",
        "/var/log/auth.log",
    )
    assert seen.writable_paths == ("/var/log/app.log",)


def test_a_file_in_a_closed_folder_is_closed() -> None:
    seen = log_access((
        file("/var/log", mode=0o755, kind="directory"),
        file("/var/log/apache2", mode=0o750, kind="directory"),
        file("/var/log/apache2/access.log", mode=0o644),
    ))  # fmt: skip

    assert seen.readable == 0


def test_no_log_at_all_is_missing() -> None:
    with pytest.raises(Missing):
        log_access((file("/var/log", mode=0o755, kind="directory"),))


def test_dates_are_aware() -> None:
    seen = log_retention_without_root((file("/var/log/syslog"),)).system

    assert isinstance(seen, datetime)
    assert seen.tzinfo is UTC
