from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks.fact import Missing
from checks.facts.link_use import LinkLoad, LinkSpeed, LinkSpeeds, LinkUse, link_use, link_use_by_sysstat
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


END = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HEADER = "# hostname;interval;timestamp;IFACE;rxpck/s;txpck/s;rxkB/s;txkB/s;rxcmp/s;txcmp/s;rxmcst/s;%ifutil\n"


def archived(name: str, rates: list[float], seconds: int = 600) -> str:
    """What sadf prints of an interface that received so many kB/s until `END`."""
    rows = []
    for number, rate in enumerate(reversed(rates)):
        at = END - timedelta(seconds=number * seconds)
        rows.append(f"vm;{seconds};{at:%Y-%m-%d %H:%M:%S} UTC;{name};1.00;1.00;{rate:.2f};1.00;0.00;0.00;0.00;0.00\n")
    return HEADER + "".join(reversed(rows))


def test_on_a_new_agent_sysstat_tells_what_interfaces_carried() -> None:
    printed = archived("ens1", [1000.0] * 380 + [5000.0] * 20) + archived("docker0", [9.0] * 400)
    found = link_use_by_sysstat(NOW, printed, f"{END.timestamp() + 60:.0f} 2026-11-23\n")

    assert found == LinkUse((LinkLoad("ens1", 1000, 8192e3, 8192.0, 400, "sysstat"),))


@pytest.mark.parametrize(
    "text",
    ["", HEADER, archived("ens1", [1.0] * 199), archived("ens1", [1.0] * 400, 5), archived("ens1", [1.0] * 400, 3600)],
)
def test_archives_of_a_few_hours_or_of_other_intervals_are_missing(text: str) -> None:
    with pytest.raises(Missing):
        link_use_by_sysstat(NOW, text, f"{END.timestamp() + 60:.0f} 2026-11-23\n")


def test_what_is_older_than_a_week_is_left_out() -> None:
    printed = archived("ens1", [9999.0] * 500 + [1.0] * 1000)
    (link,) = link_use_by_sysstat(NOW, printed, f"{END.timestamp() + 60:.0f} 2026-11-23\n").links
    assert (link.rates, link.received) == (1008, 8192.0)
