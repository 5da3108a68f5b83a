"""Reading a request's body: bounded before anything can hurt.

Laws:
- A body that says it is too large is refused unread; one that lies about it is refused at the first byte too many.
- Decompression stops at the limit: a bomb costs no more memory than an honest body.
- A sender that stops in the middle is let go after the time limit.
- All bodies on their way together hold at most `Budget.most` bytes; who comes beyond that is told to come again.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from collector.ingest.refusal import Refusal, Refused

Receive = Callable[[], Awaitable[Any]]


@dataclass
class Budget:
    """Bytes of bodies that are on their way, of all requests together. Used in the event loop only."""

    most: int = 256 << 20
    held: int = 0


async def read_body(
    receive: Receive,
    headers: Mapping[bytes, bytes],
    *,
    most: int,
    most_decoded: int,
    timeout: float,
    budget: Budget,
) -> bytes:
    """The decoded body. `most` bytes on the wire, `most_decoded` after decompression, `timeout` in seconds. Raises Refused."""
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > most:
        raise Refused(Refusal.TOO_LARGE, f"the body has {int(length)} bytes, the limit is {most}")
    try:
        async with asyncio.timeout(timeout):
            body = await _collect(receive, most, budget)
    except TimeoutError:
        raise Refused(Refusal.INCOMPLETE, f"the body did not arrive within {timeout:g} s") from None
    if length.isdigit() and len(body) < int(length):
        raise Refused(Refusal.INCOMPLETE, f"only {len(body)} of {int(length)} bytes arrived")
    encoding = headers.get(b"content-encoding", b"identity").strip().lower()
    if encoding in (b"identity", b""):
        return body
    if encoding == b"gzip":
        return _gunzip(body, most_decoded)
    raise Refused(Refusal.BAD_ENCODING, f"Content-Encoding {encoding[:40]!r} is not known here; use gzip or none")


async def _collect(receive: Receive, most: int, budget: Budget) -> bytes:
    body = bytearray()
    try:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refused(Refusal.INCOMPLETE, f"the sender left after {len(body)} bytes")
            chunk = message.get("body", b"")
            body += chunk
            budget.held += len(chunk)
            if len(body) > most:
                raise Refused(Refusal.TOO_LARGE, f"the body has more than {most} bytes")
            if budget.held > budget.most:
                raise Refused(Refusal.BUSY, "too many bodies are on their way; try again later")
            if not message.get("more_body", False):
                return bytes(body)
    finally:
        budget.held -= len(body)


def _gunzip(body: bytes, most: int) -> bytes:
    decompressor = zlib.decompressobj(wbits=31)
    try:
        decoded = decompressor.decompress(body, most + 1)
    except zlib.error as error:
        raise Refused(Refusal.BAD_ENCODING, f"the body is not gzip: {error}") from error
    if len(decoded) > most:
        raise Refused(Refusal.TOO_LARGE, f"the decompressed body has more than {most} bytes")
    if not decompressor.eof:
        raise Refused(Refusal.BAD_ENCODING, "the gzip body ends too early")
    if decompressor.unused_data:
        raise Refused(Refusal.BAD_ENCODING, "something follows the gzip body")
    return decoded
