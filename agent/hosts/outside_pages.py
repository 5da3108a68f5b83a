"""Pages as the outside prober asks for them: a bounded GET, redirects followed with care.

Laws:
- The certificate is verified. Where it does not hold the page is asked for again without, because visitors see it too and a
  forged page is what is looked for; the reading then says that it is not trusted. Nothing secret is ever sent.
- Bounded in time (the whole way, redirects included), in bytes (also of what is unpacked), in redirects.
- A redirect never leads the prober from a public address to one that is not.
- No cookies are kept, no proxies are used, nothing but GET is asked.
"""

from __future__ import annotations

import http.client
import ipaddress
import ssl
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from agent.hosts.outside_line import Line, Troubled, connected
from agent.hosts.outside_tls import Authorities, wrap
from checks.fact import Missing
from checks.outside import Page, Trouble, Visit

MOST_HOPS = 5
NAT64, NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 6052, 8215
MOVED = {301, 302, 303, 307, 308}
KEPT = 60  # headers
SAFE = "/%:=&?~#+!$,;'@()*[]"


class NotPublic(Missing):
    """A name leads to an address that is not public, and such are not read."""


@dataclass(frozen=True)
class Visitor:
    """Asks for pages. `resolve` gives the addresses of a name; `pace` waits before each request."""

    authorities: Authorities
    resolve: Callable[[str], tuple[str, ...]]
    pace: Callable[[], None]

    def visit(self, url: str, source: Page) -> Visit:
        """What came of asking for `url`. Raises Missing."""
        spent, hops, cookies, public = 0.0, list[str](), list[str](), False
        while True:
            self.pace()
            start = time.monotonic()
            try:
                addresses = self._addresses(url, inward_is_trouble=bool(hops) and public)
                public = public or are_public(addresses)
                seen = self._get(url, addresses, source, source.timeout - spent)
            except Troubled as error:
                spent += time.monotonic() - start
                return Visit(
                    url,
                    hops=tuple(hops),
                    cookies=tuple(cookies),
                    seconds=spent,
                    trouble=error.trouble,
                    detail=error.detail,
                )
            spent += time.monotonic() - start
            cookies += seen.cookies
            target = seen.headers.get("location", "")
            if not (source.follow and seen.status in MOVED and target):
                return replace(seen, hops=tuple(hops), cookies=tuple(cookies[:KEPT]), seconds=spent)
            hops.append(url)
            try:
                url = urljoin(url, target)
            except ValueError as error:
                return Visit(url, hops=tuple(hops), seconds=spent, trouble="broken", detail=f"{target[:100]}: {error}")
            if len(hops) > MOST_HOPS or spent >= source.timeout or url in hops:
                trouble: Trouble = "silent" if spent >= source.timeout else "loop"
                return Visit(url, hops=tuple(hops), seconds=spent, trouble=trouble, detail=url[:200])

    def _addresses(self, url: str, *, inward_is_trouble: bool) -> tuple[str, ...]:
        """Where `url` is. A public site that leads inside is at fault itself, whoever refuses to go. Raises Troubled, Missing."""
        try:
            addresses = self.resolve(_split(url).hostname or "")
        except NotPublic:
            if inward_is_trouble:
                raise Troubled("inward", url) from None
            raise
        if inward_is_trouble and not are_public(addresses):
            raise Troubled("inward", url)
        return addresses

    def _get(self, url: str, addresses: Sequence[str], source: Page, seconds: float) -> Visit:
        """One request. Raises Troubled, or Missing."""
        end = time.monotonic() + max(0.1, seconds)
        try:
            return self._asked(url, addresses, source, end, verify=True)
        except ssl.SSLCertVerificationError:
            return self._asked(url, addresses, source, end, verify=False)

    def _asked(self, url: str, addresses: Sequence[str], source: Page, end: float, *, verify: bool) -> Visit:
        parts = _split(url)
        secure, name = parts.scheme == "https", parts.hostname or ""
        port = parts.port or (443 if secure else 80)
        with connected(addresses, port, max(0.1, end - time.monotonic())) as line:
            socket = wrap(line, name, self.authorities.context(verify=verify)) if secure else line.socket
            connection = http.client.HTTPConnection(name, port)
            connection.sock = socket
            if port == (443 if secure else 80):
                connection.port = 80  # so that the Host header does not name it
            asked = _Asked(line, connection)
            seen = asked.get(_target(parts), source)
        return replace(seen, url=url, secure=secure, trusted=secure and verify)


