from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts import clock
from tests.checks.facts.fuzzing import TEXT, mixed


def test_the_clock_of_this_machine_is_read() -> None:
    printed = LocalHost().read(clock.CLOCK)
    assert abs((clock.moment(printed) - datetime.now(UTC)).total_seconds()) < 60
    assert clock.today(printed) == date.fromisoformat(printed.split()[1])


@given(TEXT | mixed("1795450461", " ", "2026-11-23", "2026-02-30", "\n"))
def test_what_is_no_time_is_missing(printed: str) -> None:
    try:
        assert clock.PRINTED.fullmatch(printed)
        clock.moment(printed)
    except (AssertionError, Missing):
        with pytest.raises(Missing):
            clock.moment(printed)
