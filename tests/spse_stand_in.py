"""A stand-in for SPSE, not SPSE: it only answers over HTTP as the published Play fork of SPSE does.

`{path}` answers 200; `{path}/metrics` 403 "Akses Ditolak" unless the asking address is allowed, else Prometheus text that
the same client libraries wrote (tests/checks/real/spse/metrics.txt); `{path}/@status` and its siblings 401 without the key;
all of these 503 while it is not started; anything else 404. Its key is a constant of this file, no one's secret.

Run it by hand: `python -m tests.spse_stand_in 9090 --path /eproc4 --allow 127.0.0.1`.
"""

from __future__ import annotations

import argparse
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

METRICS = Path(__file__).parent / "checks" / "real" / "spse" / "metrics.txt"
ALLOWED = ("180.233.156.10", "103.55.160.11", "103.170.105.24")  # LKPP's own, built into the fork
KEY = "stand-in"
KEYED = ("@status", "@query", "@pages", "@jobs", "@checksum")


class StandIn(ThreadingHTTPServer):
    """The stand-in. `started` False is the time while Play compiles or migrates; `hangs` accepts and never answers."""

    daemon_threads = True

    def __init__(self, port: int = 0, path: str = "/eproc4", allow: tuple[str, ...] = (), metrics: str = "") -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.path, self.allow = path, ALLOWED + allow
        self.metrics = metrics or METRICS.read_text(encoding="utf-8")
        self.started, self.released = True, threading.Event()
        self.released.set()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        self.server.released.wait(30)
        status, kind, text = self._answer()
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self) -> tuple[int, str, str]:
        server = self.server
        if not server.started:
            return 503, "text/plain", "Application is not started"
        if self.path.rstrip("/") == server.path.rstrip("/"):
            return 200, "text/html", "<!doctype html><title>SPSE</title>"
        inner = self.path.removeprefix(f"{server.path.rstrip('/')}/").removesuffix(".json")
        if inner == "metrics":
            if self.client_address[0] not in server.allow:
                return 403, "text/html", "Akses Ditolak"
            return 200, "text/plain; version=0.0.4; charset=utf-8", server.metrics
        if inner in KEYED:
            if self.headers.get("authorization") != KEY:
                return 401, "text/html", "Not authorized"
            return 200, "text/html", "<!doctype html><title>Application status</title>"
        return 404, "text/html", "Not found"

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def spse(path: str = "/eproc4", allow: tuple[str, ...] = (), metrics: str = "") -> Iterator[StandIn]:
    """A running stand-in on a free port of loopback."""
    server = StandIn(0, path, allow, metrics)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A stand-in for SPSE on loopback")
    parser.add_argument("port", type=int)
    parser.add_argument("--path", default="/eproc4")
    parser.add_argument("--allow", nargs="*", default=[])
    given = parser.parse_args()
    print(f"stand-in for SPSE on http://127.0.0.1:{given.port}{given.path}")
    StandIn(given.port, given.path, tuple(given.allow)).serve_forever()
