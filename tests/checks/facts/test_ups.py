from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis.strategies import text

from checks.fact import Absent, After, Missing
from checks.facts.ups import Ups, UpsNames, apcupsd, nut, ups_names
from checks.source import Command
from tests.checks.real import real


def test_nut_on_debian_12_with_its_simulated_ups() -> None:
    assert ups_names(real("debian12/upsc-l.txt")) == UpsNames(("ups1",))
    assert nut(real("debian12/upsc-dummy-ups.txt")) == Ups("Dummy UPS", ("OL",), 100.0, 1800.0)


def test_nut_with_a_real_apc() -> None:
    assert nut(real("linux/upsc-apc.txt")) == Ups("Back-UPS RS 1000MS", ("OL", "CHRG"), 96.0, 2076.0)


def test_the_first_ups_is_asked_for_on_this_host_only() -> None:
    source = nut.sources[0]
    assert isinstance(source, After)
    asked = source.make(UpsNames(("a", "b")))
    assert isinstance(asked, Command)
    assert asked.argv == ("upsc", "a@localhost")


def test_a_device_that_says_runtime_0_on_line_does_not_say_its_runtime() -> None:
    printed = real("linux/upsc-apc.txt").replace("battery.runtime: 2076", "battery.runtime: 0")

    assert nut(printed).runtime is None


def test_apcupsd_speaks_minutes() -> None:
    printed = real("linux/apcaccess.txt")

    assert apcupsd(printed) == Ups("Back-UPS RS 1500MS2", ("OL",), 100.0, 10800.0)
    assert apcupsd(printed.replace("ONLINE", "ONBATT LOWBATT")).status == ("OB", "LB")


def test_a_lost_cable_is_missing_and_no_ups_is_absent() -> None:
    with pytest.raises(Missing, match="communication"):
        apcupsd(real("linux/apcaccess.txt").replace("ONLINE", "COMMLOST"))
    with pytest.raises(Absent):
        ups_names("")
    for parser in (nut, apcupsd):
        with pytest.raises(Missing):
            parser("")


@given(text())
def test_no_text_breaks_it(said: str) -> None:
    for parser in (ups_names, nut, apcupsd):
        for printed in (said, f"ups.status: OL\nbattery.charge: {said}", f"STATUS : ONLINE\nTIMELEFT : {said}"):
            with suppress(Missing, Absent):
                parser(printed)