@dataclass
class _Asked:
    """One request under way."""

    line: Line
    connection: http.client.HTTPConnection
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, target: str, source: Page) -> Visit:
        headers = {"User-Agent": source.agent, "Accept": "text/html,*/*;q=0.8", "Accept-Language": "id,en;q=0.5"}
        headers |= {"Accept-Encoding": "identity", "Connection": "close"}
        headers |= {"Referer": source.referer} if source.referer else {}
        try:
            sent = datetime.now(UTC)
            self.connection.request("GET", target, headers=headers)
            response = self.connection.getresponse()
            received = datetime.now(UTC)
            body = response.read(source.max_bytes + 1)
            left = response.length
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise self.line.troubled(error) from error
        finally:
            self.connection.close()
        if self.line.late.is_set():
            raise Troubled("silent", "")
        whole = len(body) <= source.max_bytes
        if whole and left:
            raise Troubled("broken", "the answer breaks off")
        given = response.getheaders()[:KEPT]
        names = {name.lower(): value[:2000] for name, value in given}
        text, unpacked = _unpacked(body[: source.max_bytes], names.get("content-encoding", ""), source.max_bytes)
        return Visit(
            "", response.status, names, tuple(value[:2000] for name, value in given if name.lower() == "set-cookie"),
            _decoded(text, names.get("content-type", "")), whole=whole and unpacked, sent=sent, received=received,
        )  # fmt: skip


def _split(url: str) -> SplitResult:
    """The parts of `url`. Raises Troubled where it is none that can be asked."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            raise Troubled("broken", url)
    except ValueError as error:
        raise Troubled("broken", f"{url}: {error}") from error
    return parts


def _target(parts: SplitResult) -> str:
    """What stands in the request line: nothing that could end it."""
    return quote(parts.path or "/", safe=SAFE) + (f"?{quote(parts.query, safe=SAFE)}" if parts.query else "")


def are_public(addresses: Sequence[str]) -> bool:
    """Can the whole internet reach all of them? Those that hold another address are judged by that one as well."""
    return all(map(_is_public, addresses))


def _is_public(address: str) -> bool:
    one = ipaddress.ip_address(address.partition("%")[0])
    if not one.is_global or one.is_multicast:
        return False
    if isinstance(one, ipaddress.IPv4Address):
        return True
    if one.is_site_local or one in NAT64_LOCAL or int(one) >> 32 == 0:
        return False
    within = one.sixtofour or (ipaddress.IPv4Address(int(one) & 0xFFFFFFFF) if one in NAT64 else None)
    return within is None or _is_public(str(within))


def _unpacked(body: bytes, coding: str, most: int) -> tuple[bytes, bool]:
    """`body` without its compression, `most` bytes of it, and whether that was all. Raises Troubled."""
    if coding.strip().lower() in {"", "identity"}:
        return body, True
    if coding.strip().lower() not in {"gzip", "x-gzip", "deflate"}:
        raise Troubled("broken", f"Content-Encoding: {coding[:40]}")
    unpacker = zlib.decompressobj(47)  # gzip or zlib, as it begins
    try:
        return unpacker.decompress(body, most), unpacker.eof
    except zlib.error as error:
        raise Troubled("broken", str(error)) from error


def _decoded(body: bytes, kind: str) -> str:
    """`body` as text: in the encoding it names if that is one of the old western ones, else UTF-8."""
    western = any(name in kind.lower() for name in ("iso-8859-1", "latin1", "windows-1252"))
    return body.decode("cp1252" if western else "utf-8", errors="replace")
