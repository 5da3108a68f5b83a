"""One HTTP request to a server on the far host itself, by curl there.

Laws: those of `loopback`. Only loopback addresses, by number; no redirects, no proxies, no curlrc; bounded; half an answer is none.
"""

from __future__ import annotations

import http.client
import io
from collections.abc import Callable
from urllib.parse import urlsplit

from agent.hosts.loopback import ADDRESSES
from agent.hosts.ssh_shell import Printed
from checks.fact import Missing
from checks.source import Answer, Http
from checks.text import Text

REFUSED = 7  # curl(1): failed to connect
HEADERS = 64 * 1024


def get(source: Http, run: Callable[[tuple[str, ...], int], Printed]) -> Answer:
    """The answer to `source`; `run` runs curl with a limit of bytes. Raises Missing."""
    try:
        url = urlsplit(source.url)
        host, port = url.hostname or "", url.port or 80
    except ValueError as error:
        raise Missing(f"{source.url!r}: {error}") from error
    if url.scheme != "http" or host not in ADDRESSES or not source.url.isprintable():
        raise Missing(Text(f"{source.url!r} bukan alamat loopback", f"{source.url!r} is not a loopback address"))
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    named = host if port == 80 else f"{host}:{port}"
    printed = Printed(REFUSED, b"", "")
    for address in ADDRESSES[host]:
        where = f"[{address}]" if ":" in address else address
        printed = run(_argv(source, f"http://{where}:{port}{path}", named), source.max_bytes + HEADERS)
        if printed.code != REFUSED:
            break
    if printed.code:
        why = printed.err.strip() or f"curl: {printed.code}"
        raise Missing(f"{source.url}: {why}")
    return _answer(source, printed.out)


def _argv(source: Http, url: str, named: str) -> tuple[str, ...]:
    method = ("--head",) if source.method == "HEAD" else ("--include", "--request", source.method)
    return (
        "curl", "-q", "--silent", "--show-error", *method, "--http1.1", "--noproxy", "*", "--globoff", "--path-as-is",
        "--proto", "=http", "--max-time", f"{source.timeout:g}", "--max-filesize", str(source.max_bytes),
        "--user-agent", "pantau-agent", "--header", "Accept: */*", "--header", f"Host: {named}", "--url", url,
    )  # fmt: skip


def _answer(source: Http, printed: bytes) -> Answer:
    """What curl printed: headers (of interim answers too), an empty line, and the body."""
    stream = io.BytesIO(printed)
    try:
        while True:
            words = stream.readline().decode("latin-1").split(None, 2)
            status = int(words[1]) if words and words[0].startswith("HTTP/") else 0
            headers = {name.lower(): value for name, value in http.client.parse_headers(stream).items()}
            if not 100 <= status < 200:
                break
    except (ValueError, IndexError, http.client.HTTPException) as error:
        raise Missing(f"{source.url}: {error}") from error
    body = stream.read()
    if not status:
        raise Missing(Text(f"{source.url}: bukan jawaban HTTP", f"{source.url}: no answer in HTTP"))
    if len(body) > source.max_bytes:
        most = source.max_bytes
        raise Missing(
            Text(f"{source.url} menjawab lebih dari {most} byte", f"{source.url} answered more than {most} bytes")
        )
    return Answer(status, headers, body.decode("utf-8", errors="replace"))
