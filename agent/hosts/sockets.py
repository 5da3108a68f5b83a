"""Listening sockets of this machine, and the process that holds each.

The kernel lists sockets without their holders; finding those means reading every open file of every process. Holders are
kept from survey to survey, and each is looked at again before it is told: a survey of every minute looks for new ones only.

Laws:
- A socket's holder is told only if it holds that socket now.
- Of several holders it is the one with the lowest id (the master, not a worker), and systemd only if nobody else does.
- Without root the holders of other users' sockets are not seen: their names stay empty, never guessed.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from agent.hosts import processes, sock_diag
from checks.facts.listeners import Listener

TABLES = (
    ("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6), ("udp", socket.AF_INET), ("udp6", socket.AF_INET6),
)  # fmt: skip
LISTENING = "0A"  # TCP_LISTEN of the kernel's net/tcp_states.h
NO_PORT = ":0000"  # how the other end of a socket that is connected to nobody ends
AGAIN = 600.0  # seconds after which a socket is looked for again that nobody seemed to hold, or systemd alone
SYSTEMD = 1


@dataclass(frozen=True)
class Holder:
    """Who holds a socket: process and number of the open file; nobody that can be seen, if `pid` is 0."""

    pid: int
    file: int
    seen: float  # monotonic seconds of the search that found it

    def holds(self, inode: str) -> bool:
        """Does it hold that socket now?"""
        try:
            return os.readlink(f"/proc/{self.pid}/fd/{self.file}") == f"socket:[{inode}]"
        except OSError:
            return False


@dataclass
class Sockets:
    """Reads listening sockets; remembers who held them."""

    _holders: dict[str, Holder] = field(default_factory=dict)

    def listening(self) -> tuple[Listener, ...]:
        """All listening TCP sockets and unconnected UDP sockets. Raises OSError, ValueError."""
        seen = [(table, *row) for table, family in TABLES for row in _waiting(table, family)]
        holders = self._known({inode for *_, inode in seen})
        names = {pid: processes.name(pid) for pid in {one.pid for one in holders.values()} if pid}
        found = {
            Listener(address, port, table[:3], names.get(holders[inode].pid, ""))
            for table, address, port, inode in seen
        }
        return tuple(sorted(found, key=lambda one: (one.protocol, one.port, one.address, one.process)))

    def _known(self, inodes: Collection[str]) -> dict[str, Holder]:
        now = time.monotonic()
        kept = {inode: self._holders[inode] for inode in inodes if inode in self._holders}
        good = {
            inode: one
            for inode, one in kept.items()
            if (one.pid > SYSTEMD and one.holds(inode)) or (one.pid <= SYSTEMD and now - one.seen < AGAIN)
        }
        good = {inode: one for inode, one in good.items() if one.pid != SYSTEMD or one.holds(inode)}
        if len(good) < len(inodes):
            good = _search(inodes, now)
        self._holders = good
        return good


def _search(inodes: Collection[str], now: float) -> dict[str, Holder]:
    """Who holds each of `inodes`, looked for in all processes."""
    found = {inode: Holder(0, 0, now) for inode in inodes}
    for pid in processes.pids():
        try:
            files = os.listdir(f"/proc/{pid}/fd")
        except OSError:  # it ended, or is another user's
            continue
        for file in files:
            try:
                link = os.readlink(f"/proc/{pid}/fd/{file}")
            except OSError:
                continue
            if link.startswith("socket:[") and (one := found.get(link[8:-1])) and one.pid <= SYSTEMD:
                found[link[8:-1]] = Holder(pid, int(file), now)
    return found


def _waiting(table: str, family: socket.AddressFamily) -> Iterable[tuple[str, int, str]]:
    """Address, port and inode of each socket of one kind that waits for others."""
    if table.startswith("tcp"):
        try:
            return list(sock_diag.listening(family))
        except (OSError, struct.error):  # a kernel without the module, or a sandbox without netlink
            pass
    return _rows(table, family)


def _rows(table: str, family: socket.AddressFamily) -> Iterator[tuple[str, int, str]]:
    """The same from a table in /proc/net (proc(5))."""
    try:
        with open(f"/proc/net/{table}", encoding="ascii") as lines:
            next(lines, "")
            for line in lines:
                fields = line.split(None, 10)
                local, remote, state, inode = fields[1], fields[2], fields[3], fields[9]
                if state != LISTENING if table.startswith("tcp") else not remote.endswith(NO_PORT):
                    continue
                address, _, port = local.partition(":")
                if int(port, 16):
                    yield _address(address, family), int(port, 16), inode
    except FileNotFoundError:
        if family != socket.AF_INET6:  # a kernel without IPv6 has no such file
            raise
    except IndexError as error:
        raise ValueError(f"/proc/net/{table} is not in the kernel's form") from error


def _address(digits: str, family: socket.AddressFamily) -> str:
    """An address of which the kernel printed each word of 4 bytes as a number of this machine."""
    raw = bytes.fromhex(digits)
    if sys.byteorder == "little":
        raw = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return socket.inet_ntop(family, raw)
