"""Enrolment: an agent shows a one-time token and proves that it holds its key; the collector answers with who it is.

The request travels in an envelope signed with the very key it presents, so nobody enrols a key that is not theirs.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from evidence.envelope import Envelope, verify
from evidence.key import PublicKey

MEDIA_TYPE = "application/vnd.pantau.enrolment.v1+json"
POLICY_MEDIA_TYPE = "application/vnd.pantau.policy.v1+json"


class Enrolment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent presents. `public_key` is 32 raw bytes (Base64 on the wire)."""

    token: str
    public_key: bytes
    hostname: Annotated[str, msgspec.Meta(max_length=255, pattern="^[^\\x00]*\\Z")]
    machine_id: Annotated[str, msgspec.Meta(max_length=64, pattern="^[0-9a-f-]*\\Z")]
    software: Annotated[str, msgspec.Meta(max_length=80, pattern="^[^\\x00]*\\Z")]


class Enrolled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the collector answers: ids, the collector's own public key, and the policy in force (an envelope signed by it).

    `server` and `provider` are empty for a prober, which has neither.
    """

    server: str
    provider: str
    collector_key: bytes
    policy: Envelope


class WrongPayloadType(ValueError):
    """An envelope that carries something else."""


def read_enrolment(envelope: Envelope) -> Enrolment:
    """The enrolment in an envelope that its own key signed. Raises WrongPayloadType, NotSigned or ValueError."""
    if envelope.payload_type != MEDIA_TYPE:
        raise WrongPayloadType(f"payloadType is {envelope.payload_type[:100]!r}; an enrolment is {MEDIA_TYPE!r}")
    try:
        claimed = msgspec.json.decode(envelope.payload, type=Enrolment)  # read only to learn which key to verify with
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    key = PublicKey.from_raw(claimed.public_key)
    verify(envelope, key)
    return claimed
