"""Waiting for readings that the kernel may hold for ever: a file or a mount of a dead NFS server.

Laws:
- Who reads waits no longer than the source's time, then it is Missing (`Hanging`); the others go on.
- What hangs is not asked again until it has let go: a dead mount costs one thread, not one a minute.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from checks.fact import Missing
from checks.text import Text

T = TypeVar("T")


class Hanging(Missing):
    """It gave no answer in its time."""


@dataclass
class _Reading(Generic[T]):
    """One reading under way. Exactly one of `said` and `raised` is set once `done` is."""

    read: Callable[[], T]
    said: list[T] = field(default_factory=list)
    raised: BaseException | None = None
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Read. Whatever is raised is raised again for the one who waits; a thread of its own would only print it."""
        try:
            self.said.append(self.read())
        except BaseException as error:  # noqa: BLE001 - see the docstring
            self.raised = error
        self.done.set()


@dataclass
class Patience:
    """Remembers what hangs."""

    _hanging: dict[Hashable, threading.Event] = field(default_factory=dict)

    def wait(self, what: Hashable, seconds: float, read: Callable[[], T]) -> T:
        """What `read` returns or raises. Raises Hanging after `seconds`, and at once while an earlier `what` still hangs."""
        before = self._hanging.get(what)
        if before is not None and not before.is_set():
            raise Hanging(Text("pembacaan sebelumnya masih menggantung", "an earlier reading of it still hangs"))
        reading = _Reading(read)
        threading.Thread(target=reading.run, name="reading", daemon=True).start()
        if not reading.done.wait(seconds):
            self._hanging[what] = reading.done
            raise Hanging(Text(f"tidak terbaca dalam {seconds:g} detik", f"could not be read within {seconds:g} s"))
        self._hanging.pop(what, None)
        if reading.raised is not None:
            raise reading.raised
        return reading.said[0]
