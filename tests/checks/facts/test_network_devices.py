from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Missing
from checks.facts.network_devices import Promiscuous, Radios, promiscuous, radios
from checks.source import FileStat, FileText
from tests.checks.facts.fuzzing import TEXT, gives_or_says_why
from tests.checks.facts.here import read
from tests.checks.trees import plant

SEEN = tuple(FileStat(path, "directory", 0o755, 0, 0, 0, 0.0) for path in ("/sys/class/net", "/sys/class/net/lo"))


def interface(name: str, flags: str) -> FileText:
    return FileText(f"/sys/class/net/{name}/flags", f"{flags}\n")


def switch(kind: str, state: int) -> FileText:
    return FileText("/sys/class/rfkill/rfkill0/uevent", f"RFKILL_NAME=phy0\nRFKILL_TYPE={kind}\nRFKILL_STATE={state}\n")


def test_an_interface_that_listens_to_all_is_named() -> None:
    files = (interface("eth0", "0x1103"), interface("eth1", "0x1003"), interface("lo", "0x9"))

    assert promiscuous.parse(files, ()) == Promiscuous(3, ("eth0",))


def test_ports_of_a_bridge_have_to_listen() -> None:
    port = FileStat("/sys/class/net/vnet0/brport", "directory", 0o755, 0, 0, 0, 0.0)

    assert promiscuous.parse((interface("vnet0", "0x1103"),), (port,)) == Promiscuous(1, (), ("vnet0",))


def test_the_interfaces_of_this_machine_are_read() -> None:
    assert read(Promiscuous).interfaces >= 1
    assert isinstance(read(Radios), Radios)


def test_radios_are_found_on_a_host(tmp_path: Path) -> None:
    plant(tmp_path, "/sys/class/net/wlan0/wireless/x")
    plant(tmp_path, "/sys/class/net/lo/flags", "0x9\n")
    plant(tmp_path, "/sys/class/bluetooth/hci0/x")

    assert Survey(LocalHost(str(tmp_path))).outcome(Radios).fact == Radios(("wlan0",), ("hci0",))


@pytest.mark.parametrize(
    ("states", "blocked"), [((0,), True), ((2,), True), ((1,), False), ((0, 1), False), ((), False)]
)
def test_radios_are_off_only_if_every_one_is_blocked(states: tuple[int, ...], blocked: bool) -> None:
    assert radios.parse(SEEN, tuple(switch("wlan", state) for state in states)).wireless_blocked is blocked
    assert not radios.parse(SEEN, (switch("wlan", 0),)).bluetooth_blocked


def test_what_cannot_be_seen_is_missing() -> None:
    with pytest.raises(Missing):
        promiscuous.parse((), ())
    with pytest.raises(Missing):
        promiscuous.parse((interface("eth0", "up"),), ())
    with pytest.raises(Missing):
        radios.parse(SEEN[:1], ())


@given(TEXT)
def test_any_text_gives_a_fact_or_a_reason(text: str) -> None:
    gives_or_says_why(promiscuous, (FileText("/sys/class/net/a/flags", text),), ())
    gives_or_says_why(radios, SEEN, (FileText("/x", text),))
