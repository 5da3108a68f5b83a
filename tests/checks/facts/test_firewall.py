from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.firewall import Firewall, from_both, from_iptables, from_nft, uplinks
from checks.source import FileText
from tests.checks.real import real

ROUTES = (
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
)
NOTHING = Firewall()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("debian12/nft-firewalld.txt", Firewall(("firewalld",), True, True)),
        ("debian12/nft-firewalld-trusted.txt", Firewall(("firewalld",), False, False)),
        ("debian12/nft-ufw.txt", Firewall(("ufw",), True, True)),
        ("debian12/nft-ufw-disabled.txt", NOTHING),
        ("debian12/nft-nftables-as-installed.txt", NOTHING),
        ("el8/nft-iptables-services.txt", Firewall(("iptables",), True, False)),
    ],
)
def test_firewalls_of_real_hosts_are_told_apart(name: str, expected: Firewall) -> None:
    assert from_nft(real(name)) == expected


def test_a_host_without_any_rule_has_no_firewall() -> None:
    assert from_nft("") == NOTHING
    assert from_both("", "", "") == NOTHING


def test_the_same_rules_seen_by_both_tools_are_one_firewall() -> None:
    found = from_both(
        real("debian12/nft-ufw.txt"), real("debian12/iptables-save-ufw.txt"), real("debian12/ip6tables-save-ufw.txt")
    )

    assert found == Firewall(("ufw",), True, True)


def test_centos_6_denies_by_its_last_rule() -> None:
    assert from_iptables(real("el6/iptables-save.txt"), "") == Firewall(("iptables",), True, False)


def test_two_firewalls_are_both_named() -> None:
    found = from_both(real("debian12/nft-firewalld.txt"), real("el6/iptables-save.txt"), "")

    assert found.managers == ("firewalld", "iptables")


def test_bans_of_fail2ban_are_no_firewall() -> None:
    text = (
        "table inet f2b-table {\n\tchain f2b-chain {\n\t\ttype filter hook input priority filter - 1; policy accept;\n"
        "\t\ttcp dport { 22 } ip saddr @addr-set-sshd reject with icmp port-unreachable\n\t}\n}\n"
    )

    assert from_nft(text) == NOTHING
    saved = (
        "*filter\n:INPUT ACCEPT [0:0]\n:f2b-sshd - [0:0]\n-A INPUT -p tcp -j f2b-sshd\n-A f2b-sshd -j RETURN\nCOMMIT\n"
    )
    assert from_iptables(saved, "") == NOTHING


def test_docker_alone_is_no_firewall() -> None:
    saved = (
        "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:DOCKER - [0:0]\n-A FORWARD -o docker0 -j DOCKER\nCOMMIT\n"
    )

    assert from_iptables(saved, "") == NOTHING


def test_the_way_out_is_the_default_route() -> None:
    assert uplinks(ROUTES, ()).interfaces == ("eth0",)


@pytest.mark.parametrize(
    ("line", "routable"),
    [
        ("00000000000000000000000000000001 01 80 10 80       lo", False),
        ("fe80000000000000bc29e4fffee0dc76 02 40 20 80     eth0", False),
        ("fd000000000000000000000000000001 02 40 00 80     eth0", False),
        ("20010db8000000000000000000000001 02 40 00 80     eth0", True),
    ],
)
def test_only_a_routable_address_makes_ipv6_count(line: str, routable: bool) -> None:
    assert uplinks(ROUTES, (FileText("/proc/net/if_inet6", f"{line}\n"),)).ipv6 is routable


@pytest.mark.parametrize("text", ["", "garbage\n"])
def test_a_routing_table_that_makes_no_sense_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        uplinks(text, ())


def test_el_8_with_firewalld_and_machines_of_its_own() -> None:
    found = from_nft(real("el8/nft-firewalld-libvirt.txt"))

    assert found == Firewall(("firewalld",), True, True)


def test_el_9_names_the_owner_of_its_table() -> None:
    """From firewalld 1.3.4 (EL 9.5) on; without the owner it is the same table."""
    owner, plain = real("el9/nft-firewalld-owner.txt").splitlines()[:2], real("debian12/nft-firewalld.txt")
    assert owner[0] == "table inet firewalld { # progname firewalld"
    text = plain.replace("table inet firewalld {", "\n".join(owner))
    assert text != plain

    assert from_nft(text) == from_nft(plain) == Firewall(("firewalld",), True, True)
