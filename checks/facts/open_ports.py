"""The ports that this host opens to others, as a list that can be approved.

Laws:
- What only this host reaches (loopback) is left out: a service that opens up appears.
- A port that the kernel chose (ip_local_port_range) is another after each start: of TCP the program is told without the
  port; of UDP it is a client waiting for an answer, and left out; so is what no process owns.
"""

from __future__ import annotations

import re

from checks.baseline import Approved, Listed, listed
from checks.fact import Missing, reads
from checks.facts.items import item
from checks.facts.listeners import Listener, Listeners
from checks.facts.privilege import hidden_from
from checks.source import File, Register, Usage
from checks.text import Text

UNSEEN = "?"  # the program of a socket that the kernel owns, or that even root sees no owner of


class OpenPorts(Listed, frozen=True):
    """Every socket that listens on an address of others: protocol, address and port, program. Never absent."""


class ApprovedOpenPorts(Approved, frozen=True):
    """What of `OpenPorts` a person approved. Absent: nothing yet."""


@reads(Usage(Listeners), File("/proc/sys/net/ipv4/ip_local_port_range"), root=True)
def open_ports(reading: Listeners, chosen: str) -> OpenPorts:
    found = re.fullmatch(r"\s*(\d{1,5})\s+(\d{1,5})\s*", chosen)
    if not found:
        raise Missing(Text("ip_local_port_range tidak dapat dibaca", "ip_local_port_range does not say two ports"))
    if not reading.listeners:
        raise Missing(Text("tidak satu pun port terlihat", "not a single port was seen"))
    open_ = [one for one in reading.listeners if not one.local]
    if not reading.root and any(not one.process for one in open_):
        reason = hidden_from(root=False)
        raise Missing(
            Text(f"proses di balik port tidak terlihat; {reason.id}", f"processes behind ports are hidden; {reason.en}")
        )
    lowest, highest = int(found[1]), int(found[2])
    lines = [_line(one, chosen=lowest <= one.port <= highest) for one in open_]
    return listed(OpenPorts, [line for line in lines if line])


@reads(Register("approved_open_ports", ApprovedOpenPorts))
def approved_open_ports(approved: ApprovedOpenPorts) -> ApprovedOpenPorts:
    return approved


def _line(one: Listener, *, chosen: bool) -> str:
    if chosen and (one.protocol == "udp" or not one.process):
        return ""
    address = f"[{one.address}]" if ":" in one.address else one.address
    return item(one.protocol, f"{address}:{'*' if chosen else one.port}", one.process or UNSEEN)
