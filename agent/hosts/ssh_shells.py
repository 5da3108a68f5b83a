"""The shells on one SSH connection: opened when they are needed, lent to one reading at a time, replaced when they are worn.

Laws:
- Never more than `SESSIONS` at once, and never more than sshd allows (MaxSessions): where it refuses one, those that are open do.
- A shell that did not give a whole answer is closed, and so is one older than `LIFETIME`: what was granted then (sudo) may not be
  granted now.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Condition

from agent.hosts.ssh_shell import Shell
from checks.fact import Missing

SESSIONS = 4  # shells at once; sshd allows 10 sessions on one connection (MaxSessions), some set fewer
LIFETIME = 600.0  # seconds
PATIENCE = 10.0  # seconds in which sshd may still count a shell that was closed
AGAIN = 300.0  # seconds after which more shells are tried where sshd refused


class SessionRefused(Missing):
    """sshd gives no further session on this connection."""


@dataclass(eq=False)
class Shells:
    """The shells that `start` opens. Threads may share it. `start` raises SessionRefused, or another Missing."""

    start: Callable[[], Shell]
    _idle: list[Shell] = field(default_factory=list)
    _lent: int = 0
    _most: int = SESSIONS
    _tried_at: float = 0.0
    _closed: bool = False
    _change: Condition = field(default_factory=Condition)

    @contextlib.contextmanager
    def one(self) -> Iterator[Shell]:
        """A shell for one reading; who finds all lent waits, and each is lent for no longer than a reading may take."""
        shell = self._borrow()
        try:
            yield shell
        finally:
            with self._change:
                self._lent -= 1
                if shell.sound and not self._closed:
                    self._idle.append(shell)
                else:
                    shell.close()
                self._change.notify()

    def close(self) -> None:
        """End all; those that are lent end when they come back."""
        with self._change:
            self._closed = True
            for shell in self._idle:
                shell.close()
            self._idle.clear()

    def _borrow(self) -> Shell:
        deadline = time.monotonic() + PATIENCE
        while True:
            if (shell := self._from_idle()) is not None:
                return shell
            try:
                return self.start()
            except SessionRefused:
                with self._change:
                    self._lent -= 1
                    alone = not (self._lent or self._idle)
                    self._most, self._tried_at = max(1, self._lent + len(self._idle)), time.monotonic()
                    self._change.notify()
                if alone:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.1)
            except BaseException:
                with self._change:
                    self._lent -= 1
                    self._change.notify()
                raise

    def _from_idle(self) -> Shell | None:
        """A shell that waits to be used, or None where one may be opened; it is counted as lent."""
        with self._change:
            while True:
                now = time.monotonic()
                for worn in [one for one in self._idle if now - one.opened_at > LIFETIME]:
                    self._idle.remove(worn)
                    worn.close()
                if self._most < SESSIONS and now - self._tried_at > AGAIN:
                    self._most = SESSIONS
                if self._idle:
                    self._lent += 1
                    return self._idle.pop()
                if self._lent < self._most:
                    self._lent += 1
                    return None
                self._change.wait()
