"""Reads what nft and iptables-save print into tables of `checks.facts.netfilter`. No fact of its own."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from checks.fact import Missing
from checks.facts.netfilter import ACCEPT, DENY, RETURN, V4, V6, Chain, Rule, Table
from checks.text import Text

_LOG_OPTION = r"(?:prefix \"[^\"]*\"|(?:level|group|flags|snaplen|queue-threshold) \S+)"
_NOISE = re.compile(
    r"counter packets \d+ bytes \d+|\bcounter\b|comment \"[^\"]*\"|# .*$" rf"|\blog(?: {_LOG_OPTION})*(?!\S)"
)
_VERDICT = re.compile(r"^(?P<when>.*?)\s*\b(?P<action>accept|drop|return|reject(?: with .*)?|(?:jump|goto) \S+)$")
_VMAP = re.compile(r"^(?P<when>.*?)\s+vmap \{(?P<entries>.*)\}$")
_BLOCK = re.compile(r"^(table|chain|set|map|flowtable|counter|quota|limit|secmark|synproxy|ct \w+) [^{}]*\{$")
_BASE = re.compile(r"^type (\w+) hook (\w+) .*?;(?: policy (\w+);)?")


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
                raise Missing(
                    Text(
                        "nft list ruleset tidak dapat dibaca: blok ditutup tanpa dibuka",
                        "nft list ruleset: a block ends that never began",
                    )
                )
            if blocks.pop() == "chain":
                chain = None
        elif not blocks:
            raise Missing(
                Text(
                    f"nft list ruleset tidak dapat dibaca: {line[:60]!r}",
                    f"nft list ruleset cannot be read: {line[:60]!r}",
                )
            )
        elif chain is not None and blocks[-1] == "chain":
            base = _BASE.match(line)
            if base:
                chain.base = base[1] == "filter" and base[2] == "input"
                chain.policy = DENY if base[3] == "drop" else ACCEPT
            else:
                chain.rules += _nft_rules(line)
    if blocks:
        raise Missing(Text("nft list ruleset terpotong", "nft list ruleset ends in the middle"))
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
            raise Missing(
                Text(f"iptables-save tidak dapat dibaca: {line[:60]!r}", f"iptables-save cannot be read: {line[:60]!r}")
            )
    if table is not None:
        raise Missing(Text("iptables-save terpotong", "iptables-save ends in the middle"))
    return tables


def _iptables_rule(line: str, table: Table) -> None:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise Missing(
            Text(f"iptables-save tidak dapat dibaca: {line[:60]!r}", f"iptables-save cannot be read: {line[:60]!r}")
        ) from error
    chain = table.chains.get(words[1]) if len(words) > 1 else None
    at = next((n for n, word in enumerate(words) if word in ("-j", "-g")), len(words))
    if chain is None:
        raise Missing(
            Text("iptables-save memuat chain yang tidak disebut", "iptables-save adds to a chain that it does not name")
        )
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
        line = re.sub(r"\{ #[^{}\"]*$", "{", line)  # "# handle 7"; "# progname firewalld" of nft 1.0.9 and later
        if line.count("{") > line.count("}") and not _BLOCK.match(line):
            held = line
            continue
        yield line
    if held:
        raise Missing(
            Text("nft list ruleset terpotong di dalam sebuah set", "nft list ruleset ends in the middle of a set")
        )


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
