"""Enrolment and policy at the door. Runs in threads: it is rare and may wait for the database."""

from __future__ import annotations

from datetime import datetime

import msgspec

from collector.ingest.refusal import Refusal, Refused
from collector.keys import collector_key
from collector.registry import enrolment as registry
from collector.surveillance.policies import in_force
from evidence import enrolment as wire
from evidence.envelope import Envelope, NotAnEnvelope, NotSigned, read_envelope, seal


def enrol(raw: bytes, now: datetime) -> bytes:
    """The answer to an enrolment. Raises Refused."""
    if not raw.strip():
        raise Refused(Refusal.EMPTY, "the request has no body; send an enrolment in a DSSE envelope")
    try:
        request = wire.read_enrolment(read_envelope(raw))
    except NotAnEnvelope as error:
        raise Refused(Refusal.NOT_AN_ENVELOPE, str(error)) from error
    except wire.WrongPayloadType as error:
        raise Refused(Refusal.WRONG_PAYLOAD_TYPE, str(error)) from error
    except NotSigned as error:
        raise Refused(Refusal.BAD_SIGNATURE, str(error)) from error
    except ValueError as error:
        raise Refused(Refusal.NOT_A_REPORT, str(error)) from error
    try:
        agent = registry.enrol(request, now=now)
    except registry.NotEnrolled as error:
        raise Refused(Refusal.NOT_ENROLLED, str(error)) from error
    return msgspec.json.encode(
        wire.Enrolled(
            server=agent.server_id or "",
            provider=agent.provider.name if agent.provider is not None else "",
            collector_key=collector_key().public.raw,
            policy=_sealed(now),
        )
    )


def policy(now: datetime) -> bytes:
    """The policy in force, in an envelope signed by the collector."""
    return _sealed(now).encode()


def _sealed(now: datetime) -> Envelope:
    return seal(wire.POLICY_MEDIA_TYPE, in_force(now).encode(), collector_key())
