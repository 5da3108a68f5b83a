"""TLS as the outside prober speaks it: one whole handshake of today, and bare greetings that offer what is obsolete.

Laws:
- The handshake is verified against the system's authorities (or one file of them). Only if that fails is the certificate
  read again without, to say what it is; the reading then carries the reason.
- A greeting is written by hand because no library of today offers SSL 3.0 or RC4. Only the server's first answer is read.
"""

from __future__ import annotations

import socket
import ssl
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from agent.hosts.outside_line import Line, Troubled, connected, sentence
from checks.outside import Certificate, Handshake, Hello, Offered

MOST_NAMES = 50
RENEWED = 86400.0  # seconds
MOST_CHAIN = 8
ALERT, HANDSHAKE, SERVER_HELLO = 21, 22, 2
WARNING = 1
CURVES, POINTS, SIGNATURES, NAME = 10, 11, 13, 0  # extensions
RANDOM = bytes(range(32))  # nothing is kept secret on this line


@dataclass(frozen=True)
class Authorities:
    """Whom to trust: the system's authorities, or those in `file`.

    They are read once a day: that costs a tenth of a second, and a prober makes thousands of connections an hour. Safe to use from
    several threads.
    """

    file: str = ""
    _made: dict[bool, tuple[float, ssl.SSLContext]] = field(default_factory=dict, repr=False, compare=False)

    def context(self, *, verify: bool) -> ssl.SSLContext:
        """A context for one connection; it is shared, and must not be changed."""
        made_at, context = self._made.get(verify, (0.0, None))
        if context is None or time.monotonic() - made_at > RENEWED:
            context = ssl.create_default_context(cafile=self.file or None)
            if not verify:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            self._made[verify] = (time.monotonic(), context)
        return context


def wrap(line: Line, name: str, context: ssl.SSLContext) -> ssl.SSLSocket:
    """TLS on `line`. Raises ssl.SSLCertVerificationError, or Troubled."""
    try:
        tls = context.wrap_socket(line.socket, server_hostname=name, do_handshake_on_connect=False)
        line.socket = tls  # the other one is none any more: what is cut from now on is this
        if line.late.is_set():
            line.cut()
        tls.do_handshake()
        return tls
    except ssl.SSLCertVerificationError:
        raise
    except (OSError, ValueError) as error:
        if line.late.is_set() or isinstance(error, TimeoutError):
            raise line.troubled(error) from error
        raise Troubled("tls", sentence(error)) from error


def handshake(addresses: Sequence[str], name: str, port: int, seconds: float, authorities: Authorities) -> Handshake:
    """The handshake that a browser makes. Raises Troubled, or Missing."""
    with connected(addresses, port, seconds) as line:
        try:
            return _read(wrap(line, name, authorities.context(verify=True)), "")
        except ssl.SSLCertVerificationError as error:
            problem = error.verify_message or sentence(error)
    with connected(addresses, port, seconds) as line:
        return _read(wrap(line, name, authorities.context(verify=False)), problem)


def _read(tls: ssl.SSLSocket, problem: str) -> Handshake:
    with tls:
        cipher = tls.cipher()
        leaf = tls.getpeercert(binary_form=True)
        if cipher is None or leaf is None:
            raise Troubled("tls", "no certificate")
        chain = [leaf]
        if more := getattr(tls, "get_unverified_chain", None):  # public since Python 3.13
            chain = list(more()) or chain
        return Handshake(tls.version() or "", cipher[0], problem, tuple(map(_parse, chain[:MOST_CHAIN])))


def _parse(der: bytes) -> Certificate:
    try:
        one = x509.load_der_x509_certificate(der)
        key = one.public_key()
        named = one.signature_hash_algorithm
        bits = key.key_size if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey | dsa.DSAPublicKey) else 256
        return Certificate(
            subject=one.subject.rfc4514_string()[:200],
            names=_names(one)[:MOST_NAMES],
            issuer=one.issuer.rfc4514_string()[:200],
            not_before=one.not_valid_before_utc,
            not_after=one.not_valid_after_utc,
            kind=_kind(key),
            bits=bits,
            signature=named.name if named else one.signature_algorithm_oid._name,
            self_signed=one.subject == one.issuer,
        )
    except ValueError as error:
        raise Troubled("tls", f"a certificate that makes no sense: {error}") from error


