"""From the spool to the collector.

Laws:
- A report leaves the spool when the collector names its digest, never on a mere 200.
- Refused for good (its clock, its sequence): let go and declared as a gap. Refused because of the key: kept, and tried again
  slowly, because only a person can mend that.
- Failures wait longer each time, with jitter, so that a thousand agents do not come back in the same second.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.collector_client import Acknowledgement, CollectorClient, RefusedByCollector, Unreachable
from agent.spool import Spool, Waiting

log = logging.getLogger(__name__)

MOST, MOST_BYTES = 100, 400_000  # reports and uncompressed bytes of one batch
FIRST_WAIT, LONGEST_WAIT, KEY_WAIT = 5.0, 600.0, 900.0  # seconds
KEY_REASONS = frozenset({"unknown_key", "revoked_key", "bad_signature", "wrong_server"})
LASTING_REASONS = frozenset(
    {"clock", "equivocation", "not_a_report", "not_an_envelope", "wrong_payload_type", "too_large"}
)


@dataclass(frozen=True)
class Pushed:
    """What came of one push: reports acknowledged and refused for good, and how long to wait before the next (seconds)."""

    acknowledged: int = 0
    refused: int = 0
    wait: float = 0.0
    problem: str = ""


@dataclass
class Pusher:
    """Empties the spool. `uniform` gives the jitter (0 to 1)."""

    spool: Spool
    client: CollectorClient
    uniform: Callable[[], float] = field(default=random.random)
    failures: int = 0

    def push(self) -> Pushed:
        """Push one batch of the oldest reports."""
        waiting = self.spool.waiting(most=MOST, most_bytes=MOST_BYTES)
        if not waiting:
            return Pushed()
        try:
            said = self.client.push([report.envelope for report in waiting])
        except Unreachable as error:
            return self._failed(str(error), error.after)
        except RefusedByCollector as error:
            if error.reason == "too_large" and len(waiting) > 1:
                waiting = waiting[:1]
                try:
                    said = self.client.push([waiting[0].envelope])
                except (Unreachable, RefusedByCollector) as again:
                    return self._failed(str(again), None)
            else:
                return self._failed(str(error), KEY_WAIT if error.reason in KEY_REASONS else None)
        return self._settle(waiting, said)

    def _settle(self, waiting: list[Waiting], said: list[Acknowledgement]) -> Pushed:
        done, refused, problem, wait = [], 0, "", 0.0
        for report, one in zip(waiting, said, strict=True):
            if one.status in {"accepted", "known"} and one.digest == report.digest:
                done.append(report.digest)
            elif one.status == "refused" and one.reason in LASTING_REASONS:
                log.error(
                    "event=report_refused sequence=%d reason=%s detail=%r", report.sequence, one.reason, one.detail
                )
                self.spool.refuse(report.digest, one.reason)
                refused, problem = refused + 1, f"{one.reason}: {one.detail}"
            else:
                problem = f"{one.reason}: {one.detail}" if one.reason else "the collector acknowledged another report"
                wait = KEY_WAIT if one.reason in KEY_REASONS else self._backoff()
        self.spool.acknowledge(done)
        if done or refused:
            self.failures = 0
        elif not wait:
            wait = self._backoff()
        return Pushed(len(done), refused, wait, problem)

    def _failed(self, problem: str, after: float | None) -> Pushed:
        wait = self._backoff()
        if after is not None:
            wait = max(after, FIRST_WAIT) * (1 + 0.5 * self.uniform())
        log.warning("event=push_failed wait=%.0f problem=%r", wait, problem)
        return Pushed(wait=wait, problem=problem)

    def _backoff(self) -> float:
        self.failures += 1
        longest: float = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self.failures - 1, 10))
        return longest * (0.5 + 0.5 * self.uniform())
