from __future__ import annotations

import pytest

from agent.hosts import usage
from checks.fact import Absent
from checks.facts.sensors import Sensors


def test_a_machine_says_its_temperatures_and_a_virtual_one_says_it_has_none() -> None:
    try:
        reading = usage.read(Sensors)
    except Absent:
        return
    assert isinstance(reading, Sensors)
    assert all(0 < one.current < 120 for one in reading.temperatures)


@pytest.mark.parametrize(("said", "kept"), [(65261.85, None), (0.0, None), (None, None), (100.0, 100.0)])
def test_limits_that_no_maker_meant_are_left_out(said: float | None, kept: float | None) -> None:
    assert usage._limit(said) == kept
