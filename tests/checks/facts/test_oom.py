from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis.strategies import text

from checks.fact import After, Missing
from checks.facts.memory import OomKills
from checks.facts.oom import LOG, OomHistory, dated, undated
from checks.source import Command
from tests.checks.real import real

KILLED = real("debian12/proc-vmstat.txt").replace("oom_kill 0", "oom_kill 3")


def test_a_host_that_killed_nothing_never_asks_the_log() -> None:
    log = dated.sources[1]
    assert isinstance(log, After)
    assert not isinstance(log.make(OomKills(0)), Command)
    assert log.make(OomKills(1)) == LOG


def test_the_last_kill_is_dated_by_the_kernel_log() -> None:
    fact = dated(KILLED, real("linux/oom-kill.txt"))

    assert fact == OomHistory(3, datetime(2025, 11, 21, 14, 32, 56, tzinfo=UTC))


def test_without_a_log_the_kills_are_counted_but_not_dated() -> None:
    assert dated(KILLED, "") == undated(KILLED) == OomHistory(3)


def test_debian_12_that_killed_nothing() -> None:
    vmstat = real("debian12/proc-vmstat.txt")

    assert dated(vmstat, vmstat) == OomHistory(0)


def test_an_empty_vmstat_is_missing() -> None:
    with pytest.raises(Missing):
        undated("")


@given(text())
def test_no_text_breaks_it(log: str) -> None:
    with suppress(Missing):
        assert dated(KILLED, log).since_boot == 3
