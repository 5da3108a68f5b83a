from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checks.fact import Missing
from checks.facts.file_dates import changed, newest, oldest
from checks.source import FileStat


def file(modified: float) -> FileStat:
    return FileStat("/var/log/syslog", "file", 0o640, 0, 4, 1, modified)


def test_dates_are_aware_and_of_no_file_there_is_none() -> None:
    assert changed(file(0.0)) == datetime(1970, 1, 1, tzinfo=UTC)
    assert newest((file(0.0), file(60.0))) == changed(file(60.0))
    assert oldest((file(0.0), file(60.0))) == changed(file(0.0))
    assert newest(()) is oldest(()) is None


@pytest.mark.parametrize("modified", [1e30, float("nan"), float("inf")])
def test_a_date_that_is_none_is_missing(modified: float) -> None:
    with pytest.raises(Missing):
        changed(file(modified))
