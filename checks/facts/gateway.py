"""The first hop: does the default gateway answer, how fast, and how many packets are lost on the way?"""

from __future__ import annotations

import ipaddress
import re

from checks.fact import Absent, After, Fact, Missing, reads
from checks.source import Command, File
from checks.text import Text

COUNT = 15
UP_AND_GATEWAY = 0x3
LOST = re.compile(r"^(\d{1,4}) packets transmitted, (\d{1,4}) received,.* packet loss", re.MULTILINE)
TIMES = re.compile(r"^rtt min/avg/max/mdev = [\d.]+/([\d.]+)/[\d.]+/[\d.]+ ms", re.MULTILINE)


class Gateway(Fact, frozen=True):
    """The IPv4 gateway of the default route with the lowest metric. Absent: there is no default route."""

    address: str


class GatewayReply(Fact, frozen=True):
    """Echo requests to the gateway: how many were sent, how many answered, their mean time in milliseconds (None: no answer).

    Absent: as Gateway.
    """

    address: str
    sent: int
    received: int
    mean: float | None = None


@reads(File("/proc/net/route"))
def gateway(text: str) -> Gateway:
    lines = text.splitlines()
    if not lines or not lines[0].startswith("Iface"):
        raise Missing(Text("/proc/net/route tidak memiliki kepala tabel", "/proc/net/route has no header"))
    found: list[tuple[int, str]] = []
    for line in lines[1:]:
        words = line.split()
        if len(words) < 8 or not all(re.fullmatch(r"[0-9A-F]{8}", word) for word in (words[1], words[2], words[7])):
            raise Missing(Text("/proc/net/route tidak terbaca", "/proc/net/route cannot be read"))
        flags = int(words[3], 16) if re.fullmatch(r"[0-9A-Fa-f]{4}", words[3]) else 0
        if words[1] == words[7] == "00000000" and flags & UP_AND_GATEWAY == UP_AND_GATEWAY and words[6].isdecimal():
            address = ipaddress.IPv4Address(bytes.fromhex(words[2])[::-1])
            found.append((int(words[6]), str(address)))
    if not found:
        raise Absent(Text("tidak ada rute default IPv4", "there is no default IPv4 route"))
    return Gateway(min(found)[1])


def _ping(found: Gateway) -> Command:
    argv = ("ping", "-n", "-q", "-c", str(COUNT), "-i", "0.2", "-W", "1", found.address)
    return Command(argv, ok=(0, 1))  # 1: some or all were lost


@reads(After(Gateway, f"command ping -c {COUNT} GATEWAY", _ping))
def gateway_reply(printed: str) -> GatewayReply:
    counted, times = LOST.search(printed), TIMES.search(printed)
    named = re.match(r"PING ([\d.]{7,15}) ", printed)
    if counted is None or named is None or not 0 <= int(counted[2]) <= int(counted[1]) or int(counted[1]) == 0:
        raise Missing(
            Text("ping tidak menyebut berapa paket yang hilang", "ping did not tell how many packets were lost")
        )
    if int(counted[2]) and times is None:
        raise Missing(Text("ping tidak menyebut waktunya", "ping did not tell its times"))
    mean = float(times[1]) if times and int(counted[2]) and times[1].count(".") <= 1 else None
    return GatewayReply(named[1], int(counted[1]), int(counted[2]), mean)
