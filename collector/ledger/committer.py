"""Group commit: many requests, one transaction.

One thread takes what has gathered since the last commit and appends it. Under light load a report waits for nobody; under
heavy load, while one commit is on its way to the disk, the next group gathers by itself.

Laws:
- A future resolves only after its group's commit.
- If a commit fails, for whatever reason, every future of the group gets NotStored and the thread goes on with the next
  group; nothing is retried here, the agents will.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from collector.ledger.admitted import Admitted
from collector.ledger.append import Appender, Outcome

log = logging.getLogger(__name__)

MOST_IN_GROUP = 256
GATHER = 0.005  # seconds to wait for company, only while the last group had company: a commit costs ten reports


class Overloaded(Exception):
    """More reports wait for the disk than this process will hold."""


class NotStored(Exception):
    """The commit failed: nothing of the group is in the ledger."""


@dataclass(frozen=True)
class Pending:
    """Reports of one request, and whom to tell."""

    reports: Sequence[Admitted]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[list[Outcome]]

    def resolve(self, outcomes: list[Outcome]) -> None:
        """Tell the waiting request."""
        if not self.done.done():
            self.done.set_result(outcomes)

    def fail(self, error: Exception) -> None:
        """Tell the waiting request that nothing of it was stored."""
        if not self.done.done():
            self.done.set_exception(error)


@dataclass
class Committer:
    """The one writer of the ledger in this process. Holds at most `most_waiting` reports that are not committed yet."""

    most_waiting: int = 20000
    _waiting: int = 0  # changed in the event loop only
    _queue: queue.SimpleQueue[Pending | None] = field(default_factory=queue.SimpleQueue)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the writer's thread."""
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Commit what waits, then end the thread."""
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    async def append(self, reports: Sequence[Admitted]) -> list[Outcome]:
        """Append `reports`; returns after their commit. Raises Overloaded or NotStored."""
        if self._waiting + len(reports) > self.most_waiting:
            raise Overloaded
        loop = asyncio.get_running_loop()
        done: asyncio.Future[list[Outcome]] = loop.create_future()
        self._waiting += len(reports)
        done.add_done_callback(lambda _: self._left(len(reports)))
        self._queue.put(Pending(reports, loop, done))
        return await done

    def _left(self, count: int) -> None:
        self._waiting -= count

    def _run(self) -> None:
        appender = Appender.create()
        company = False
        while True:
            group = self._gather(company)
            company = len(group) > 1
            ending = None in group
            pending = [one for one in group if one is not None]
            if pending:
                self._commit(appender, pending)
            if ending:
                connection.close()
                return

    def _gather(self, company: bool) -> list[Pending | None]:
        group = [self._queue.get()]
        if company and group[0] is not None and self._queue.qsize() < MOST_IN_GROUP:
            time.sleep(GATHER)  # once, not for each: whoever wakes takes the interpreter's lock from the door
        size = len(group[0].reports) if group[0] else 0
        while size < MOST_IN_GROUP and group[-1] is not None:
            try:
                one = self._queue.get_nowait()
            except queue.Empty:
                break
            group.append(one)
            size += len(one.reports) if one else 0
        return group

    @staticmethod
    def _commit(appender: Appender, group: list[Pending]) -> None:
        reports = [report for pending in group for report in pending.reports]
        try:
            outcomes = appender.append(reports)
        except Exception:  # law: whatever it was, nobody waits for ever, and the next group has its chance
            log.exception("event=commit_failed reports=%d", len(reports))
            connection.close()  # a broken connection is replaced at the next group
            for pending in group:
                pending.loop.call_soon_threadsafe(pending.fail, NotStored())
            return
        results, start = [], 0
        for pending in group:
            results.append((pending, outcomes[start : start + len(pending.reports)]))
            start += len(pending.reports)
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Pending, list[Outcome]]]] = {}
        for pending, said in results:
            by_loop.setdefault(pending.loop, []).append((pending, said))
        for loop, told in by_loop.items():
            loop.call_soon_threadsafe(_tell, told)


def _tell(told: list[tuple[Pending, list[Outcome]]]) -> None:
    for pending, outcomes in told:
        pending.resolve(outcomes)
