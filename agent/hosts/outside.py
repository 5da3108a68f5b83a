"""One instance as the public sees it: executes the sources of `checks/outside.py` against its public URL.

Laws:
- At most one request per second, whatever asks; a scan of ports opens at most `AT_ONCE` connections together.
- Ports other than the URL's own are tried only with the instance's consent.
- With `public_only` no address is connected to that is not public: whoever registers an instance cannot turn the prober inward.
- Honest about who asks, except where a source says otherwise (cloaking is not shown to those who say who they are).
- Nothing leaves it but Missing and Absent.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar, cast
from urllib.parse import quote, urlsplit

from agent.hosts.outside_line import Troubled, connected, resolve
from agent.hosts.outside_pages import SAFE, NotPublic, Visitor, are_public
from agent.hosts.outside_tls import Authorities, greet, handshake
from agent.hosts.patience import Patience
from agent.problem import Problem
from checks.fact import Absent, After, Missing
from checks.outside import Dns, Handshake, Hello, Offered, Page, Pages, Port, Resolved, Tcp, Tls, Visit
from checks.source import Source
from checks.text import Text

T = TypeVar("T")

AT_ONCE = 10
GREETING = 1.0  # seconds to wait for what a port says unasked
NAME_SECONDS = 10.0
GIVE_UP = 3  # pages without an answer


class NotAnInstance(Problem):
    """What was given to find the instance by, or to verify it with, is of no use."""


@dataclass
class Pace:
    """Lets one pass every `seconds`."""

    seconds: float
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> None:
        """Wait for one's turn."""
        with self._lock:
            turn = max(self._next, time.monotonic())
            self._next = turn + self.seconds
        time.sleep(max(0.0, turn - time.monotonic()))


