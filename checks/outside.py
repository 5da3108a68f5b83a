"""What can be read of one instance from outside, as data: its name, its ports, its TLS, its pages.

All of it is relative to the public URL of the instance, which the host knows; a source names none.

Laws:
- As of every source: literal, and it does nothing. `agent/hosts/outside.py` executes it.
- That nobody answers is a reading here, not a failure to read: `trouble` says how it went wrong on the instance's side. What
  went wrong on the prober's own side (no network, no answer of its resolver) is Missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias, TypeVar

from checks import VERSION
from checks.source import Source
from checks.vantage import Vantage

T = TypeVar("T", covariant=True)

HONEST = f"Pantau/{VERSION} (+LKPP surveillance)"
BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
SEARCH_ENGINE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
SEARCH_REFERER = "https://www.google.com/"

MOST_PAGE = 512 * 1024  # bytes of a page that are read; what comes after is left

Trouble: TypeAlias = Literal["", "name", "refused", "silent", "tls", "broken", "loop", "inward"]
"""Why there was no whole answer: its name is unknown, nobody listens, nothing in time, no TLS, half an answer or none in HTTP,
too many redirects, a redirect to an address that is not public. Empty: there was one.
"""


@dataclass(frozen=True)
class Visit:
    """What came of asking for one page. `status` 0: no whole answer, for `trouble`; `detail` is what the system said.

    `url` was asked last, after `hops`. Header names are in lower case; `headers` has the last of each name, `cookies` all
    values of Set-Cookie on the whole way. `secure`: it came over TLS; `trusted`: and the certificate was verified.
    `whole` False: the body was longer than was read. `seconds` is the time of the whole way; the last request was sent at
    `sent`, its head arrived at `received` (aware, by the prober's clock).
    """

    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()
    text: str = ""
    hops: tuple[str, ...] = ()
    secure: bool = False
    trusted: bool = False
    whole: bool = True
    seconds: float = 0.0
    sent: datetime | None = None
    received: datetime | None = None
    trouble: Trouble = ""
    detail: str = ""


@dataclass(frozen=True)
class Certificate:
    """One X.509 certificate. `kind` is RSA, EC, Ed25519, ...; `bits` of its key; `signature` the hash it was signed with."""

    subject: str
    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    kind: str
    bits: int
    signature: str
    self_signed: bool


@dataclass(frozen=True)
class Handshake:
    """A TLS handshake as a browser of today makes it. `problem`: why the certificate was not accepted; empty: it was.

    `chain` is what the server sent, its own certificate first.
    """

    version: str
    cipher: str
    problem: str
    chain: tuple[Certificate, ...]


@dataclass(frozen=True)
class Offered:
    """What the server chose of what was offered; `version` and `suite` are 0 where it refused, with `refusal`."""

    version: int = 0
    suite: int = 0
    refusal: str = ""


@dataclass(frozen=True)
class Port:
    """One TCP port: `state` open, closed or filtered (no answer); `greeting` is what it says unasked, 64 bytes at most."""

    number: int
    state: str
    greeting: str = ""


@dataclass(frozen=True)
class Resolved:
    """The public name: its addresses, and the names it is an alias of, in order. No addresses: there is no such name."""

    name: str
    addresses: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outside(Source[T]):
    """Base of what is read from outside."""

    @property
    def vantage(self) -> Vantage:
        return Vantage.OUTSIDE


@dataclass(frozen=True)
class Page(Outside[Visit]):
    """GET of `path` below the public URL ("" is its home). `root`: below the host instead. `plain`: over HTTP, unencrypted.

    `follow` follows redirects. Of a body `max_bytes` are read.
    """

    path: str = ""
    max_bytes: int = field(default=MOST_PAGE, kw_only=True)
    timeout: float = field(default=15.0, kw_only=True)
    agent: str = field(default=HONEST, kw_only=True)
    referer: str = field(default="", kw_only=True)
    follow: bool = field(default=True, kw_only=True)
    root: bool = field(default=False, kw_only=True)
    plain: bool = field(default=False, kw_only=True)

    def describe(self) -> str:
        base = "{HOST}" if self.root or self.plain else "{URL}"
        who = "" if self.agent == HONEST else f" ({self.agent})"
        return f"page {'http://' if self.plain else ''}{base}{self.path}{who}"


@dataclass(frozen=True)
class Pages(Outside[tuple[Visit, ...]]):
    """GET of several paths of the host, one after the other, redirects not followed. `timeout` is for each."""

    paths: tuple[str, ...]
    below: tuple[str, ...] = field(default=(), kw_only=True)  # these are below the public URL; they come last
    max_bytes: int = field(default=4096, kw_only=True)

    def describe(self) -> str:
        return " ".join(
            ("pages", *(f"{{HOST}}{path}" for path in self.paths), *(f"{{URL}}{path}" for path in self.below))
        )


@dataclass(frozen=True)
class Tls(Outside[Handshake]):
    """One handshake with the protocol and ciphers of today, verified. Nobody listens for TLS: Absent."""

    def describe(self) -> str:
        return "tls {HOST}"


@dataclass(frozen=True)
class Hello(Outside[Offered]):
    """One TLS greeting that offers `version` (as on the wire: 0x0301 is TLS 1.0) and `suites`; no handshake is completed."""

    version: int
    suites: tuple[int, ...]

    def describe(self) -> str:
        return f"tls {{HOST}} offering {self.version:#06x} with {len(self.suites)} cipher suites"


@dataclass(frozen=True)
class Tcp(Outside[tuple[Port, ...]]):
    """One TCP connection to each of `ports`. Only with the instance's consent; without it: Missing. `timeout` is for each."""

    ports: tuple[int, ...]
    timeout: float = field(default=3.0, kw_only=True)

    def describe(self) -> str:
        return f"tcp {{HOST}} {','.join(map(str, self.ports))}"


@dataclass(frozen=True)
class Dns(Outside[Resolved]):
    """The public name, as the prober's resolver knows it."""

    def describe(self) -> str:
        return "dns {HOST}"
