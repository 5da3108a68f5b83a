from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, recipes
from checks.facts.network_equipment import (
    DIALECTS,
    Ask,
    DeviceConfigurations,
    DeviceFirmware,
    DeviceUplinks,
    Firmware,
    Kept,
    Said,
    Uplink,
    configurations,
    firmware,
    uplinks,
)
from checks.text import words
from tests.checks.real import real

DOWN = "ssh audit@10.0.0.1: Connection refused"


def said(name: str, *links: str, device: str = "r1") -> Said:
    return Said(device, real(f"network/{name}"), uplinks=links)


@pytest.mark.parametrize(
    ("name", "version", "model", "built"),
    [
        ("routeros5-resource", "5.20", "RB2011UAS", None),
        ("routeros6-resource", "6.48.6 (long-term)", "hEX PoE lite", date(2021, 12, 3)),
        ("routeros7-resource", "7.16.1 (stable)", "hEX S", date(2024, 10, 10)),
    ],
)
def test_routeros_tells_its_firmware(name: str, version: str, model: str, built: date | None) -> None:
    assert firmware((said(name),), ()).devices == (Firmware("r1", version, model, built),)


@pytest.mark.parametrize(
    ("name", "version", "model", "built"),
    [
        ("ios12-version", "12.2(54)SG1", "WS-C4948E", date(2011, 1, 27)),
        ("ios15-version", "15.8(3)M3b", "C921-4P", date(2019, 11, 28)),
    ],
)
def test_ios_tells_its_firmware(name: str, version: str, model: str, built: date) -> None:
    assert firmware((), (said(name),)).devices == (Firmware("r1", version, model, built),)


def test_the_states_of_declared_uplinks_are_told() -> None:
    mikrotik = said("routeros-interfaces", "ether1", "ether2_UniFi2", "bridge-VLAN1", "bridge-VLAN2", "ether9")
    cisco = said("ios-interfaces", "GigabitEthernet0/1", "GigabitEthernet0/2", "Port-channel1", device="sw1")
    assert uplinks((mikrotik,), (cisco,)).links == (
        Uplink("r1", "ether1", "down"), Uplink("r1", "ether2_UniFi2", "up"), Uplink("r1", "bridge-VLAN1", "up"),
        Uplink("r1", "bridge-VLAN2", "disabled"), Uplink("r1", "ether9", "missing"),
        Uplink("sw1", "GigabitEthernet0/1", "up"), Uplink("sw1", "GigabitEthernet0/2", "disabled"),
        Uplink("sw1", "Port-channel1", "down"),
    )  # fmt: skip


def test_what_is_saved_when_is_told() -> None:
    found = configurations(
        (said("routeros-identity"),),
        (said("ios-saved"), said("ios-unsaved"), said("ios-unchanged")),
    ).devices
    assert found == (
        Kept("r1", at_once=True),
        Kept("r1", changed=datetime(2025, 2, 20, 13, 30, 36), saved=datetime(2025, 2, 20, 13, 59, 5)),
        Kept("r1", changed=datetime(2025, 4, 30, 21, 54, 39), saved=datetime(2025, 4, 30, 21, 54, 31)),
        Kept("r1", saved=datetime(2024, 5, 10, 8, 3, 16)),
    )


def test_a_device_that_speaks_otherwise_or_does_not_answer_is_named_with_the_reason() -> None:
    wrong, gone = said("routeros-bad-command", "x"), Said("r2", unread=DOWN)
    read = firmware((wrong,), (gone,)).devices
    assert words(read[0].unread, "en") == "its answer is not understood: bad command name po (line 1 column 7)"
    assert read[1] == Firmware("r2", unread=DOWN)
    assert [bool(one.unread) for one in uplinks((wrong,), (gone,)).links] == [True, True]
    assert [bool(one.unread) for one in configurations((wrong,), (gone,)).devices] == [True, True]
    (undeclared,) = uplinks((said("routeros-interfaces"),), ()).links
    assert words(undeclared.unread, "en") == "its uplink is not declared in the settings"


def test_without_devices_all_is_absent() -> None:
    for recipe in (firmware, uplinks, configurations):
        with pytest.raises(Absent):
            recipe((), ())


def test_only_what_shows_is_asked() -> None:
    asked = [
        source
        for fact in (DeviceFirmware, DeviceUplinks, DeviceConfigurations)
        for one in recipes(fact)
        for source in one.sources
    ]
    assert {source.dialect for source in asked if isinstance(source, Ask)} == set(DIALECTS)
    for source in asked:
        assert isinstance(source, Ask)
        assert source.command.startswith("show ") or " print" in source.command
        assert source.describe() == f"network devices ({source.dialect}) {source.command}"


SAMPLES = [
    "routeros6-resource",
    "routeros-interfaces",
    "ios12-version",
    "ios-interfaces",
    "ios-saved",
    "routeros-identity",
]


@given(
    st.text()
    | st.builds(
        lambda name, at, junk: real(f"network/{name}")[:at] + junk,
        st.sampled_from(SAMPLES),
        st.integers(0, 900),
        st.text(),
    )
)
def test_any_text_gives_a_fact_and_garbage_names_the_device_as_unread(text: str) -> None:
    one = (Said("r1", text, uplinks=("ether1",)),)
    for told in (firmware(one, one).devices, configurations(one, one).devices):
        assert [row.device for row in told] == ["r1", "r1"]
    assert {link.device for link in uplinks(one, one).links} == {"r1"}


@given(st.text(alphabet=st.characters(exclude_characters="!:V")))
def test_garbage_is_never_good(text: str) -> None:
    one = (Said("r1", text, uplinks=("ether1",)),)
    assert all(row.unread for row in firmware(one, one).devices)
    assert all(row.unread for row in configurations(one, one).devices)
