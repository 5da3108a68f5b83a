"""Reports as nobody honest would make them: any member changed, any key, any bytes."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import msgspec

from evidence.envelope import Envelope, Signature, pae, seal
from evidence.key import PrivateKey
from evidence.report import MEDIA_TYPE, Report
from tests.collector.world import Sensor


def members(sensor: Sensor, **changes: Any) -> dict[str, Any]:
    """The members of an empty report that continues `sensor`'s chain; None leaves a member out. The chain does not move on."""
    report = Report(
        target=sensor.agent.server_id, stream=sensor.stream, sequence=sensor.sequence + 1, previous=sensor.previous,
        taken_at=datetime.now(UTC), boot_id="7c1d1c4e-5f0e-4f43-9f2c-0d6f4f6b1c55", software="forger 1.0",
        policy=sensor.rulebook.digest, every=60,
    )  # fmt: skip
    changed = {**msgspec.to_builtins(report), **msgspec.to_builtins(changes)}
    return {name: value for name, value in changed.items() if value is not None}


def forge(sensor: Sensor, *, key: PrivateKey | None = None, media_type: str = MEDIA_TYPE, **changes: Any) -> Envelope:
    """A report with `changes`, signed by `key` (None: the sensor's own)."""
    return sealed(sensor, json.dumps(members(sensor, **changes)).encode(), key=key, media_type=media_type)


def sealed(sensor: Sensor, payload: bytes, *, key: PrivateKey | None = None, media_type: str = MEDIA_TYPE) -> Envelope:
    """Any payload, signed."""
    return seal(media_type, payload, key or sensor.key)


def under_another_name(envelope: Envelope, keyid: str) -> Envelope:
    """The same signature, said to be by `keyid`."""
    return msgspec.structs.replace(envelope, signatures=(Signature(envelope.signatures[0].sig, keyid),))


def flipped(envelope: Envelope) -> Envelope:
    """With one bit of the signature changed."""
    sig = bytearray(envelope.signatures[0].sig)
    sig[10] ^= 1
    return msgspec.structs.replace(envelope, signatures=(Signature(bytes(sig), envelope.signatures[0].keyid),))


def as_json(envelope: Envelope, **changes: Any) -> bytes:
    """An envelope's JSON with members changed."""
    return json.dumps({**json.loads(envelope.encode()), **changes}).encode()


def without_pae(envelope: Envelope, key: PrivateKey) -> Envelope:
    """Signed over the payload alone."""
    assert pae(envelope.payload_type, envelope.payload) != envelope.payload
    return msgspec.structs.replace(envelope, signatures=(Signature(key.sign(envelope.payload), key.public.id),))


def base64_url(raw: bytes) -> str:
    """With the alphabet that this wire does not take."""
    return base64.urlsafe_b64encode(raw).decode()
