from __future__ import annotations

import pytest

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts.account_files import account_files
from checks.source import FileStat


def stat(name: str, mode: int = 0o644, kind: str = "file") -> FileStat:
    return FileStat(f"/etc/{name}", kind, mode, 0, 0, 1, 0.0)


def test_this_host_shows_its_account_files_without_root() -> None:
    host = LocalHost()
    found = account_files(*[host.read(source) for source in account_files.sources])

    assert "/etc/shadow" in {file.path for file in found.files}


def test_a_shadow_file_that_is_a_link_is_missing() -> None:
    with pytest.raises(Missing):
        account_files((stat("passwd"), stat("shadow", kind="link"), stat("group")), "root:x:0:\n")
