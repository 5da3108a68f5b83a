"""Rules of nftables and iptables, and what they do with an unsolicited packet. No fact of its own.

The question is only: what happens to a new connection to a port that no rule names, from an address that no rule
names? Rules with a narrower condition (a port, an address, icmp) cannot decide that and are passed over.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

from checks.fact import Missing

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
_LOG_OPTION = r"(?:prefix \"[^\"]*\"|(?:level|group|flags|snaplen|queue-threshold) \S+)"
_NOISE = re.compile(
    r"counter packets \d+ bytes \d+|\bcounter\b|comment \"[^\"]*\"|# .*$" rf"|\blog(?: {_LOG_OPTION})*(?!\S)"
)
_VERDICT = re.compile(r"^(?P<when>.*?)\s*\b(?P<action>accept|drop|return|reject(?: with .*)?|(?:jump|goto) \S+)$")
_VMAP = re.compile(r"^(?P<when>.*?)\s+vmap \{(?P<entries>.*)\}$")
_BLOCK = re.compile(r"^(table|chain|set|map|flowtable|counter|quota|limit|secmark|synproxy|ct \w+) [^{}]*\{$")
_BASE = re.compile(r"^type (\w+) hook (\w+) .*?;(?: policy (\w+);)?")


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
            raise Missing("the chains of the firewall call each other without end")
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
        decides = any(rule.action in (ACCEPT, DENY) for name in names for rule in self.chains[name].rules)
        if self.name.startswith(HELPERS) or not (decides or chain.policy == DENY):
            return ""
        if self.name == "firewalld" or any(name in ("INPUT_ZONES", "INPUT_direct") for name in names):
            return "firewalld"
        if any(name.startswith("ufw") for name in names):
            return "ufw"
        return "iptables" if self.name == "filter" and chain.name == "INPUT" and len(self.families) == 1 else "nftables"


def read_nft(text: str) -> list[Table]:
    """The tables of `nft list ruleset`; none if there are no rules. Raises Missing if it makes no sense."""
    tables: list[Table] = []
    blocks: list[str] = []
    chain: Chain | None = None
    for line in _logical_lines(text):
        if _BLOCK.match(line):
            words = line.split()
            blocks.append(words[0])
            if words[0] == "table":
                families = {"inet": (V4, V6), V4: (V4,), V6: (V6,)}.get(words[1], ())
                tables.append(Table(words[2], families, {}))
            elif words[0] == "chain" and tables:
                chain = tables[-1].chains.setdefault(words[1], Chain(words[1]))
        elif line == "}":
            if not blocks:
                raise Missing("nft list ruleset: a block ends that never began")
            if blocks.pop() == "chain":
                chain = None
        elif not blocks:
            raise Missing(f"nft list ruleset cannot be read: {line[:60]!r}")
        elif chain is not None and blocks[-1] == "chain":
            base = _BASE.match(line)
            if base:
                chain.base = base[1] == "filter" and base[2] == "input"
                chain.policy = DENY if base[3] == "drop" else ACCEPT
            else:
                chain.rules += _nft_rules(line)
    if blocks:
        raise Missing("nft list ruleset ends in the middle")
    return tables


def read_iptables(text: str, family: str) -> list[Table]:
    """The filter table of `iptables-save` or `ip6tables-save`; none if there is none."""
    tables: list[Table] = []
    table: Table | None = None
    for line in text.splitlines():
        if line.startswith("*"):
            table = Table(line[1:].strip(), (family,), {})
            if table.name == "filter":
                tables.append(table)
        elif line.startswith(":") and table is not None:
            name, policy = [*line[1:].split(), "-", "-"][:2]
            base = name == "INPUT" and table.name == "filter"
            table.chains[name] = Chain(name, base, DENY if policy in ("DROP", "REJECT") else ACCEPT)
        elif line.startswith(("-A ", "[")) and table is not None:
            _iptables_rule(line.partition("] ")[2] if line.startswith("[") else line, table)
        elif line == "COMMIT":
            table = None
        elif line.strip() and not line.startswith("#"):
            raise Missing(f"iptables-save cannot be read: {line[:60]!r}")
    if table is not None:
        raise Missing("iptables-save ends in the middle")
    return tables


def _iptables_rule(line: str, table: Table) -> None:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise Missing(f"iptables-save cannot be read: {line[:60]!r}") from error
    chain = table.chains.get(words[1]) if len(words) > 1 else None
    at = next((n for n, word in enumerate(words) if word in ("-j", "-g")), len(words))
    if chain is None:
        raise Missing("iptables-save adds to a chain that it does not name")
    if at + 1 >= len(words):
        return
    target = words[at + 1]
    action = {"ACCEPT": ACCEPT, "DROP": DENY, "REJECT": DENY, "RETURN": RETURN}.get(target)
    jump = "goto" if words[at] == "-g" else "jump"
    if action or target in table.chains:
        when = re.sub(r"-m comment --comment .*?(?= -|$)", "", " ".join(words[2:at]))
        chain.rules.append(Rule(when.strip(), action or jump, "" if action else target))


def _logical_lines(text: str) -> Iterator[str]:
    """Lines without indentation; a set that goes over several lines is one."""
    held = ""
    for raw in text.splitlines():
        line = f"{held} {raw.strip()}".strip()
        held = ""
        if not line or line.startswith("#"):
            continue
        line = re.sub(r"\{ # handle \d+$", "{", line)
        if line.count("{") > line.count("}") and not _BLOCK.match(line):
            held = line
            continue
        yield line
    if held:
        raise Missing("nft list ruleset ends in the middle of a set")


def _nft_rules(line: str) -> list[Rule]:
    line = " ".join(_NOISE.sub(" ", line).split())
    vmap = _VMAP.match(line)
    entries = [entry.split(" : ") for entry in vmap["entries"].split(",")] if vmap else []
    pairs = [(f"{vmap['when']} {entry[0].strip()}", entry[1].strip()) for entry in entries if vmap and len(entry) == 2]
    rules = []
    for when, verdict in pairs or [("", line)]:
        found = _VERDICT.match(verdict)
        if found:
            word, _, target = found["action"].partition(" ")
            action = {"drop": DENY, "reject": DENY}.get(word, word)
            rules.append(Rule(f"{when} {found['when']}".strip(), action, target if word in ("jump", "goto") else ""))
    return rules


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
