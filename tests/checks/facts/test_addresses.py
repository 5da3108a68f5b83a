from __future__ import annotations

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Missing
from checks.facts.addresses import Addresses, addresses
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real

CARD = "2: eth0: <BROADCAST,UP> mtu 1500\n    link/ether 00:0c:29:6f:9a:fa brd ff:ff:ff:ff:ff:ff\n"


def test_debian_names_its_card_and_its_addresses_but_nothing_virtual_or_local() -> None:
    assert addresses("lpse01\n", real("debian12/ip-addr.txt")).items == (
        "address 192.0.2.2/24 eth0", "address fd00::2/64 eth0", "host lpse01", "mac 02:fc:00:00:00:01 eth0",
    )  # fmt: skip


def test_centos_7_says_the_same_without_groups() -> None:
    assert addresses("c1", real("el7/ip-addr.txt")).items == (
        "address 192.168.64.145/24 eth0", "host c1", "mac 00:0c:29:6f:9a:fa eth0",
    )  # fmt: skip


def test_an_old_red_hat_with_a_vlan_on_a_bond_is_read_and_passing_addresses_are_left_out() -> None:
    assert addresses("c1", real("el/ip-addr.txt")).items == (
        "address 10.192.4.171/27 bond1.57", "address 192.168.112.5 ip.tun2", "host c1", "mac 00:11:3f:e2:f5:9e bond1.57",
        "mac 00:11:3f:e2:f5:9f eth7",
    )  # fmt: skip


def test_a_card_in_a_bond_is_told_by_the_mac_it_was_made_with() -> None:
    text = CARD.replace("ff:ff\n", "ff:ff permaddr 00:0c:29:00:00:01\n")
    assert "mac 00:0c:29:00:00:01 eth0" in addresses("a", text).items


def test_interfaces_of_virtual_machines_come_and_go() -> None:
    text = CARD + "9: vnet3: <UP> mtu 1500\n    link/ether fe:54:00:43:7e:91 brd ff:ff:ff:ff:ff:ff\n"
    assert addresses("a", text).count == 2


@pytest.mark.parametrize("name", ["", "\n", "a b", "(none)", "a\nb"])
def test_a_host_name_that_is_none_is_missing(name: str) -> None:
    with pytest.raises(Missing):
        addresses(name, CARD)


@pytest.mark.parametrize(
    "printed", ["", "1: lo: <LOOPBACK> mtu 65536\n", f"{CARD}    inet 300.1.1.1/24 scope global eth0\n"]
)
def test_what_names_no_card_or_a_senseless_address_is_missing(printed: str) -> None:
    with pytest.raises(Missing):
        addresses("lpse01", printed)


@given(mixed(CARD, "\n", "    inet ", "10.0.0.1/8", " scope global ", "dynamic", "    link/ether ", "9: a: <"))
def test_arbitrary_text_gives_addresses_or_says_why_not(text: str) -> None:
    gives_or_says_why(addresses, "lpse01", text)


def test_this_machine_has_addresses() -> None:
    fact = Survey(LocalHost()).take([Addresses]).facts[Addresses]
    assert isinstance(fact, Addresses)
    assert any(one.startswith("mac ") for one in fact.items)
