from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis.strategies import text

from checks.fact import Missing
from checks.facts.boot_history import BootHistory, counted, recorded, recorded_on_el_7
from checks.facts.processes import Process, ProcessTable
from tests.checks.real import real

NOBODY = ProcessTable(())


def first(started: float) -> ProcessTable:
    return ProcessTable((Process(1, 0, "systemd", "root", "", False, (), started),))


def test_a_container_began_when_its_process_1_did() -> None:
    text = "btime 1795424400\n"

    container, machine = counted(text, first(1795424400 + 7200.4)), counted(text, first(1795424400.0))
    assert container.starts[0].at == container.began == datetime.fromtimestamp(1795424400 + 7200, UTC)
    assert machine.starts[0].at == machine.began == datetime.fromtimestamp(1795424400, UTC)
    assert counted(text, NOBODY).began is None
    assert recorded(real("debian12/last-crash.txt"), first(1795424400.0)).began == machine.began


def test_a_reboot_by_command_is_clean_and_the_oldest_is_not_known() -> None:
    history = recorded(real("debian12/last-clean-reboot.txt"), NOBODY)

    assert [start.clean for start in history.starts] == [True, None]


def test_a_killed_system_came_up_without_a_shutdown() -> None:
    history = recorded(real("debian12/last-crash.txt"), NOBODY)

    assert [start.clean for start in history.starts] == [False, True, None]
    assert history.starts[0].at == datetime(2026, 11, 23, 9, 1, 3, tzinfo=UTC)


def test_a_desktop_that_froze_in_2023() -> None:
    assert [start.clean for start in recorded(real("debian12/last-2456.txt"), NOBODY).starts] == [False, True]


def test_without_wtmp_the_start_is_known_but_not_why() -> None:
    history = counted("cpu  1 2 3\nbtime 1795424400\nprocesses 5\n", NOBODY)

    assert [(start.at.year, start.clean) for start in history.starts] == [(2026, None)]


@pytest.mark.parametrize("parser", [recorded, counted])
def test_nothing_is_missing(parser: object) -> None:
    with pytest.raises(Missing):
        parser("", NOBODY)  # type: ignore[operator]


@given(text())
def test_no_text_breaks_it(said: str) -> None:
    for printed in (said, f"reboot system boot {said}", f"btime {said}"):
        for parser in (recorded, counted):
            with suppress(Missing):
                assert isinstance(parser(printed, NOBODY), BootHistory)


def test_zones_without_a_colon_are_read_too() -> None:
    found = recorded(real("ubuntu1804/last-reboot-iso.txt"), NOBODY)

    assert [start.at for start in found.starts] == [
        datetime(2022, 5, 27, 4, 51, 43, tzinfo=UTC), datetime(2022, 4, 4, 7, 49, 9, tzinfo=UTC),
    ]  # fmt: skip
    assert [start.clean for start in found.starts] == [False, None]


def test_a_centos_7_whose_last_tells_no_zone_is_not_guessed_at() -> None:
    with pytest.raises(Missing):
        recorded(real("el7/last-wF.txt"), NOBODY)


def test_starts_of_a_centos_7_are_dated_in_the_zone_of_its_clock() -> None:
    lines = [line for line in real("el7/last-wF.txt").splitlines() if not line.startswith("kbrazil")]
    starts = recorded_on_el_7("\n".join(lines), "2021-01-05T15:00:00-0800", NOBODY).starts

    assert [start.at for start in starts[:2]] == [
        datetime(2021, 1, 5, 22, 28, 28, tzinfo=UTC), datetime(2021, 1, 4, 20, 11, 44, tzinfo=UTC),
    ]  # fmt: skip
    assert [start.clean for start in starts] == [False, False, None]
