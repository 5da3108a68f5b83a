"""Rules of nftables and iptables, and what they do with an unsolicited packet. No fact of its own.

The question is only: what happens to a new connection to a port that no rule names, from an address that no rule
names? Rules with a narrower condition (a port, an address, icmp) cannot decide that and are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from checks.fact import Missing
from checks.text import Text

V4, V6 = "ip", "ip6"
ACCEPT, DENY, RETURN = "accept", "deny", "return"
# Chains and tables that others add beside a firewall: they ban single addresses or serve containers.
HELPERS = (
    "f2b",
    "fail2ban",
    "sshguard",
    "crowdsec",
    "CROWDSEC",
    "LIBVIRT",
    "libvirt",
    "DOCKER",
    "KUBE",
    "cali",
    "lxd.",
    "incus",
)
DEEPEST = 50

_FAMILY = {V4: ("ipv4", "ip"), V6: ("ipv6", "ip6")}


@dataclass(frozen=True)
class Rule:
    """One rule: `when` in nft's words or iptables' options, `action` accept, deny, return, jump or goto, and its target."""

    when: str
    action: str
    target: str = ""


@dataclass
class Chain:
    """One chain of a table. `base`: it filters what comes in; then `policy` is what becomes of the rest."""

    name: str
    base: bool = False
    policy: str = ACCEPT
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """The chains of one table, for the families it sees."""

    name: str
    families: tuple[str, ...]
    chains: dict[str, Chain]

    def fate(self, chain: Chain, family: str, open_: set[str], depth: int = 0) -> str:
        """What `chain` does with the packet. Interfaces that some rule opens wholly are added to `open_`."""
        if depth > DEEPEST:
            raise Missing(
                Text(
                    "chain firewall saling memanggil tanpa akhir",
                    "the chains of the firewall call each other without end",
                )
            )
        may_return = False
        for rule in chain.rules:
            scope = _scope(rule.when, family)
            if scope is None:
                may_return |= rule.action == RETURN
                continue
            did = rule.action
            if rule.action in ("jump", "goto"):
                called = self.chains.get(rule.target)
                did = self.fate(called, family, open_ if scope == "" else set(), depth + 1) if called else RETURN
            if scope:  # holds for one interface only
                if did == ACCEPT:
                    open_.add(scope)
            elif did == ACCEPT or (did == DENY and not may_return):
                return did
            elif rule.action in (RETURN, "goto"):
                return RETURN
        return RETURN

    def reached(self, chain: Chain, seen: set[str] | None = None) -> set[str]:
        """Names of the chains that `chain` calls, helpers of others apart, itself included."""
        seen = set() if seen is None else seen
        if chain.name not in seen and not chain.name.startswith(HELPERS):
            seen.add(chain.name)
            for rule in chain.rules:
                if rule.target in self.chains:
                    self.reached(self.chains[rule.target], seen)
        return seen

    def manager(self, chain: Chain) -> str:
        """Which firewall made the base chain `chain`; empty if it decides nothing."""
        names = self.reached(chain)
        decides = any(rule.action == DENY for name in names for rule in self.chains[name].rules)
        if self.name.startswith(HELPERS) or not (decides or chain.policy == DENY):
            return ""
        if self.name == "firewalld" or any(name in ("INPUT_ZONES", "INPUT_direct") for name in names):
            return "firewalld"
        if any(name.startswith("ufw") for name in names):
            return "ufw"
        return "iptables" if self.name == "filter" and chain.name == "INPUT" and len(self.families) == 1 else "nftables"


_WIDE = (  # conditions that an unsolicited packet of the family meets
    r"meta l4proto (?:tcp|udp|\{[^}]*\b(?:tcp|udp)\b[^}]*\})", r"ip protocol (?:tcp|udp)", r"-p (?:tcp|udp|all)", r"-m (?:tcp|udp)",
    r"ct state (?:\{[^}]*\bnew\b[^}]*\}|(?:\w+,)*new(?:,\w+)*)", r"-m (?:state --state|conntrack --ctstate) (?:\w+,)*NEW(?:,\w+)*",
    r"iif(?:name)? != \"?lo\"?", r"! -i lo", r"-i \+", r"-s (?:0\.0\.0\.0|::)/0", r"ip6? saddr (?:0\.0\.0\.0|::)/0",
    r"(?:tcp|udp|th) dport [01]-65535", r"--dport [01]:65535",
)  # fmt: skip
_INTERFACE = re.compile(r"(?:iif(?:name)?|-i) \"?(?P<name>[\w.@*+-]+)\"?|iif(?:name)? \{(?P<names>[^}]*)\}")


def _scope(when: str, family: str) -> str | None:
    """Empty if every unsolicited packet of `family` meets `when`; the interface if all of one do; None otherwise."""
    for version in re.findall(r"meta (?:nfproto|protocol) (\w+)", when):
        if version not in _FAMILY[family]:
            return None
    rest = re.sub(r"meta (?:nfproto|protocol) \w+", "", when)
    for wide in _WIDE:
        rest = re.sub(rf"(?<!\S){wide}(?!\S)", "", rest)
    interface = _INTERFACE.search(rest)
    name = ""
    if interface:
        names = interface["name"] or interface["names"].replace('"', "").replace(",", " ")
        others = [one for one in names.split() if one != "lo"]
        if not others:
            return None
        name = " ".join(others)
        rest = rest.replace(interface[0], "")
    return None if rest.strip() else name
