"""One HTTP request to a server on this very machine.

Laws:
- Only loopback addresses, by number: what /etc/hosts says of `localhost` is not asked. A host never reaches out through
  this; the outside is watched by probers.
- Redirects are not followed, proxies are not used, the answer's body is bounded, and so is the time of the whole.
- Half an answer is no answer.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from checks.fact import Missing
from checks.source import Answer, Http
from checks.text import Text

ADDRESSES = {"127.0.0.1": ("127.0.0.1",), "::1": ("::1",), "localhost": ("127.0.0.1", "::1")}


def get(source: Http) -> Answer:
    """The answer to `source`. Raises Missing when nobody answers whole and in time, or the answer is too large."""
    try:
        url = urlsplit(source.url)
        host, port = url.hostname or "", url.port or 80
    except ValueError as error:
        raise Missing(f"{source.url!r}: {error}") from error
    if url.scheme != "http" or host not in ADDRESSES:
        raise Missing(Text(f"{source.url} bukan alamat loopback", f"{source.url} is not a loopback address"))
    late = threading.Event()
    try:
        with _connected(ADDRESSES[host], port, source.timeout, late) as line:
            connection = http.client.HTTPConnection(host, port)
            connection.sock = line
            path = (url.path or "/") + (f"?{url.query}" if url.query else "")
            connection.request(source.method, path, headers={"User-Agent": "pantau-agent", "Accept": "*/*"})
            response = connection.getresponse()
            body = response.read(source.max_bytes + 1)
            left = response.length
    except (OSError, ValueError, http.client.HTTPException) as error:
        slow = late.is_set() or isinstance(error, TimeoutError)
        raise Missing(_late(source) if slow else f"{source.url}: {_sentence(error)}") from error
    if late.is_set():
        raise Missing(_late(source))
    if len(body) > source.max_bytes:
        raise Missing(
            Text(
                f"{source.url} menjawab lebih dari {source.max_bytes} byte",
                f"{source.url} answered more than {source.max_bytes} bytes",
            )
        )
    if left:
        raise Missing(Text(f"{source.url}: jawaban terputus", f"{source.url}: the answer breaks off"))
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, body.decode("utf-8", errors="replace"))


@contextlib.contextmanager
def _connected(addresses: tuple[str, ...], port: int, seconds: float, late: threading.Event) -> Iterator[socket.socket]:
    """A connection to the first of `addresses` that takes one; cut after `seconds`, whatever is going on, and `late` set.

    A time limit of the socket would count from each byte, and a server may send one a second for ever.
    """
    for number, address in enumerate(addresses, 1):
        try:
            line = socket.create_connection((address, port), timeout=seconds)
            break
        except ConnectionRefusedError:
            if number == len(addresses):
                raise

    def cut() -> None:
        late.set()
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield line
    finally:
        timer.cancel()
        line.close()


def _late(source: Http) -> Text:
    seconds = f"{source.timeout:g}"
    return Text(
        f"{source.url} tidak menjawab lengkap dalam {seconds} detik",
        f"{source.url} gave no whole answer within {seconds} s",
    )


def _sentence(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
