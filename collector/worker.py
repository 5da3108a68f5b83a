"""The judging thread: judges what the ledger holds, and sweeps for silence.

Laws:
- It is woken when something was accepted, and looks by itself twice a second: other processes append too.
- It looks for silence up to a little while ago: a report that another process received may still be on its way to the ledger.
- An error is logged and tried again; it never ends the thread. No entry goes unseen: one that breaks the judge is logged and
  counted.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import close_old_connections, connection

from checks import SOFTWARE
from checks.catalogue import catalogue
from checks.standard import load
from collector.surveillance.consumer import Judging

log = logging.getLogger(__name__)

LOOK = 0.5  # seconds between two looks when nobody wakes it
SWEEP = 10.0  # seconds between two sweeps
MARGIN = timedelta(seconds=10)  # between what a sweep looks at and the present
REST = 2.0  # seconds after an error


def judging() -> Judging:
    """A judge with this release's catalogue and standards."""
    return Judging(catalogue(), load(), SOFTWARE)


class JudgeThread:
    """Runs one `Judging` in a thread."""

    def __init__(self, unjudged: Callable[[int], None] = lambda entries: None) -> None:
        """`unjudged` is told how many entries were passed over since the start, whenever there is one more."""
        self._unjudged = unjudged
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="judge", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Something was accepted."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the batch in hand and end."""
        self._stop.set()
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        judge = judging()
        swept = time.monotonic() - SWEEP + 2 * LOOK
        while not self._stop.is_set():
            try:
                passed_over = judge.unjudged
                judged = judge.step()
                if judge.unjudged > passed_over:
                    self._unjudged(judge.unjudged - passed_over)
                if time.monotonic() - swept >= SWEEP:
                    swept = time.monotonic()
                    now = datetime.now(UTC)
                    judge.sweep(now - MARGIN)
                    judge.age(now)
            except Exception:  # law: nothing ends this thread
                log.exception("event=judge_failed")
                close_old_connections()
                connection.close()
                self._stop.wait(REST)
                continue
            if not judged:
                self._wake.wait(LOOK)
                self._wake.clear()
        connection.close()
