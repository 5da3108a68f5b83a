"""The judging process: judges what the ledger holds, and sweeps for silence.

Laws:
- It is a process of its own: neither its work nor its death delays a report at the door.
- It is woken when something was accepted, and looks by itself twice a second: other processes append too.
- It looks for silence up to a little while ago: a report that another process received may still be on its way to the ledger.
- An error is logged and tried again; it never ends the process. No entry goes unseen: one that breaks the judge is logged
  and counted. A provider that cannot be surveyed costs no other its survey.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, close_old_connections, connection

from checks import SOFTWARE
from checks.catalogue import catalogue
from checks.standard import load
from collector.keys import NoKey
from collector.surveillance.consumer import Judging
from collector.surveillance.survey.take import due, survey

log = logging.getLogger(__name__)

LOOK = 0.5  # seconds between two looks when nobody wakes it
SWEEP = 10.0  # seconds between two sweeps
MARGIN = timedelta(seconds=10)  # between what a sweep looks at and the present
REST = 2.0  # seconds after an error
SURVEYS = 20  # of providers, between two sweeps
NICE = 5  # reports at the door come first

Wait = Callable[[float], bool]
"""Waits so many seconds, or less if there is news; False: it is time to end."""


def judging() -> Judging:
    """A judge with this release's catalogue and standards."""
    return Judging(catalogue(), load(), SOFTWARE)


def work(wait: Wait) -> None:
    """Judge until `wait` says that it is time to end."""
    judge = judging()
    swept = time.monotonic() - SWEEP + 2 * LOOK
    pause = 0.0
    while wait(pause):
        try:
            judged = judge.step()
            if time.monotonic() - swept >= SWEEP:
                swept = time.monotonic()
                now = datetime.now(UTC)
                judge.sweep(now - MARGIN)
                judge.age(now)
                survey_some(now)
            pause = 0.0 if judged else LOOK
        except Exception:  # law: nothing ends this process
            log.exception("event=judge_failed")
            close_old_connections()
            connection.close()
            pause = REST
    connection.close()


def survey_some(now: datetime) -> None:
    """Take the collector's own survey of the providers whose turn it is; without a key there is none."""
    for provider in due(now, SURVEYS):
        try:
            survey(provider, now)
        except NoKey as error:
            log.warning("event=no_survey reason=%r", str(error))
            return
        except DatabaseError:
            raise
        except Exception:  # law: the others are surveyed all the same
            log.exception("event=provider_not_surveyed provider=%s", provider.slug)


def until_told() -> Wait:
    """Waits in the foreground, until SIGTERM or SIGINT."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    return lambda seconds: not told.wait(seconds)


def while_open(descriptor: int) -> Wait:
    """Waits for whoever holds the other end of a pipe: each byte is a waking, its end is ours."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the holder tells us when to end

    def wait(seconds: float) -> bool:
        readable, _, _ = select.select([descriptor], [], [], seconds)
        return not readable or bool(os.read(descriptor, 1 << 16))

    return wait
