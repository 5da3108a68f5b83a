from __future__ import annotations

import pytest

from checks.facts.firewall import Firewall, Uplinks, from_nft
from checks.security import firewall
from checks.verdict import Status, Verdict
from tests.checks.real import real

PASS, WARN, FAIL = Status.PASS, Status.WARN, Status.FAIL
ETH0 = Uplinks(("eth0",))
ETH0_V6 = Uplinks(("eth0",), ipv6=True)


def one(said: object) -> Verdict:
    assert isinstance(said, Verdict)
    return said


@pytest.mark.parametrize(
    ("name", "active", "denies"),
    [
        ("debian12/nft-firewalld.txt", PASS, PASS),
        ("debian12/nft-firewalld-trusted.txt", PASS, FAIL),
        ("debian12/nft-ufw.txt", PASS, PASS),
        ("debian12/nft-ufw-disabled.txt", FAIL, FAIL),
        ("debian12/nft-nftables-as-installed.txt", FAIL, FAIL),
        ("el8/nft-iptables-services.txt", PASS, WARN),
    ],
)
def test_real_firewalls_are_judged(name: str, active: Status, denies: Status) -> None:
    found = from_nft(real(name))

    assert one(firewall.one_firewall(found)).status is active
    assert one(firewall.denies_by_default(found, ETH0)).status is denies


def test_two_firewalls_fail() -> None:
    assert one(firewall.one_firewall(Firewall(("firewalld", "iptables"), True, True))).status is FAIL


def test_ipv6_left_open_fails_where_the_host_has_ipv6() -> None:
    assert one(firewall.denies_by_default(Firewall(("iptables",), True, False), ETH0_V6)).status is FAIL
    assert one(firewall.denies_by_default(Firewall(("iptables",), True, True), ETH0_V6)).status is PASS


@pytest.mark.parametrize(("opened", "status"), [("docker0", PASS), ("tun0", PASS), ("eth1", WARN), ("eth0", FAIL)])
def test_an_interface_that_is_wholly_open_matters_by_where_it_leads(opened: str, status: Status) -> None:
    found = Firewall(("nftables",), True, True, (opened,))

    assert one(firewall.denies_by_default(found, ETH0)).status is status
