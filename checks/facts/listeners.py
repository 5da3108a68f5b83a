"""Ports on which this host listens."""

from __future__ import annotations

import ipaddress

import msgspec

from checks.fact import Fact, reads
from checks.source import Usage


class Listener(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One listening socket. `process` is empty where the reader may not see it (needs root), or the kernel owns it."""

    address: str
    port: int
    protocol: str  # tcp, udp
    process: str = ""

    @property
    def local(self) -> bool:
        """Is it reachable from this host only?"""
        address = ipaddress.ip_address(self.address.partition("%")[0])
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return (mapped or address).is_loopback  # a dual-stack JVM shows 127.0.0.1 as ::ffff:127.0.0.1


class Listeners(Fact, frozen=True):
    """All listening TCP sockets and bound UDP sockets. Never absent. `root`: they were read as root."""

    listeners: tuple[Listener, ...]
    root: bool = False


@reads(Usage(Listeners))
def listeners(reading: Listeners) -> Listeners:
    return reading
