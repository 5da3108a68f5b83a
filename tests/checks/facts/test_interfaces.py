from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis.strategies import text

from checks.fact import Absent, Missing
from checks.facts.interfaces import Interface, Interfaces, interfaces
from tests.checks.real import real


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("debian12/proc-net-dev.txt", ["eth0"]),
        ("linux/proc-net-dev-ubuntu.txt", ["ens33"]),
        ("linux/proc-net-dev-docker.txt", ["eth0", "wlan0"]),
    ],
)
def test_only_interfaces_that_leave_the_host_count(name: str, seen: list[str]) -> None:
    assert [one.name for one in interfaces(real(name)).interfaces] == seen


def test_both_directions_are_added() -> None:
    text = real("linux/proc-net-dev-ubuntu.txt").replace("109378    0    0", "109378    5    7")

    (one,) = interfaces(text).interfaces
    assert one == Interface("ens33", 230803, 5, 7, one.received, one.sent)


def test_bytes_are_counted_each_way() -> None:
    (one,) = interfaces(real("linux/proc-net-dev-ubuntu.txt")).interfaces
    line = next(line for line in real("linux/proc-net-dev-ubuntu.txt").splitlines() if "ens33" in line).split()
    assert (one.received, one.sent) == (int(line[1]), int(line[9]))


def test_a_host_with_loopback_only_is_absent() -> None:
    text = "\n".join(real("debian12/proc-net-dev.txt").splitlines()[:3])
    with pytest.raises(Absent):
        interfaces(text)


@given(text())
def test_no_text_breaks_it(said: str) -> None:
    for printed in (said, f"packets\n{said}", f"packets\neth0:{said}"):
        with suppress(Missing, Absent):
            assert isinstance(interfaces(printed), Interfaces)


def test_an_empty_file_is_missing() -> None:
    with pytest.raises(Missing):
        interfaces("")
