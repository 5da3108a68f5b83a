"""From the spool to the collector.

Laws:
- A report leaves the spool when the collector names its digest, never on a mere 200.
- Refused for good (its clock, its sequence, damaged on this disk): let go and declared as a gap. Refused because of the key:
  kept, and tried again slowly, because only a person can mend that.
- Failures wait longer each time, with jitter, so that a thousand agents do not come back in the same second.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from agent.collector_client import Acknowledgement, CollectorClient, RefusedByCollector, Unreachable
from agent.spool import Size, Waiting
from checks.text import Text, Words, words

log = logging.getLogger(__name__)

MOST, MOST_BYTES = 100, 400_000  # reports and uncompressed bytes of one batch
FIRST_WAIT, LONGEST_WAIT, KEY_WAIT = 5.0, 600.0, 900.0  # seconds
KEY_REASONS = frozenset({"unknown_key", "revoked_key"})
OWN_REASONS = frozenset({"bad_signature", "wrong_target"})  # of all reports: the key's fault; of one: its own (bit rot)
VERIFIED_REASONS = frozenset({"clock", "equivocation", "not_a_report"})  # decided after the signature was found good
HALVE_REASONS = frozenset({"too_large", "not_an_envelope"})  # of a whole batch: perhaps of one report in it only
LASTING_REASONS = frozenset(
    {"clock", "equivocation", "not_a_report", "not_an_envelope", "wrong_payload_type", "too_large"}
)
ANOTHER = Text("collector mengakui laporan lain", "the collector acknowledged another report")


@dataclass(frozen=True)
class Pushed:
    """What came of one push: reports acknowledged and refused for good, and how long to wait before the next (seconds)."""

    acknowledged: int = 0
    refused: int = 0
    wait: float = 0.0
    problem: Words = ""


class Outbox(Protocol):
    """What is emptied: one spool (`agent.spool.Spool`, which says what each does), or several as one."""

    def waiting(self, *, most: int, most_bytes: int) -> list[Waiting]: ...
    def acknowledge(self, digests: Sequence[str]) -> None: ...
    def refuse(self, digest: str, reason: str) -> None: ...
    def begin_again(self, stream: str) -> None: ...
    def size(self) -> Size: ...


@dataclass
class Pusher:
    """Empties the spool. `uniform` gives the jitter (0 to 1)."""

    spool: Outbox
    client: CollectorClient
    uniform: Callable[[], float] = field(default=random.random)
    failures: int = 0

    def push(self) -> Pushed:
        """Push one batch of the oldest reports."""
        waiting = self.spool.waiting(most=MOST, most_bytes=MOST_BYTES)
        while waiting:
            try:
                said = self.client.push([report.envelope for report in waiting])
            except Unreachable as error:
                return self._failed(error.said, error.after)
            except RefusedByCollector as error:
                if error.reason in HALVE_REASONS and len(waiting) > 1:
                    waiting = waiting[: len(waiting) // 2]
                    continue
                return self._failed(error.said, KEY_WAIT if error.reason in KEY_REASONS else None)
            return self._settle(waiting, said)
        return Pushed()

    def drain(self) -> Pushed:
        """Push until nothing waits or something must wait; what came of all, with the last problem."""
        done, refused = 0, 0
        problem: Words = ""
        while self.spool.size().reports:
            pushed = self.push()
            done, refused, problem = done + pushed.acknowledged, refused + pushed.refused, pushed.problem or problem
            if pushed.wait:
                return Pushed(done, refused, pushed.wait, problem)
        return Pushed(done, refused, problem=problem)

    def _settle(self, waiting: list[Waiting], said: list[Acknowledgement]) -> Pushed:
        done, refused, after = [], 0, None
        problem: Words = ""
        lasting = LASTING_REASONS
        if any(one.status in {"accepted", "known"} or one.reason in VERIFIED_REASONS for one in said):
            lasting |= OWN_REASONS  # the key is good: it is this report that was damaged
        for report, one in zip(waiting, said, strict=True):
            if one.status in {"accepted", "known"} and one.digest == report.digest:
                done.append(report.digest)
                continue
            problem = f"{one.reason}: {one.detail}" if one.reason else ANOTHER
            if one.status == "refused" and one.reason in lasting:
                log.error(
                    "event=report_refused sequence=%d reason=%s detail=%r", report.sequence, one.reason, one.detail
                )
                self.spool.refuse(report.digest, one.reason)
                if one.reason == "equivocation":
                    self.spool.begin_again(report.stream)
                refused += 1
            elif one.reason in KEY_REASONS | OWN_REASONS:
                after = KEY_WAIT
        self.spool.acknowledge(done)
        if done or refused:
            self.failures = 0
        if len(done) + refused == len(waiting):
            return Pushed(len(done), refused, problem=problem)
        failed = self._failed(problem, after)
        return Pushed(len(done), refused, failed.wait, problem)

    def _failed(self, problem: Words, after: float | None) -> Pushed:
        """Wait as asked, or longer each time; never all agents at once."""
        self.failures += 1
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self.failures - 1, 10))
        wait = longest * (0.5 + 0.5 * self.uniform())
        if after is not None:
            wait = max(after, FIRST_WAIT) * (1 + 0.5 * self.uniform())
        log.warning("event=push_failed wait=%.0f problem=%r", wait, words(problem, "en"))
        return Pushed(wait=wait, problem=problem)