def _kind(key: object) -> str:
    for kind, name in ((rsa.RSAPublicKey, "RSA"), (ec.EllipticCurvePublicKey, "EC"), (dsa.DSAPublicKey, "DSA")):
        if isinstance(key, kind):
            return name
    return type(key).__name__.strip("_").removesuffix("PublicKey")


def _names(one: x509.Certificate) -> tuple[str, ...]:
    try:
        found = one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    names = found.get_values_for_type(x509.DNSName)
    return (*names, *(str(address) for address in found.get_values_for_type(x509.IPAddress)))


def greet(addresses: Sequence[str], name: str, port: int, source: Hello) -> Offered:
    """What the server answers to `source`. Raises Troubled where it says nothing in time, or Missing."""
    with connected(addresses, port, source.timeout) as line:
        try:
            line.socket.sendall(client_hello(name, source.version, source.suites))
            return _answer(line.socket)
        except (ConnectionError, EOFError) as error:
            if line.late.is_set():
                raise line.troubled(error) from error
            return Offered(refusal=sentence(error))
        except OSError as error:
            raise line.troubled(error) from error


def client_hello(name: str, version: int, suites: Sequence[int]) -> bytes:
    """A ClientHello (RFC 5246 7.4.1.2) in one record. SSL 3.0 knows no extensions."""
    body = struct.pack("!H", version) + RANDOM + b"\0"
    body += _sized(b"".join(struct.pack("!H", suite) for suite in suites)) + b"\1\0"
    if version > 0x0300:
        extensions = _extension(CURVES, _sized(struct.pack("!4H", 29, 23, 24, 25))) + _extension(POINTS, b"\1\0")
        if version >= 0x0303:
            offered = (0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0603, 0x0806, 0x0601, 0x0203, 0x0201)
            extensions += _extension(SIGNATURES, _sized(struct.pack(f"!{len(offered)}H", *offered)))
        if not name.replace(".", "").isdigit() and ":" not in name:
            extensions += _extension(NAME, _sized(b"\0" + _sized(name.encode("idna"))))
        body += _sized(extensions)
    message = b"\1" + len(body).to_bytes(3, "big") + body
    return struct.pack("!BHH", HANDSHAKE, min(version, 0x0301), len(message)) + message


def _sized(content: bytes) -> bytes:
    return struct.pack("!H", len(content)) + content


def _extension(number: int, content: bytes) -> bytes:
    return struct.pack("!H", number) + _sized(content)


def _answer(line: socket.socket) -> Offered:
    """Read records until a ServerHello or the end. Raises EOFError, OSError."""
    for _ in range(4):
        kind, _version, length = struct.unpack("!BHH", _exactly(line, 5))
        if kind not in {ALERT, HANDSHAKE} or length > 1 << 14:
            raise EOFError("no TLS")
        content = _exactly(line, length)
        if kind == ALERT and content[:1] != bytes([WARNING]):
            return Offered(refusal=f"alert {content[1] if len(content) > 1 else 0}")
        if kind == HANDSHAKE and content[:1] == bytes([SERVER_HELLO]) and len(content) > 39:
            session = content[38]
            if len(content) < 41 + session:
                raise EOFError("half a ServerHello")
            version, suite = struct.unpack_from("!H", content, 4)[0], struct.unpack_from("!H", content, 39 + session)[0]
            return Offered(version, suite)
    raise EOFError("no ServerHello")


def _exactly(line: socket.socket, length: int) -> bytes:
    content = b""
    while len(content) < length:
        chunk = line.recv(length - len(content))
        if not chunk:
            raise EOFError("the connection was closed")
        content += chunk
    return content
