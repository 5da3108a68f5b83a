"""Connections of the outside prober: names, addresses, and lines that end in time.

Laws:
- Time counts for the whole, not from byte to byte: a server may send one a second for ever.
- What is wrong on the prober's own side is Missing; only what is wrong on the other side is trouble of the instance.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from checks.fact import Missing
from checks.outside import Trouble
from checks.text import Text

OWN = {errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EMFILE, errno.ENFILE}
MOST_ADDRESSES = 4


class Troubled(Exception):
    """The instance gave no whole answer."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble: Trouble = trouble
        self.detail = detail[:200]


@dataclass
class Line:
    """A connection that is cut when its time is over. `late` is set then. `socket` is what is cut: over TLS, that of TLS."""

    socket: socket.socket
    late: threading.Event = field(default_factory=threading.Event)

    def cut(self) -> None:
        """End it, whoever reads from it now."""
        self.late.set()
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)  # that of ssl would let its reader go on in the clear

    def troubled(self, error: Exception) -> Troubled:
        """What `error` on this line means."""
        if self.late.is_set() or isinstance(error, TimeoutError):
            return Troubled("silent", sentence(error))
        return Troubled("broken", sentence(error))


def resolve(name: str) -> tuple[str, ...]:
    """The addresses of `name`. Raises Troubled where there is no such name, Missing where the resolver does not answer."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
            raise Troubled("name", sentence(error)) from error
        said = sentence(error)
        raise Missing(
            Text(
                f"resolver prober tidak menjawab untuk {name}: {said}",
                f"the prober's resolver does not answer for {name}: {said}",
            )
        ) from error
    except UnicodeError as error:
        raise Troubled("name", str(error)) from error
    return tuple(dict.fromkeys(str(address[4][0]) for address in found))


@contextlib.contextmanager
def connected(addresses: Sequence[str], port: int, seconds: float) -> Iterator[Line]:
    """A line to the first of `addresses` that takes one. Raises Troubled (refused, silent), or Missing without a network."""
    end = time.monotonic() + seconds
    line = Line(_first(addresses[:MOST_ADDRESSES], port, end))
    timer = threading.Timer(max(0.01, end - time.monotonic()), line.cut)
    timer.daemon = True
    timer.start()
    try:
        yield line
    finally:
        timer.cancel()
        line.socket.close()


def _first(addresses: Sequence[str], port: int, end: float) -> socket.socket:
    errors: list[OSError] = []
    for number, address in enumerate(addresses):
        share = max(0.05, (end - time.monotonic()) / (len(addresses) - number))
        try:
            return socket.create_connection((address, port), timeout=share)
        except OSError as error:
            errors.append(error)
    theirs = [error for error in errors if error.errno not in OWN]
    if not theirs:
        said = sentence(errors[0]) if errors else "-"
        raise Missing(Text(f"prober tidak mempunyai jaringan: {said}", f"the prober has no network: {said}"))
    if all(isinstance(error, ConnectionRefusedError) for error in theirs):
        raise Troubled("refused", sentence(theirs[0]))
    raise Troubled("silent", sentence(theirs[0]))


def sentence(error: Exception) -> str:
    """What the system says of `error`."""
    said = (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
    return str(said)
