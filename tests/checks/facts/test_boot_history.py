from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis.strategies import text

from checks.fact import Missing
from checks.facts.boot_history import BootHistory, counted, recorded
from tests.checks.real import real


def test_a_reboot_by_command_is_clean_and_the_oldest_is_not_known() -> None:
    history = recorded(real("debian12/last-clean-reboot.txt"))

    assert [start.clean for start in history.starts] == [True, None]


def test_a_killed_system_came_up_without_a_shutdown() -> None:
    history = recorded(real("debian12/last-crash.txt"))

    assert [start.clean for start in history.starts] == [False, True, None]
    assert history.starts[0].at == datetime(2026, 11, 23, 9, 1, 3, tzinfo=UTC)


def test_a_desktop_that_froze_in_2023() -> None:
    assert [start.clean for start in recorded(real("debian12/last-2456.txt")).starts] == [False, True]


def test_without_wtmp_the_start_is_known_but_not_why() -> None:
    history = counted("cpu  1 2 3\nbtime 1795424400\nprocesses 5\n")

    assert [(start.at.year, start.clean) for start in history.starts] == [(2026, None)]


@pytest.mark.parametrize("parser", [recorded, counted])
def test_nothing_is_missing(parser: object) -> None:
    with pytest.raises(Missing):
        parser("")  # type: ignore[operator]


@given(text())
def test_no_text_breaks_it(said: str) -> None:
    for printed in (said, f"reboot system boot {said}", f"btime {said}"):
        for parser in (recorded, counted):
            with suppress(Missing):
                assert isinstance(parser(printed), BootHistory)
