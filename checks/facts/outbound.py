"""Connections that SPSE's Java, the web servers and PostgreSQL have opened to other machines.

Laws:
- Only connections from here to there are kept: never a client's address, never loopback, never another program's.
- Whose process cannot be seen may be a service's, and is kept without a name.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.service_children import SERVICES
from checks.source import Command
from checks.text import Text

MOST = 20
STATES = ("established", "syn-sent", "close-wait", "listening")
ENDPOINT = re.compile(r"\[?([0-9A-Fa-f:.*]+?)\]?(?:%\S+?)?:(\d{1,5}|\*)")
PROCESS = re.compile(r'"([^"]*)",(?:pid=)?\d+,(?:fd=)?\d+')  # ("java",pid=7,fd=9); until 2015 ("java",7,9)
UNREAD = Text("keluaran ss tidak dikenali", "ss printed something else than a table of sockets")


class Connection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`process`: java, httpd, nginx or postgres; "" where it cannot be seen. `address` and `port` are the other side's."""

    process: str
    address: str
    port: int

    @property
    def public(self) -> bool:
        """Is the other side an address of the public internet?"""
        return ipaddress.ip_address(self.address).is_global


class Outbound(Fact, frozen=True):
    """Such connections at one moment, each other side once, public ones first: 20 of `total`. Never absent."""

    connections: tuple[Connection, ...] = ()
    total: int = 0


@reads(
    Command(("ss", "-tanp", *(word for state in STATES for word in ("state", state))), max_bytes=16 << 20),
    root=True,
)
def outbound(printed: str) -> Outbound:
    lines = printed.splitlines()
    if not lines or lines[0].split()[:2] != ["State", "Recv-Q"]:
        raise Missing(UNREAD)
    sockets = list(_sockets(lines[1:]))
    listening = {local[1] for state, local, _, _ in sockets if state == "LISTEN"}
    found = {
        Connection(name, str(address), int(peer[1]))
        for state, local, peer, users in sockets
        if state != "LISTEN" and local[1] not in listening and not (address := _address(peer[0])).is_loopback
        for name in _services(users)
    }
    ordered = sorted(found, key=lambda one: (not one.public, one.process, one.address, one.port))
    return Outbound(tuple(ordered[:MOST]), len(ordered))


def _sockets(lines: list[str]) -> Iterator[tuple[str, tuple[str, str], tuple[str, str], str]]:
    """State, this side, the other side, and the rest of each line."""
    for line in lines:
        words = line.split(maxsplit=5)
        if len(words) < 5:
            raise Missing(UNREAD)
        ends = [ENDPOINT.fullmatch(word) for word in words[3:5]]
        if ends[0] is None or ends[1] is None or (words[0] != "LISTEN" and "*" in (ends[0][2], ends[1][2])):
            raise Missing(UNREAD)
        yield words[0], (ends[0][1], ends[0][2]), (ends[1][1], ends[1][2]), words[5] if len(words) > 5 else ""


def _address(word: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        address = ipaddress.ip_address(word)
    except ValueError as error:
        raise Missing(UNREAD) from error
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _services(users: str) -> set[str]:
    """What services hold a socket: none if other programs do, "" if nobody says who does."""
    names = PROCESS.findall(users)
    return {SERVICES[name] for name in names if name in SERVICES} if names else {""}
