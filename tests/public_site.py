"""A stand-in for the public side of an SPSE instance, on loopback: good, careless or attacked, over HTTP or HTTPS.

Not SPSE: its pages have the marks that SPSE's have in public (the table `tbllelang` of /lelang, a session cookie), no more.
Certificates come from an authority of the test, made with each run.
"""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NAME = "localhost"
SAFE = {
    "Strict-Transport-Security": "max-age=31536000",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'self'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
SESSION = "SPSE_SESSION=abc; Path=/; Secure; HttpOnly; SameSite=Lax"

HOME = """<!doctype html><html lang="id"><head><title>LPSE Kabupaten Contoh</title>
<script src="/public/app.js"></script></head><body><nav><a href="/eproc4/lelang">Tender</a>
<a href="/eproc4/berita">Berita</a> <a href="/eproc4/unduh/panduan.pdf">Panduan</a>
<a href="https://www.lkpp.go.id/">LKPP</a></nav>
<h1>Layanan Pengadaan Secara Elektronik</h1><p>Selamat datang di situs pengadaan barang dan jasa pemerintah Kabupaten Contoh.
Paket tender terbaru: pembangunan jalan lingkar, pengadaan alat kesehatan, rehabilitasi gedung sekolah dasar.</p></body></html>"""
LIST = "<!doctype html><title>Cari Paket</title><table id='tbllelang'><tr><th>Kode</th><th>Nama Paket</th></tr></table>"
NEWS = """<!doctype html><title>Berita</title><h1>Bupati larang ASN main judi online</h1><p>Pemerintah memberantas judi online:
ASN yang bermain slot gacor atau togel dikenai sanksi.</p><p>Tersedia satu slot waktu pembuktian kualifikasi.</p>"""
SPAM = """<h2>Situs Slot Gacor Maxwin</h2><p>Daftar slot88 dan togel, rtp live hari ini, bonus new member</p>
<a href="https://slotgacor-maxwin.example/">Link alternatif</a>"""

Page = Callable[["Asked"], tuple[int, dict[str, str], str]]


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    agent: str
    referer: str
    cookies: str


@dataclass
class Pages:
    """What stands at which path. `everything` answers before all others; `slow` seconds pass before each answer."""

    pages: dict[str, Page] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=lambda: dict(SAFE))
    everything: Page | None = None
    asked: list[Asked] = field(default_factory=list)

    def answer(self, one: Asked) -> tuple[int, dict[str, str], str]:
        self.asked.append(one)
        page = self.everything or self.pages.get(one.path.partition("?")[0])
        return page(one) if page else (404, {}, "<!doctype html><title>404</title><p>Tidak ditemukan</p>")


def html(text: str, status: int = 200, **headers: str) -> Page:
    return lambda _: (status, {name.replace("_", "-"): value for name, value in headers.items()}, text)


def good() -> Pages:
    """As it should be."""
    return Pages(
        {
            "/eproc4": html(HOME, Set_Cookie=SESSION), "/eproc4/lelang": html(LIST), "/eproc4/berita": html(NEWS),
            "/": html("", 302, Location="/eproc4"), "/eproc4/metrics": html("Akses Ditolak", 403),
            "/eproc4/@status": html("Not authorized", 401),
        }
    )  # fmt: skip


def attacked() -> Pages:
    """Gambling for search engines on the home page, for everybody on a page it links to; a stranger's script."""

    def home(asked: Asked) -> tuple[int, dict[str, str], str]:
        stranger = HOME.replace("</head>", '<script src="https://stats.evil-cdn.example/x.js"></script></head>')
        crawled = "googlebot" in asked.agent.lower() or "google." in asked.referer
        return (
            200,
            {"Set-Cookie": "SPSE_SESSION=abc; Path=/"},
            f"<title>Slot Gacor</title>{SPAM * 5}" if crawled else stranger,
        )

    metrics = "# HELP jvm_threads_current Current\n# TYPE jvm_threads_current gauge\njvm_threads_current 80\n"
    pages = good().pages | {
        "/eproc4": home, "/eproc4/berita": html(f"<title>Berita</title>{SPAM}"), "/eproc4/metrics": html(metrics),
        "/.git/HEAD": html("ref: refs/heads/main\n"), "/backup.sql": html("-- PostgreSQL database dump\nCREATE TABLE peserta"),
        "/": html(HOME),
    }  # fmt: skip
    return Pages(pages, {})


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        said = {name: self.headers.get(name, "") for name in ("User-Agent", "Referer", "Cookie")}
        status, headers, text = self.server.pages.answer(Asked(self.path, *said.values()))
        body = text.encode()
        self.send_response(status)
        given = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            **self.server.pages.headers,
        }
        for name, value in (given | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    """The stand-in on a free port of loopback."""

    daemon_threads = True

    def __init__(self, pages: Pages, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages, self.context = pages, context

    def finish_request(self, request: object, client_address: object) -> None:
        """The handshake belongs to the thread of its connection: who dawdles holds up nobody else."""
        if self.context is not None:
            request = self.context.wrap_socket(request, server_side=True)  # type: ignore[arg-type]
        super().finish_request(request, client_address)  # type: ignore[arg-type]

    def handle_error(self, *_: object) -> None:
        """A client that only greets, or does not trust."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def served(pages: Pages, certificate: Certificate | None = None) -> Iterator[Server]:
    """`pages` on loopback, over HTTPS if there is a certificate."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.file, certificate.key)
    server = Server(pages, context)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Certificate:
    """Files of a certificate with its chain, and of its key."""

    file: Path
    key: Path


class Authority:
    """A certificate authority of the test. `file` is its own certificate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Pantau test authority")])
        made = self._builder(self._name, self._key.public_key(), -1, 30)
        made = made.add_extension(x509.BasicConstraints(True, None), True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def issue(
        self,
        name: str = NAME,
        *,
        begins: int = -1,
        ends: int = 90,
        bits: int = 2048,
        curve: bool = False,
        own: bool = False,
    ) -> Certificate:
        """A certificate for `name` and 127.0.0.1, from and until so many days from now; `own`: signed by itself."""
        key = ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, bits)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._builder(subject, key.public_key(), begins, ends, issuer=subject if own else None)
        names: list[x509.GeneralName] = [x509.DNSName(name)]
        if name == NAME:
            names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        made = made.add_extension(x509.SubjectAlternativeName(names), False)
        signed = made.sign(key if own else self._key, hashes.SHA256())
        stem = f"{name}-{begins}-{ends}-{bits}-{curve}-{own}"
        file, secret = self.folder / f"{stem}.pem", self.folder / f"{stem}.key"
        file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return Certificate(file, secret)

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey, begins: int, ends: int,
        *, issuer: x509.Name | None = None,
    ) -> x509.CertificateBuilder:  # fmt: skip
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer or self._name).public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + datetime.timedelta(days=begins)).not_valid_after(now + datetime.timedelta(days=ends))
        )  # fmt: skip
