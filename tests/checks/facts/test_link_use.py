from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.link_use import LinkLoad, LinkSpeed, LinkSpeeds, LinkUse, link_use
from checks.source import Samples

NOW = LinkSpeeds((LinkSpeed("docker0", True, 10000), LinkSpeed("ens1", True, 1000), LinkSpeed("ens2", False, 0)))


def counter(name: str, bits: list[float], step: int = 300) -> Samples:
    """A counter of bytes that grows by these bits a second."""
    points, total = [(1.7e9, 0.0)], 0.0
    for number, rate in enumerate(bits, 1):
        total += rate * step / 8
        points.append((1.7e9 + number * step, total))
    return Samples(name, tuple(points))


def test_the_95th_percentile_is_of_five_minute_means() -> None:
    rates = [10e6] * 270 + [700e6] * 14 + [900e6] * 4  # of 288
    found = link_use(NOW, (counter("ens1", rates),), (counter("ens1", [1e6] * 288),))
    assert found == LinkUse((LinkLoad("ens1", 1000, 700e6, 1e6, 288),))


def test_a_restart_and_a_gap_count_for_nothing() -> None:
    points = list(counter("ens1", [8e6] * 300).points)
    points = points[:100] + [(at + 7200, value) for at, value in points[100:]]  # the agent stood still
    points[200:] = [(at, value - points[200][1]) for at, value in points[200:]]  # the host was started again
    found = link_use(NOW, (Samples("ens1", tuple(points)),), (counter("ens1", [0.0] * 300),))
    assert found.links == (LinkLoad("ens1", 1000, 8e6, 0.0, 298),)


def test_virtual_and_idle_interfaces_and_young_ones_are_left_out() -> None:
    both = (counter("docker0", [1.0] * 288), counter("ens2", [1.0] * 288), counter("ens1", [1.0] * 100))
    with pytest.raises(Missing, match="not enough samples"):
        link_use(NOW, both, both)
