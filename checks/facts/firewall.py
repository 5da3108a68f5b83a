"""The packet filter of this host, as the kernel has it now."""

from __future__ import annotations

import re

from checks.fact import Fact, Missing, reads
from checks.facts.netfilter import ACCEPT, DENY, V4, V6, Table
from checks.facts.netfilter_text import read_iptables, read_nft
from checks.source import Command, File, FileText, Glob
from checks.text import Text

LARGEST = 32 << 20  # lists of countries or of banned addresses
NFT = Command(("nft", "list", "ruleset"), max_bytes=LARGEST)
SAVE = Command(("iptables-save",), max_bytes=LARGEST)
SAVE6 = Command(("ip6tables-save",), max_bytes=LARGEST)
MOST = 20


class Firewall(Fact, frozen=True):
    """Which firewalls act on incoming packets (firewalld, ufw, nftables, iptables), and whether what no rule names is
    refused, for IPv4 and for IPv6. `open` are interfaces from which everything is accepted. Never absent.
    """

    managers: tuple[str, ...] = ()
    denies_v4: bool = False
    denies_v6: bool = False
    open: tuple[str, ...] = ()


class Uplinks(Fact, frozen=True):
    """Interfaces that lead out by default, and whether this host has a routable IPv6 address. Never absent."""

    interfaces: tuple[str, ...]
    ipv6: bool = False


@reads(NFT, SAVE, SAVE6, root=True)
def from_both(ruleset: str, saved: str, saved6: str) -> Firewall:
    return _firewall([*read_nft(ruleset), *read_iptables(saved, V4), *read_iptables(saved6, V6)])


@reads(NFT, root=True)
def from_nft(ruleset: str) -> Firewall:
    return _firewall(read_nft(ruleset))


@reads(SAVE, SAVE6, root=True)
def from_iptables(saved: str, saved6: str) -> Firewall:
    return _firewall([*read_iptables(saved, V4), *read_iptables(saved6, V6)])


@reads(File("/proc/net/route"), Glob("/proc/net/if_inet6"))
def uplinks(routes: str, inet6: tuple[FileText, ...]) -> Uplinks:
    lines = [line.split() for line in routes.splitlines()]
    if not lines or lines[0][:2] != ["Iface", "Destination"] or any(len(line) < 8 for line in lines):
        raise Missing(Text("/proc/net/route tidak dapat dibaca", "/proc/net/route cannot be read"))
    # fields: address, index, prefix, scope (00 is global), flags, interface; fc00::/7 leads nowhere outside
    addresses = [line.split() for file in inet6 for line in file.text.splitlines()]
    routable = any(len(one) == 6 and one[3] == "00" and not re.match(r"f[cd]", one[0]) for one in addresses)
    out = {line[0] for line in lines[1:] if line[1] == "00000000" and line[7] == "00000000"}
    return Uplinks(tuple(sorted(out))[:MOST], routable)


def _firewall(tables: list[Table]) -> Firewall:
    managers: set[str] = set()
    denied: set[str] = set()
    open_: dict[str, set[str]] = {V4: set(), V6: set()}
    for table in tables:
        for chain in table.chains.values():
            if not chain.base or not table.families:
                continue
            managers.add(table.manager(chain))
            for family in table.families:
                opened: set[str] = set()
                fate = table.fate(chain, family, opened)
                if (fate if fate in (ACCEPT, DENY) else chain.policy) == DENY:
                    denied.add(family)
                    open_[family] |= opened
    return Firewall(
        tuple(sorted(managers - {""})),
        V4 in denied,
        V6 in denied,
        tuple(sorted({name for names in open_.values() for some in names for name in some.split()}))[:MOST],
    )
