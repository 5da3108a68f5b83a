from __future__ import annotations

from datetime import timedelta

import pytest

from checks.fact import Missing
from checks.facts.config_changes import MOST, config_changes
from checks.source import FileStat
from tests.checks.real import NOW


def file(path: str, days: float, kind: str = "file") -> FileStat:
    return FileStat(path, kind, 0o644, 0, 0, 10, (NOW - timedelta(days=days)).timestamp())


def test_the_newest_come_first_and_folders_do_not_count() -> None:
    seen = config_changes((
        file("/etc/ssh/sshd_config", 40), file("/etc/nginx/nginx.conf", 2), file("/etc/nginx/conf.d", 0, "directory"),
    ))  # fmt: skip

    assert seen.watched == 2
    assert [one.path for one in seen.newest] == ["/etc/nginx/nginx.conf", "/etc/ssh/sshd_config"]


def test_the_list_is_bounded_and_says_how_many_there_are() -> None:
    seen = config_changes(tuple(file(f"/etc/nginx/{number}", number) for number in range(50)))

    assert (seen.watched, len(seen.newest)) == (50, MOST)


def test_only_folders_is_missing() -> None:
    with pytest.raises(Missing):
        config_changes((file("/etc/nginx/conf.d", 0, "directory"),))