@dataclass(frozen=True)
class OutsideHost:
    """The instance at `url` ("https://spse.inaproc.id/jabarprov"). Raises NotAnInstance.

    `consent`: its owner agreed to a scan of ports. `authorities`: a file of certificate authorities in the place of the
    system's, or what several hosts share. `public_only`: no address is connected to that is not public. `tls_port` and
    `plain_port` are where HTTPS and HTTP are expected if the URL does not say; `pace` in seconds.
    """

    url: str
    consent: bool = False
    authorities: str | Authorities = ""
    public_only: bool = False
    tls_port: int = 443
    plain_port: int = 80
    pace: float = 1.0
    patience: Patience = field(default_factory=Patience, repr=False, compare=False)
    _pace: Pace = field(init=False, repr=False, compare=False)
    _trusted: Authorities = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        trusted = self.authorities if isinstance(self.authorities, Authorities) else Authorities(self.authorities)
        object.__setattr__(self, "_pace", Pace(self.pace))
        object.__setattr__(self, "_trusted", trusted)
        try:
            parts = urlsplit(self.url)
            good = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and parts.port != 0
            if not good or any(ord(letter) <= 32 for letter in self.url):
                raise ValueError(self.url)
        except ValueError as error:
            raise NotAnInstance(
                Text(
                    f"bukan URL publik sebuah instans: {self.url!r}; contoh: https://lpse.example.go.id/eproc4",
                    f"not the public URL of an instance: {self.url!r}; an example: https://lpse.example.go.id/eproc4",
                )
            ) from error

        try:
            trusted.context(verify=True)
        except OSError as error:  # ssl.SSLError too
            said = error.strerror or str(error)
            raise NotAnInstance(
                Text(
                    f"otoritas sertifikat {trusted.file} tidak terbaca: {said}",
                    f"the certificate authorities {trusted.file} cannot be read: {said}",
                )
            ) from error

    def read(self, source: Source[T]) -> T:
        """See `agent.hosts.base.Host`."""
        return cast(T, self._read(source))

    def _read(self, source: Source[object]) -> object:
        match source:
            case Page():
                return self._visitor.visit(self._address(source), source)
            case Pages():
                return self._pages(source)
            case Tls():
                return self._handshake(source)
            case Hello():
                return self._greeting(source)
            case Tcp():
                return self._ports(source)
            case Dns():
                return self._name()
            case After():
                raise TypeError(f"{source.describe()} must be resolved by the survey")
        raise Missing(
            Text(f"dari luar tidak terbaca: {source.describe()}", f"not to be read from outside: {source.describe()}")
        )

    @property
    def name(self) -> str:
        """The public name."""
        return urlsplit(self.url).hostname or ""

    @property
    def _visitor(self) -> Visitor:
        return Visitor(self._trusted, self._reachable, self._pace)

    def _reachable(self, name: str) -> tuple[str, ...]:
        """The addresses of `name` that may be connected to. Raises Troubled, Missing."""
        addresses = self._resolved(name)
        if self.public_only and not are_public(addresses):
            raise NotPublic(
                Text(
                    f"{name} mengarah ke alamat yang tidak publik ({addresses[0]}); prober tidak membacanya",
                    f"{name} leads to an address that is not public ({addresses[0]}); the prober does not read it",
                )
            )
        return addresses

    def _resolved(self, name: str) -> tuple[str, ...]:
        return self.patience.wait(("resolve", name), NAME_SECONDS, lambda: resolve(name))

    def _port(self, *, secure: bool) -> int:
        """Where HTTPS (or plain HTTP) is expected."""
        parts = urlsplit(self.url)
        if parts.port and secure is (parts.scheme == "https"):
            return parts.port
        return self.tls_port if secure else self.plain_port

    def _address(self, source: Page) -> str:
        parts = urlsplit(self.url)
        base = f"[{self.name}]" if ":" in self.name else self.name
        if source.plain:
            return f"http://{base}:{self._port(secure=False)}{source.path or '/'}"
        origin = f"{parts.scheme}://{base}" + (f":{parts.port}" if parts.port else "")
        path = source.path if source.root else parts.path.rstrip("/") + source.path
        return origin + quote(path or "/", safe=SAFE)

    def _pages(self, source: Pages) -> tuple[Visit, ...]:
        asked = [(path, True) for path in source.paths] + [(path, False) for path in source.below]
        visitor = self._visitor
        seen: list[Visit] = []
        for path, root in asked:
            if len(seen) >= GIVE_UP and all(one.trouble for one in seen[-GIVE_UP:]):
                seen.append(seen[-1])  # nobody is there: not every path is tried to find that out again
                continue
            page = Page(path, timeout=source.timeout, max_bytes=source.max_bytes, follow=False, root=root)
            seen.append(visitor.visit(self._address(page), page))
        return tuple(seen)

    def _handshake(self, source: Tls) -> Handshake:
        self._pace()
        port = self._port(secure=True)
        try:
            return handshake(self._reachable(self.name), self.name, port, source.timeout, self._trusted)
        except Troubled as error:
            raise self._no_tls(error, port) from error

    def _greeting(self, source: Hello) -> Offered:
        self._pace()
        port = self._port(secure=True)
        try:
            return greet(self._reachable(self.name), self.name, port, source)
        except Troubled as error:
            raise self._no_tls(error, port) from error

    def _no_tls(self, error: Troubled, port: int) -> Missing | Absent:
        """Nobody at that port: there is no TLS. Anything else leaves it open."""
        where = f"{self.name}:{port}"
        if error.trouble == "refused":
            return Absent(Text(f"tidak ada yang menjawab TLS pada {where}", f"nobody answers TLS at {where}"))
        said = error.detail or error.trouble
        return Missing(Text(f"TLS pada {where} tidak terbaca: {said}", f"TLS at {where} could not be read: {said}"))

    def _ports(self, source: Tcp) -> tuple[Port, ...]:
        if not self.consent:
            raise Missing(
                Text(
                    "port hanya diperiksa dengan persetujuan pemilik instans (--consent-ports)",
                    "ports are tried only with the consent of the instance's owner (--consent-ports)",
                )
            )
        try:
            addresses = self._reachable(self.name)
        except Troubled as error:
            raise Missing(Text(f"{self.name}: nama tidak dikenal", f"{self.name}: no such name")) from error
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ports") as pool:
            return tuple(pool.map(lambda port: _tried(addresses, port, source.timeout), source.ports))

    def _name(self) -> Resolved:
        try:
            addresses = self._resolved(self.name)
        except Troubled:
            return Resolved(self.name, ())
        return Resolved(self.name, addresses, self._aliases())

    def _aliases(self) -> tuple[str, ...]:
        """The names that the public one is an alias of, as far as the resolver tells."""
        try:
            ipaddress.ip_address(self.name)
        except ValueError:
            pass
        else:
            return ()
        try:
            last, others, _ = self.patience.wait(
                ("aliases", self.name), NAME_SECONDS, lambda: socket.gethostbyname_ex(self.name)
            )
        except (OSError, Missing):  # only IPv6, say: the addresses are known all the same
            return ()
        return tuple(one for one in dict.fromkeys((*others, last)) if one.lower() != self.name.lower())


def _tried(addresses: tuple[str, ...], port: int, seconds: float) -> Port:
    """One port. Raises Missing where the prober has no network."""
    try:
        with connected(addresses, port, seconds) as line:
            line.socket.settimeout(min(GREETING, seconds))
            try:
                said = line.socket.recv(64)
            except OSError:
                said = b""
            return Port(port, "open", said.decode("ascii", errors="replace"))
    except Troubled as error:
        return Port(port, "closed" if error.trouble == "refused" else "filtered")
