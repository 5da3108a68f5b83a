"""The hot path: an ASGI application of its own, in front of Django.

    POST /v1/reports      one envelope, one per line (application/x-ndjson), or a packed array of them (MessagePack)
    POST /v1/enrolments   an envelope with an enrolment, signed by the key it presents
    GET  /v1/policy       the policy in force, in an envelope signed by the collector
    GET  /v1/instances    the instances that probers read, in an envelope signed by the collector

Laws:
- Verify and parse in the event loop (a tenth of a millisecond); wait only for the commit.
- 200 means durable. Every refusal is counted and logged by its word, and says what to do.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

import msgspec
from django.db import Error, close_old_connections

from collector.config import Config
from collector.ingest import enrolments, instances
from collector.ingest.admit import Clock, admit
from collector.ingest.allowance import Allowance
from collector.ingest.body import Budget, Receive, read_body
from collector.ingest.enrolled_keys import AGAIN, EnrolledKeys
from collector.ingest.metrics import IngestMetrics
from collector.ingest.refusal import Refusal, Refused
from collector.ledger.admitted import Admitted
from collector.ledger.append import Outcome
from collector.ledger.committer import Committer, NotStored, Overloaded
from evidence.envelope import BATCH_MEDIA_TYPE, PACKED_MEDIA_TYPE, Envelope, NotAnEnvelope, unpack_envelopes

log = logging.getLogger(__name__)

Send = Callable[[Any], Awaitable[None]]
JSON = b"application/json"
P = ParamSpec("P")
R = TypeVar("R")


class Acknowledgement(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one envelope: `status` is accepted, known or refused."""

    status: str
    digest: str = ""
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Ingest:
    """The door, with all it needs. `wake` is called after something was accepted."""

    config: Config
    committer: Committer
    metrics: IngestMetrics
    keys: EnrolledKeys = field(default_factory=EnrolledKeys)
    wake: Callable[[], None] = lambda: None
    budget: Budget = field(default_factory=Budget)
    allowance: Allowance = field(init=False)

    def __post_init__(self) -> None:
        allowance = Allowance(self.config.agent_burst, self.config.agent_per_minute)
        object.__setattr__(self, "allowance", allowance)  # frozen, and derived from the configuration

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """One HTTP request below /v1/."""
        method, path = scope["method"], scope["path"]
        allow = ""
        try:
            if path == "/v1/reports":
                allow = "POST"
                self._only(method, allow)
                status, body = await self._reports(dict(scope["headers"]), receive)
            elif path == "/v1/enrolments":
                allow = "POST"
                self._only(method, allow)
                raw = await self._body(dict(scope["headers"]), receive)
                status, body = 200, await in_thread(enrolments.enrol, raw, datetime.now(UTC))
            elif path == "/v1/policy":
                allow = "GET, HEAD"
                self._only(method, allow)
                status, body = 200, await in_thread(enrolments.policy, datetime.now(UTC))
            elif path == "/v1/instances":
                allow = "GET, HEAD"
                self._only(method, allow)
                status, body = 200, await in_thread(instances.listed)
            else:
                raise Refused(Refusal.NOT_FOUND, f"there is no {path[:100]}; see docs/wire.md")
        except Refused as refused:
            status, body = self._refuse(refused)
        except Error:
            log.exception("event=database_error path=%s", path)
            status, body = self._refuse(Refused(Refusal.BUSY, "the database does not answer; try again later"))
        await _answer(send, status, body, allow)

    @staticmethod
    def _only(method: str, allow: str) -> None:
        if method not in allow.split(", "):
            raise Refused(Refusal.METHOD, f"{method[:20]} is not allowed here, only {allow}")

    def _count(self, refused: Refused) -> None:
        self.metrics.refused(refused.refusal)
        log.info("event=refused reason=%s detail=%r", refused.refusal.word, refused.detail)

    def _refuse(self, refused: Refused) -> tuple[int, bytes]:
        self._count(refused)
        return refused.refusal.status, msgspec.json.encode({"entries": [_refusal(refused, "")]})

    async def _body(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        config = self.config
        return await read_body(
            receive,
            headers,
            most=config.max_body,
            most_decoded=config.max_decoded,
            timeout=config.request_timeout,
            budget=self.budget,
        )

    async def _reports(self, headers: Mapping[bytes, bytes], receive: Receive) -> tuple[int, bytes]:
        body = await self._body(headers, receive)
        now = datetime.now(UTC)
        clock = Clock(now, timedelta(seconds=self.config.clock_ahead), timedelta(seconds=self.config.clock_behind))
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind == PACKED_MEDIA_TYPE.encode():
            return 200, msgspec.json.encode({"entries": await self._batch(self._unpacked(body), clock)})
        if kind != BATCH_MEDIA_TYPE.encode():
            admitted = await self._admit(body, clock, time.monotonic())
            outcome = (await self._commit([admitted]))[0]
            acknowledgement = self._acknowledge(admitted, outcome)
            status = Refusal.EQUIVOCATION.status if outcome is Outcome.EQUIVOCATION else 200
            return status, msgspec.json.encode({"entries": [acknowledgement]})
        most = self.config.max_batch
        if (count := body.count(b"\n") + (not body.endswith(b"\n"))) > most:  # counted before millions are split
            raise Refused(Refusal.TOO_LARGE, f"the batch has {count} lines, the limit is {most}")
        lines = [line for line in body.split(b"\n") if line.strip()]
        if not lines:
            raise Refused(Refusal.EMPTY, "the batch has no lines")
        return 200, msgspec.json.encode({"entries": await self._batch(lines, clock)})

    def _unpacked(self, body: bytes) -> list[Envelope]:
        if not body:
            raise Refused(Refusal.EMPTY, "the request has no body; send an array of envelopes")
        if (count := _announced(body)) > self.config.max_batch:  # before hundreds of thousands are decoded
            raise Refused(Refusal.TOO_LARGE, f"the array has {count} envelopes, the limit is {self.config.max_batch}")
        try:
            envelopes = unpack_envelopes(body)
        except NotAnEnvelope as error:
            raise Refused(Refusal.NOT_AN_ENVELOPE, str(error)) from error
        if not envelopes:
            raise Refused(Refusal.EMPTY, "the array has no envelopes")
        return envelopes

    async def _batch(self, lines: Sequence[bytes | Envelope], clock: Clock) -> list[Acknowledgement]:
        """Acknowledgements in the order of `lines`; what was admitted is committed together."""
        said: list[Admitted | Refused] = []
        asked = time.monotonic()
        for number, line in enumerate(lines):
            try:
                said.append(await self._admit(line, clock, asked))
            except Refused as refused:
                said.append(refused)
            if number % 16 == 15:
                await asyncio.sleep(0)  # let others in between
        admitted = [one for one in said if isinstance(one, Admitted)]
        outcomes = iter(await self._commit(admitted) if admitted else [])
        acknowledgements = []
        for one in said:
            if isinstance(one, Refused):
                self._count(one)
                acknowledgements.append(_refusal(one, ""))
            else:
                acknowledgements.append(self._acknowledge(one, next(outcomes)))
        return acknowledgements

    async def _admit(self, raw: bytes | Envelope, clock: Clock, asked: float) -> Admitted:
        """Admit; a key is unknown only if the registry, read after the request came (`asked`), does not have it."""
        try:
            return self._allowed(admit(raw, self.keys.known, clock))
        except Refused as refused:
            if refused.refusal is not Refusal.UNKNOWN_KEY or self.keys.read_since(asked):
                raise
        await asyncio.sleep(AGAIN - self.keys.age)
        await in_thread(self.keys.refresh)
        return self._allowed(admit(raw, self.keys.known, clock))

    def _allowed(self, admitted: Admitted) -> Admitted:
        """Only what is verified counts towards an agent's allowance: nobody can use up another's."""
        if not self.allowance.take(admitted.agent, time.monotonic(), admitted.report.target):
            limit = f"{self.config.agent_per_minute} a minute, {self.config.agent_burst} at once"
            raise Refused(Refusal.RATE, f"this agent sends more reports than allowed ({limit}); they stay in its spool")
        return admitted

    async def _commit(self, admitted: list[Admitted]) -> list[Outcome]:
        try:
            outcomes = await self.committer.append(admitted)
        except Overloaded:
            raise Refused(Refusal.BUSY, "too many reports wait for the disk; try again later") from None
        except NotStored:
            raise Refused(Refusal.BUSY, "the report could not be stored; try again later") from None
        self.wake()
        return outcomes

    def _acknowledge(self, admitted: Admitted, outcome: Outcome) -> Acknowledgement:
        if outcome is Outcome.EQUIVOCATION:
            detail = (
                f"sequence {admitted.report.sequence} of stream {admitted.report.stream} was accepted before with other "
                "bytes; two agents may share one key - enrol each server by itself"
            )
            refused = Refused(Refusal.EQUIVOCATION, detail)
            self._count(refused)
            return _refusal(refused, admitted.digest)
        late = (admitted.received_at - admitted.report.taken_at).total_seconds()
        self.metrics.accepted(outcome is Outcome.KNOWN, late)
        return Acknowledgement("known" if outcome is Outcome.KNOWN else "accepted", admitted.digest)


def _announced(packed: bytes) -> int:
    """How many members the head of a MessagePack array announces; 0 if `packed` does not begin with one."""
    if packed[0] == 0xDD:
        return int.from_bytes(packed[1:5], "big")
    if packed[0] == 0xDC:
        return int.from_bytes(packed[1:3], "big")
    return 0


def _refusal(refused: Refused, digest: str) -> Acknowledgement:
    return Acknowledgement("refused", digest, refused.refusal.word, refused.detail)


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """`function` in a thread, on a database connection that works: one that broke meanwhile is replaced first."""

    def called() -> R:
        close_old_connections()
        return function(*args, **kwargs)

    return await asyncio.to_thread(called)


async def _answer(send: Send, status: int, body: bytes, allow: str) -> None:
    headers = [(b"content-type", JSON), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    if status in (Refusal.BUSY.status, Refusal.RATE.status):
        headers.append((b"retry-after", b"30"))
    if status == Refusal.INCOMPLETE.status:
        headers.append((b"connection", b"close"))  # what follows on it would be taken for the rest of the body
    if status == Refusal.METHOD.status:
        headers.append((b"allow", allow.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
