from __future__ import annotations

import pytest

from checks.facts.desktop import Desktop
from checks.facts.network_devices import Promiscuous, Radios
from checks.security import surface
from checks.verdict import Status, Verdict


def status(said: object) -> Status:
    assert isinstance(said, Verdict)
    return said.status


def test_an_interface_that_listens_to_all_fails_unless_it_is_known_or_a_port_of_a_bridge() -> None:
    assert status(surface.no_promiscuous_interface(Promiscuous(3))) is Status.PASS
    assert status(surface.no_promiscuous_interface(Promiscuous(3, ("eth0",)))) is Status.FAIL
    assert status(surface.no_promiscuous_interface(Promiscuous(3, ("eth0",)), known=("eth0",))) is Status.PASS
    assert status(surface.no_promiscuous_interface(Promiscuous(3, bridged=("vnet0",)))) is Status.PASS


@pytest.mark.parametrize(
    ("radios", "expected"),
    [
        (Radios(), Status.PASS),
        (Radios(("wlan0",)), Status.FAIL),
        (Radios(("wlan0",), wireless_blocked=True), Status.PASS),
        (Radios(("wlan0",), ("hci0",), wireless_blocked=True), Status.FAIL),
        (Radios((), ("hci0",), bluetooth_blocked=True), Status.PASS),
    ],
)
def test_radios_are_off(radios: Radios, expected: Status) -> None:
    assert status(surface.radios_off(radios)) is expected


def test_a_desktop_fails() -> None:
    assert status(surface.no_desktop(Desktop())) is Status.PASS
    assert status(surface.no_desktop(Desktop(("/usr/bin/Xorg",)))) is Status.FAIL
