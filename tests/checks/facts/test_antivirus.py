from __future__ import annotations

from datetime import timedelta

import pytest

from checks.fact import Absent, Missing
from checks.facts.antivirus import virus_scan, virus_signatures
from checks.source import FileStat, FileText
from tests.checks.real import NOW, real

SUMMARY = real("debian12/clamscan.log")


def file(path: str, *, days: float = 0, size: int = 1000) -> FileStat:
    return FileStat(path, "file", 0o644, 110, 110, size, (NOW - timedelta(days=days)).timestamp())


def test_the_daily_database_tells_the_age() -> None:
    seen = virus_signatures((
        file("/var/lib/clamav/bytecode.cvd", days=90),
        file("/var/lib/clamav/daily.cld", days=1),
        file("/var/lib/clamav/main.cvd", days=0.1),
    ))  # fmt: skip

    assert seen.updated == NOW - timedelta(days=1)


def test_an_empty_database_is_absent() -> None:
    with pytest.raises(Absent):
        virus_signatures((file("/var/lib/clamav/daily.cvd", size=0),))


def test_the_last_summary_of_the_newest_log_counts() -> None:
    logs = (
        FileText("/var/log/clamav/old-scan.log", SUMMARY.replace("Infected files: 0", "Infected files: 4")),
        FileText("/var/log/clamav/scan.log", SUMMARY.replace("Infected files: 0", "Infected files: 2") + SUMMARY),
    )
    seen = virus_scan(logs, (file(logs[0].path, days=9), file(logs[1].path, days=2)))

    assert (seen.at, seen.infected) == (NOW - timedelta(days=2), 0)


def test_a_log_without_a_summary_is_missing() -> None:
    log = FileText("/var/log/clamav/scan.log", "LibClamAV Error: cannot open\n")

    with pytest.raises(Missing):
        virus_scan((log,), (file(log.path),))
