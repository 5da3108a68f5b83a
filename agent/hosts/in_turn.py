"""A host that several surveys read, one thing at a time.

Laws:
- However many surveys are under way, one source is read at a time. Who is in a hurry waits for that one only.
- Once told to stop nothing more is read: who waits for its turn gets Missing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from agent.hosts.base import Host
from checks.fact import Missing
from checks.source import Source
from checks.text import Text

T = TypeVar("T")


@dataclass
class Turns:
    """Lets one in at a time; who is in a hurry goes before those who are not."""

    _changed: threading.Condition = field(default_factory=threading.Condition)
    _taken: bool = False
    _hurried: int = 0

    @contextmanager
    def turn(self, *, hurried: bool) -> Iterator[None]:
        """Wait for one's turn."""
        with self._changed:
            self._hurried += hurried
            self._changed.wait_for(lambda: not self._taken and (hurried or not self._hurried))
            self._hurried -= hurried
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()


@dataclass(frozen=True)
class HostInTurn:
    """`host`, of which one thing is read at a time (the surveys of an instance share their `turns`), and nothing after `stop`."""

    host: Host
    turns: Turns
    stop: threading.Event
    hurried: bool

    def read(self, source: Source[T]) -> T:
        """See `agent.hosts.base.Host`."""
        with self.turns.turn(hurried=self.hurried):
            if self.stop.is_set():
                raise Missing(Text("prober dihentikan", "the prober is stopping"))
            return self.host.read(source)
