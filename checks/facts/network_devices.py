"""Network devices as the kernel shows them: which listen to everything, and which are radios."""

from __future__ import annotations

import re

from checks.fact import Fact, Missing, reads
from checks.source import FileStat, FileText, Glob, Stat
from checks.text import Text

PROMISCUOUS = 0x100  # IFF_PROMISC of linux/if.h
MOST = 20
FLAGS = re.compile(r"/sys/class/net/([^/]+)/flags")
NET = "/sys/class/net"
LOOPBACK = "/sys/class/net/lo"  # every host has it: that it is seen shows that the others would be
WIRELESS = re.compile(r"/sys/class/net/([^/]+)/(?:wireless|phy80211)")
BLUETOOTH = re.compile(r"/sys/class/bluetooth/([^/]+)")


class Promiscuous(Fact, frozen=True):
    """Interfaces that take in packets for others (at most 20), of all `interfaces`. Ports of a bridge, which have to, are
    in `bridged` instead. Never absent.
    """

    interfaces: int
    names: tuple[str, ...] = ()
    bridged: tuple[str, ...] = ()


class Radios(Fact, frozen=True):
    """Wireless interfaces and Bluetooth adapters (at most 20 each), and whether rfkill blocks every radio of that kind.

    Never absent.
    """

    wireless: tuple[str, ...] = ()
    bluetooth: tuple[str, ...] = ()
    wireless_blocked: bool = False
    bluetooth_blocked: bool = False


@reads(Glob("/sys/class/net/*/flags"), Stat(("/", "/sys/class/net/*/brport")))
def promiscuous(files: tuple[FileText, ...], seen: tuple[FileStat, ...]) -> Promiscuous:
    flags: dict[str, int] = {}
    for file in files:
        match, text = FLAGS.fullmatch(file.path), file.text.strip()
        if match is None or not re.fullmatch(r"0x[0-9a-fA-F]{1,8}", text):
            raise Missing(
                Text("flag antarmuka jaringan tidak terbaca", "the flags of a network interface cannot be read")
            )
        flags[match[1]] = int(text, 16)
    if not flags:
        raise Missing(Text("tidak satu pun antarmuka jaringan terlihat", "not a single network interface was seen"))
    ports = {one.path.split("/")[4] for one in seen if one.path.endswith("/brport")}
    listening = sorted(name for name, value in flags.items() if value & PROMISCUOUS)
    return Promiscuous(
        len(flags),
        tuple(name for name in listening if name not in ports)[:MOST],
        tuple(name for name in listening if name in ports)[:MOST],
    )


@reads(
    Stat((NET, LOOPBACK, "/sys/class/net/*/wireless", "/sys/class/net/*/phy80211", "/sys/class/bluetooth/*")),
    Glob("/sys/class/rfkill/*/uevent"),
)
def radios(seen: tuple[FileStat, ...], switches: tuple[FileText, ...]) -> Radios:
    if not {NET, LOOPBACK}.issubset(one.path for one in seen):
        raise Missing(Text(f"{NET} tidak terlihat", f"{NET} cannot be seen"))
    wireless = {match[1] for one in seen if (match := WIRELESS.fullmatch(one.path))}
    bluetooth = {match[1] for one in seen if (match := BLUETOOTH.fullmatch(one.path))}
    return Radios(
        tuple(sorted(wireless))[:MOST],
        tuple(sorted(name for name in bluetooth if ":" not in name))[:MOST],
        _blocked(switches, "wlan"),
        _blocked(switches, "bluetooth"),
    )


def _blocked(switches: tuple[FileText, ...], kind: str) -> bool:
    """Does rfkill know radios of `kind`, and is every one of them blocked (state 0 by software, 2 by a switch)?"""
    said = [dict(re.findall(r"^(RFKILL_\w+)=(\S*)$", file.text, re.MULTILINE)) for file in switches]
    states = [one.get("RFKILL_STATE") for one in said if one.get("RFKILL_TYPE") == kind]
    return bool(states) and all(state in {"0", "2"} for state in states)
