"""One HTTP request to a server on this very machine.

Laws:
- Only loopback addresses. A host never reaches out through this; the outside is watched by probers.
- Redirects are not followed, proxies are not used, the answer's body is bounded.
"""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from checks.fact import Missing
from checks.source import Answer, Http
from checks.text import Text

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def get(source: Http) -> Answer:
    """The answer to `source`. Raises Missing when nobody answers in time, or the answer is too large."""
    url = urlsplit(source.url)
    if url.scheme != "http" or url.hostname not in LOOPBACK:
        raise Missing(Text(f"{source.url} bukan alamat loopback", f"{source.url} is not a loopback address"))
    connection = http.client.HTTPConnection(url.hostname, url.port or 80, timeout=source.timeout)
    try:
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        connection.request(source.method, path, headers={"User-Agent": "pantau-agent", "Accept": "*/*"})
        response = connection.getresponse()
        body = response.read(source.max_bytes + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Missing(f"{source.url}: {error or type(error).__name__}") from error
    finally:
        connection.close()
    if len(body) > source.max_bytes:
        raise Missing(
            Text(
                f"{source.url} menjawab lebih dari {source.max_bytes} byte",
                f"{source.url} answered more than {source.max_bytes} bytes",
            )
        )
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, body.decode("utf-8", errors="replace"))
