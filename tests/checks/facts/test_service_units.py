from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis.strategies import text

from checks.fact import Absent, Missing
from checks.facts.service_units import ServiceUnits, service_units
from tests.checks.real import real


def test_debian_12_with_an_spse_that_keeps_dying() -> None:
    units = {unit.id: unit for unit in service_units(real("debian12/systemctl-show-units.txt")).units}

    assert sorted(units) == [
        "chrony.service", "nftables.service", "nginx.service", "postgresql.service", "postgresql@15-main.service",
        "spse.service", "ssh.service", "ssh.socket",
    ]  # fmt: skip
    assert units["nginx.service"].file_state == "enabled"
    assert units["spse.service"].restarts == 10
    assert units["postgresql@15-main.service"].file_state == "enabled-runtime"
    assert units["nftables.service"].active_since is None


def test_units_that_are_not_installed_alone_are_absent() -> None:
    blocks = real("debian12/systemctl-show-units.txt").split("\n\n")
    gone = "\n\n".join(block for block in blocks if "not-found" in block)
    with pytest.raises(Absent):
        service_units(gone)


def test_silence_is_missing() -> None:
    with pytest.raises(Missing):
        service_units("")


@given(text())
def test_no_text_breaks_it(said: str) -> None:
    block = f"Id=a.service\nLoadState=loaded\nActiveState=active\nNRestarts={said}\n"
    for printed in (said, block):
        with suppress(Missing, Absent):
            assert isinstance(service_units(printed), ServiceUnits)


def test_a_centos_7_does_not_count_restarts() -> None:
    printed = real("el7/systemctl-show-tuned.txt")
    assert "NRestarts" not in printed

    (unit,) = service_units(printed).units
    assert (unit.id, unit.active, unit.file_state, unit.restarts) == ("tuned.service", "active", "enabled", 0)
    assert unit.active_since == 12.640144
