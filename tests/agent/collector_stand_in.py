"""A stand-in for the collector: a real HTTP server, real signatures, the answers of collector/ingest/app.py.

A token that begins with `prober` enrols a prober; `instances` are those it lists. It keeps what it accepted in `accepted`
(payload by digest, in the order of arrival). `answer`, when set, is asked first: it may answer a request in any way, or return
None to leave it to the stand-in.
"""

from __future__ import annotations

import gzip
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from checks.policy import Policy
from evidence.enrolment import POLICY_MEDIA_TYPE, Enrolled, read_enrolment
from evidence.envelope import Envelope, read_envelope, seal, unpack_envelopes
from evidence.instances import MEDIA_TYPE as INSTANCES
from evidence.instances import Instance, Instances
from evidence.key import PrivateKey
from tests.agent.parts import COLLECTOR_KEY


@dataclass(frozen=True)
class Said:
    """One answer: as it goes on the wire, `body` unchanged."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def envelopes(self) -> list[Envelope]:
        """The envelopes of a push."""
        raw = gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body
        return unpack_envelopes(raw)


class CollectorStandIn(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0, key: PrivateKey = COLLECTOR_KEY) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.key, self.policy = key, Policy()
        self.instances: tuple[Instance, ...] = ()
        self.asked: list[Asked] = []
        self.accepted: dict[str, bytes] = {}
        self.answer: Callable[[Asked], Said | None] | None = None
        self.scheme = "http"

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def batches(self) -> list[int]:
        """The number of envelopes of each push, in order."""
        return [len(one.envelopes) for one in self.asked if one.path == "/v1/reports"]

    def said(self, asked: Asked) -> Said:
        if self.answer is not None and (said := self.answer(asked)) is not None:
            return said
        match asked.path:
            case "/v1/reports":
                return answered(*(self.accept(one) for one in asked.envelopes))
            case "/v1/policy":
                return Said(200, self.sealed_policy().encode())
            case "/v1/instances":
                return Said(200, seal(INSTANCES, Instances(self.instances).encode(), self.key).encode())
            case "/v1/enrolments":
                request = read_enrolment(read_envelope(asked.body))
                of = ("", "") if request.token.startswith("prober") else ("srv-1", "LPSE Kota Contoh")
                made = Enrolled(*of, self.key.public.raw, self.sealed_policy())
                return Said(200, json_of(made))
        return Said(404, b'{"entries":[{"status":"refused","reason":"not_found","detail":"?"}]}')

    def accept(self, envelope: Envelope) -> dict[str, str]:
        known = envelope.digest in self.accepted
        self.accepted[envelope.digest] = envelope.payload
        return {"status": "known" if known else "accepted", "digest": envelope.digest}

    def sealed_policy(self) -> Envelope:
        return seal(POLICY_MEDIA_TYPE, self.policy.encode(), self.key)


class _Handler(BaseHTTPRequestHandler):
    server: CollectorStandIn
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        self.server.asked.append(asked)
        said = self.server.said(asked)
        self.send_response(said.status)
        for name, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.body)
        if int(said.headers.get("Content-Length", len(said.body))) != len(said.body):
            self.close_connection = True

    def do_GET(self) -> None:
        self.handle_any()

    def do_POST(self) -> None:
        self.handle_any()

    def send_response(self, code: int, message: str | None = None) -> None:
        """As it stands in BaseHTTPRequestHandler, without a Date of its own when the answer brings one."""
        self.send_response_only(code, message)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def answered(*entries: dict[str, str], status: int = 200, **members: Any) -> Said:
    """An answer in the collector's form; `members` are those of a later version."""
    return Said(status, json.dumps({"entries": entries, **members}).encode(), {"Content-Type": "application/json"})


def refused(reason: str, status: int = 403) -> Said:
    """The whole request refused."""
    return answered({"status": "refused", "reason": reason, "detail": f"because {reason}"}, status=status)


def json_of(value: object) -> bytes:
    import msgspec

    return msgspec.json.encode(value)


@contextmanager
def collector(port: int = 0, tls: tuple[Path, Path] | None = None) -> Iterator[CollectorStandIn]:
    """A running stand-in on a free port of loopback; `tls` is (certificate, key)."""
    server = CollectorStandIn(port)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
