"""Where the public name leads, as the domain name system tells."""

from __future__ import annotations

import ipaddress

from checks.fact import Fact, reads
from checks.outside import Dns, Resolved

MOST = 16


class PublicName(Fact, frozen=True):
    """Addresses of the public name and the names it is an alias of; no addresses: there is no such name.

    `inward` are those of the addresses that are not public (private, loopback, link-local). Never absent.
    """

    name: str
    addresses: tuple[str, ...]
    aliases: tuple[str, ...]
    inward: tuple[str, ...]


@reads(Dns())
def resolved(seen: Resolved) -> PublicName:
    inward = tuple(one for one in seen.addresses if not _public(one))
    return PublicName(seen.name[:255], tuple(sorted(seen.addresses))[:MOST], seen.aliases[:MOST], inward[:MOST])


def _public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False
