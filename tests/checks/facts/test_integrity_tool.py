from __future__ import annotations

from datetime import timedelta

import pytest

from checks.fact import Absent
from checks.facts.integrity_tool import integrity_run, integrity_tool
from checks.source import FileStat
from tests.checks.real import NOW


def file(path: str, *, days: float = 0, size: int = 1000) -> FileStat:
    return FileStat(path, "file", 0o600, 0, 0, size, (NOW - timedelta(days=days)).timestamp())


PASSWD, AIDE = file("/etc/passwd"), file("/usr/bin/aide")


@pytest.mark.parametrize("name", ["aide.db", "aide.db.gz"])
def test_aide_with_its_baseline(name: str) -> None:
    seen = integrity_tool((PASSWD, AIDE, file(f"/var/lib/aide/{name}", days=30)))

    assert (seen.name, seen.baseline) == ("AIDE", NOW - timedelta(days=30))


@pytest.mark.parametrize("path", ["/var/lib/aide/aide.db.new", "/var/lib/aide/aide.db.new.gz"])
def test_a_baseline_that_was_not_put_in_place_is_none(path: str) -> None:
    assert integrity_tool((PASSWD, AIDE, file(path))).baseline is None
    assert integrity_tool((PASSWD, AIDE, file("/var/lib/aide/aide.db", size=0))).baseline is None


def test_wazuh_counts_too() -> None:
    seen = integrity_tool((PASSWD, file("/var/ossec/bin/wazuh-syscheckd"), file("/var/ossec/queue/fim/db/fim.db")))

    assert seen.name == "Wazuh"
    assert seen.baseline is not None


def test_no_tool_is_absent() -> None:
    with pytest.raises(Absent):
        integrity_tool((PASSWD, file("/var/lib/aide/aide.db")))


def test_the_newest_report_counts_and_an_empty_one_does_not() -> None:
    reports = (file("/var/log/aide/aide.log", days=1), file("/var/log/aide/aide.log.1", days=2))

    assert integrity_run(reports).at == NOW - timedelta(days=1)
    with pytest.raises(Absent):
        integrity_run((file("/var/log/aide/aide.log", size=0),))
