"""Network interfaces: packets, errors, drops and bytes since they came up."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Absent, Fact, Missing, reads
from checks.source import File
from checks.text import Text

VIRTUAL = re.compile(r"lo$|veth|docker|br-|virbr|lxc|cni|cali|flannel|ifb|dummy|tun|tap|wg|sit|gre|ip6tnl|ibr")
MOST = 16


class Interface(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Counters of one interface, both directions together; `received` and `sent` in bytes."""

    name: str
    packets: int
    errors: int
    drops: int
    received: int = 0
    sent: int = 0


class Interfaces(Fact, frozen=True):
    """Interfaces that carry traffic, at most 16, the busiest first. Absent: none but virtual ones."""

    interfaces: tuple[Interface, ...]


@reads(File("/proc/net/dev"))
def interfaces(text: str) -> Interfaces:
    found: list[Interface] = []
    if "packets" not in text:
        raise Missing(Text("/proc/net/dev tidak memiliki kepala tabel", "/proc/net/dev has no header"))
    for line in text.splitlines():
        name, colon, rest = line.rpartition(":")
        if not colon or VIRTUAL.match(name.strip()):
            continue
        numbers = rest.split()
        if len(numbers) < 16 or not all(number.isdecimal() for number in numbers):
            raise Missing(
                Text(
                    f"/proc/net/dev: baris {name.strip()[:20]!r} tidak terbaca",
                    f"/proc/net/dev: cannot read the line of {name.strip()[:20]!r}",
                )
            )
        received, sent = [int(number) for number in numbers[:8]], [int(number) for number in numbers[8:16]]
        packets, errors, drops = received[1] + sent[1], received[2] + sent[2], received[3] + sent[3]
        found.append(Interface(name.strip(), packets, errors, drops, received[0], sent[0]))
    if not found:
        raise Absent(Text("tidak ada antarmuka jaringan fisik", "there is no physical network interface"))
    return Interfaces(tuple(sorted(found, key=lambda one: (-one.packets, one.name))[:MOST]))
