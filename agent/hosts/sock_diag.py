"""Listening TCP sockets as the kernel tells them over netlink (sock_diag(7)).

/proc/net/tcp makes the kernel walk its table of all connections, which on a large machine costs milliseconds of CPU even
when it is empty; this asks for the listening ones only.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20
REQUEST_DUMP = 0x301  # NLM_F_REQUEST | NLM_F_DUMP
NLMSG_ERROR, NLMSG_DONE = 2, 3
LISTEN = 10  # TCP_LISTEN
HEADER = struct.Struct("=IHHII")  # nlmsghdr: length, type, flags, sequence, port
REQUEST = struct.Struct("=BBBxI48x")  # inet_diag_req_v2: family, protocol, extensions, states, any socket
SOCKET = struct.Struct("=4x2s2x16s44xI")  # inet_diag_msg: port (big-endian), address, inode
SECONDS = 2.0
MOST = 1 << 16  # bytes of one answer


def listening(family: socket.AddressFamily) -> Iterator[tuple[str, int, str]]:
    """Address, port and inode of each listening TCP socket of `family`. Raises OSError where the kernel does not tell."""
    length = 4 if family == socket.AF_INET else 16
    request = REQUEST.pack(family, socket.IPPROTO_TCP, 0, 1 << LISTEN)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, NETLINK_SOCK_DIAG) as line:
        line.settimeout(SECONDS)
        line.send(HEADER.pack(HEADER.size + len(request), SOCK_DIAG_BY_FAMILY, REQUEST_DUMP, 1, 0) + request)
        for kind, body in _messages(line):
            if kind == NLMSG_ERROR:
                raise OSError(-struct.unpack_from("=i", body)[0], "sock_diag")
            port, address, inode = SOCKET.unpack_from(body)
            yield socket.inet_ntop(family, address[:length]), int.from_bytes(port, "big"), str(inode)


def _messages(line: socket.socket) -> Iterator[tuple[int, bytes]]:
    """The messages of one answer, until the kernel says that it is done."""
    while True:
        answer = line.recv(MOST)
        if not answer:
            raise OSError("sock_diag gave no answer")
        while len(answer) >= HEADER.size:
            length, kind, *_ = HEADER.unpack_from(answer)
            if kind == NLMSG_DONE:
                return
            if not HEADER.size < length <= len(answer):
                raise OSError("sock_diag gave half an answer")
            yield kind, answer[HEADER.size : length]
            answer = answer[(length + 3) & ~3 :]
