"""What stands beside the hosts in the laboratory's network: two time servers, and somebody who takes logs and copies.

Run inside the site's namespace: `python -m tests.lab.site`. A time server here tells this machine's clock, as stratum 2
(RFC 5905, figure 8), and nothing else.
"""

from __future__ import annotations

import contextlib
import socketserver
import struct
import threading
import time

TIME_SERVERS = ("10.99.0.1", "10.99.0.2")
LOGS = ("", 6514)
EPOCH = 2208988800  # of NTP, before that of Unix, in seconds


def stamp() -> bytes:
    """Now, in NTP's 64 bits."""
    now = time.time() + EPOCH
    return struct.pack("!II", int(now), int((now % 1) * (1 << 32)))


class Clock(socketserver.BaseRequestHandler):
    """Answers one NTP request."""

    def handle(self) -> None:
        received = stamp()
        asked, socket = self.request
        if len(asked) >= 48:
            version = (asked[0] >> 3) & 7
            head = struct.pack("!BBbbII4s", version << 3 | 4, 2, asked[2], -20, 0, 1 << 8, bytes((127, 127, 1, 9)))
            socket.sendto(head + received + asked[40:48] + received + stamp(), self.client_address)


class Sink(socketserver.StreamRequestHandler):
    """Takes logs, and copies of backups, and forgets them."""

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            while self.rfile.read1(65536):
                pass


class Logs(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main() -> None:
    """Serve until ended."""
    servers: list[socketserver.BaseServer] = [Logs(LOGS, Sink)]
    servers += [socketserver.ThreadingUDPServer((address, 123), Clock) for address in TIME_SERVERS]
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()


if __name__ == "__main__":
    main()
