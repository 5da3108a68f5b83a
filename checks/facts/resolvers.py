"""The DNS servers this host asks. Who chooses them chooses where every name leads."""

from __future__ import annotations

import ipaddress

from checks.baseline import Approved, Listed, listed
from checks.fact import Missing, reads
from checks.facts.items import item
from checks.source import File, FileText, Glob, Register
from checks.text import Text

MAIN = "/etc/resolv.conf"


class Resolvers(Listed, frozen=True):
    """Every name server: of /etc/resolv.conf, and of the files in which a local one (systemd-resolved, NetworkManager's)
    keeps those that it asks itself. Absent: there is no /etc/resolv.conf.
    """


class ApprovedResolvers(Approved, frozen=True):
    """What of `Resolvers` a person approved. Absent: nothing yet."""


@reads(File(MAIN), Glob("/run/systemd/resolve/resolv.conf"), Glob("/run/NetworkManager/no-stub-resolv.conf"))
def resolvers(main: str, resolved: tuple[FileText, ...], manager: tuple[FileText, ...]) -> Resolvers:
    asked = _servers(MAIN, main)
    if not asked:
        raise Missing(Text(f"{MAIN} tidak menyebut satu server pun", f"{MAIN} names no server"))
    found = {address: f"nameserver {address}" for address in asked}
    if all(ipaddress.ip_address(address.partition("%")[0]).is_loopback for address in asked):
        behind = {address for file in resolved + manager for address in _servers(file.path, file.text)}
        found |= {address: f"nameserver {address} ({MAIN}: {', '.join(sorted(asked))})" for address in behind - asked}
    return listed(Resolvers, [item(line) for line in found.values()])


@reads(Register("approved_resolvers", ApprovedResolvers))
def approved_resolvers(approved: ApprovedResolvers) -> ApprovedResolvers:
    return approved


def _servers(path: str, text: str) -> set[str]:
    found = set()
    for line in text.splitlines():
        words = line.split()
        if len(words) < 2 or words[0] != "nameserver":
            continue
        try:
            ipaddress.ip_address(words[1].partition("%")[0])
        except ValueError:
            raise Missing(
                Text(f"{path}: {words[1][:60]!r} bukan alamat", f"{path}: {words[1][:60]!r} is not an address")
            ) from None
        found.add(words[1])
    return found
