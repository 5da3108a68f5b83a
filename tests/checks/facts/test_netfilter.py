from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.netfilter import V4, V6
from checks.facts.netfilter_text import read_iptables, read_nft

HEAD = "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy %s;\n"
TAIL = (
    "\t}\n\n\tchain office {\n\t\tip saddr 10.0.0.0/8 accept\n\t}\n\n"
    "\tchain all {\n\t\taccept\n\t}\n\n\tchain none {\n\t\tdrop\n\t}\n}\n"
)


def fate(*rules: str, policy: str = "accept", family: str = V4) -> str:
    """What a table with these rules does with what nobody names."""
    table = read_nft(HEAD % policy + "".join(f"\t\t{rule}\n" for rule in rules) + TAIL)[0]
    chain = table.chains["input"]
    said = table.fate(chain, family, set())
    return chain.policy if said == "return" else said


@pytest.mark.parametrize(
    ("rules", "policy", "expected"),
    [
        ((), "accept", "accept"),
        ((), "drop", "deny"),
        (("ct state established,related accept", "tcp dport 22 accept"), "drop", "deny"),
        (("tcp dport 22 accept", "counter packets 3 bytes 180 drop"), "accept", "deny"),
        (('log prefix "in: " level info', "reject with icmpx admin-prohibited"), "accept", "deny"),
        (("accept",), "drop", "accept"),
        (("ct state new accept",), "drop", "accept"),
        (("ct state { established, related, new } counter packets 1 bytes 60 accept",), "drop", "accept"),
        (("meta l4proto tcp accept",), "drop", "accept"),
        (("meta l4proto { icmp, ipv6-icmp } accept",), "drop", "deny"),
        (("jump all",), "drop", "accept"),
        (("jump none",), "accept", "deny"),
        (("jump office", "drop"), "accept", "deny"),
        (("goto office", "drop"), "accept", "accept"),
        (('iifname "lo" accept',), "drop", "deny"),
        (('iifname != "lo" accept',), "drop", "accept"),
        (('iifname "eth0" drop',), "accept", "accept"),
        (("ct state vmap { established : accept, related : accept, invalid : drop }", "jump none"), "accept", "deny"),
        (("ct state vmap { established : accept,\n\t\t\t new : jump all }",), "drop", "accept"),
        (('tcp dport 22 accept comment "accept"',), "drop", "deny"),
        (("return", "accept"), "drop", "deny"),
    ],
)
def test_the_fate_of_what_no_rule_names(rules: tuple[str, ...], policy: str, expected: str) -> None:
    assert fate(*rules, policy=policy) == expected


def test_a_rule_for_one_family_says_nothing_of_the_other() -> None:
    assert fate("meta nfproto ipv4 drop", family=V4) == "deny"
    assert fate("meta nfproto ipv4 drop", family=V6) == "accept"


def test_an_interface_that_is_wholly_open_is_named() -> None:
    table = read_nft(HEAD % "drop" + '\t\tiifname "docker0" accept\n\t\tiifname { "eth1", "lo" } jump all\n' + TAIL)[0]
    opened: set[str] = set()
    table.fate(table.chains["input"], V4, opened)

    assert opened == {"docker0", "eth1"}


def test_a_drop_behind_a_narrow_return_is_not_certain() -> None:
    text = (
        "*filter\n:INPUT ACCEPT [0:0]\n:X - [0:0]\n-A INPUT -j X\n-A INPUT -j ACCEPT\n"
        "-A X -m addrtype --dst-type LOCAL -j RETURN\n-A X -j DROP\nCOMMIT\n"
    )
    table = read_iptables(text, V4)[0]

    assert table.fate(table.chains["INPUT"], V4, set()) == "accept"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("-A INPUT -j REJECT --reject-with icmp-host-prohibited", "deny"),
        ("-A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT", "return"),
        ("-A INPUT -m conntrack --ctstate NEW,RELATED -j ACCEPT", "accept"),
        ("-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "return"),
        ("[12:3456] -A INPUT -j DROP", "deny"),
        ('-A INPUT -m comment --comment "-j ACCEPT" -j DROP', "deny"),
        ("-A INPUT -i lo -j ACCEPT", "return"),
        ("-A INPUT ! -i lo -j ACCEPT", "accept"),
        ("-A INPUT -p tcp -j LOG", "return"),
    ],
)
def test_iptables_rules_mean_the_same(rule: str, expected: str) -> None:
    table = read_iptables(f"*filter\n:INPUT ACCEPT [0:0]\n{rule}\nCOMMIT\n", V4)[0]

    assert table.fate(table.chains["INPUT"], V4, set()) == expected


def test_chains_that_call_each_other_are_refused() -> None:
    text = "*filter\n:INPUT ACCEPT [0:0]\n:A - [0:0]\n-A INPUT -j A\n-A A -j INPUT\nCOMMIT\n"
    table = read_iptables(text, V4)[0]
    with pytest.raises(Missing):
        table.fate(table.chains["INPUT"], V4, set())
