"""Under which name and addresses a host is on the network: its host name, the MAC of each card, the addresses set on it."""

from __future__ import annotations

import ipaddress
import re

from checks.baseline import Approved, Listed, listed
from checks.fact import Missing, reads
from checks.facts.interfaces import VIRTUAL
from checks.facts.items import item
from checks.source import Command, File, Register
from checks.text import Text

HEAD = re.compile(r"\d+: +([^:\s@]+)(?:@\S+)?: <")
MAC = re.compile(r" +link/ether ([0-9a-f]{2}(?::[0-9a-f]{2}){5})\b(?:.* permaddr ([0-9a-f]{2}(?::[0-9a-f]{2}){5}))?")
ADDRESS = re.compile(r" +inet6? ([0-9A-Fa-f.:]+(?:/\d{1,3})?)(.*) scope (global|site)\b(.*)")
PASSING = frozenset({"temporary", "mngtmpaddr", "deprecated", "tentative"})
"""Of IPv6: addresses that the host makes itself out of what a router says, and forgets again."""
GUESTS = re.compile(r"vnet|vxlan|geneve|ovs-|macvt|fwbr|fwpr|fwln|ppp")
"""Interfaces that come and go with virtual machines, tunnels and calls, beside those that carry no traffic of their own."""
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}")


class Addresses(Listed, frozen=True):
    """`host NAME`, `mac MAC INTERFACE` and `address ADDRESS/PREFIX INTERFACE` of every interface that is no virtual one.

    A card in a bond is told by the MAC it was made with. IPv6 addresses that come and go by themselves are left out.
    Never absent.
    """


class ApprovedAddresses(Approved, frozen=True):
    """What of `Addresses` a person approved. Absent: nothing yet."""


@reads(File("/proc/sys/kernel/hostname"), Command(("ip", "addr", "show")))
def addresses(name: str, printed: str) -> Addresses:
    if not NAME.fullmatch(name.strip()):
        raise Missing(Text("nama host tidak masuk akal", "the host name makes no sense"))
    found = [item("host", name.strip())]
    interface, interfaces = "", 0
    for line in printed.splitlines():
        if head := HEAD.match(line):
            interface, interfaces = head[1], interfaces + 1
        elif not interface or VIRTUAL.match(interface) or GUESTS.match(interface):
            continue
        elif mac := MAC.match(line):
            found.append(item("mac", mac[2] or mac[1], interface))
        elif (address := ADDRESS.match(line)) and not PASSING & set(address[4].split()):
            found.append(item("address", _checked(address[1]), interface))
    if not interfaces:
        raise Missing(Text("ip tidak menyebut satu antarmuka pun", "ip named not a single interface"))
    if len(found) == 1:
        raise Missing(Text("ip tidak menyebut MAC maupun alamat", "ip named neither a MAC nor an address"))
    return listed(Addresses, found)


@reads(Register("approved_addresses", ApprovedAddresses))
def approved_addresses(approved: ApprovedAddresses) -> ApprovedAddresses:
    return approved


def _checked(address: str) -> str:
    try:
        ipaddress.ip_interface(address)
    except ValueError:
        raise Missing(Text(f"{address[:50]!r} bukan alamat", f"{address[:50]!r} is not an address")) from None
    return address
