"""DSSE envelopes (https://github.com/secure-systems-lab/dsse, version 1.0.2): signed bytes, not yet believed.

Laws:
- The signature is over `pae(payload_type, payload)`, never over JSON.
- Exactly one signature per envelope on this wire. Base64 is the standard alphabet with padding.
- `Envelope` carries no meaning. Whoever wants meaning calls `verify` first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NewType

import msgspec

from evidence.key import PrivateKey, PublicKey

MEDIA_TYPE = "application/vnd.dsse.envelope.v1+json"
BATCH_MEDIA_TYPE = "application/x-ndjson"  # one envelope per line
PACKED_MEDIA_TYPE = (
    "application/vnd.pantau.envelopes.v1+msgpack"  # an array of envelopes; what Pantau's own agent sends
)


Verified = NewType("Verified", bytes)
"""A payload whose signature was verified. Only `verify` makes one, and the ledger, which holds nothing else."""


class Signature(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One signature; `keyid` is a hint for finding the key."""

    sig: bytes
    keyid: str = ""


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Payload bytes with their type and one signature. On the wire `payload` and `sig` are Base64."""

    payload: bytes
    payload_type: str
    signatures: tuple[Signature]  # of fixed length: a flood of them is refused at the second, undecoded

    @property
    def digest(self) -> str:
        """SHA-256 of the payload, in hex: the name of this report everywhere."""
        return hashlib.sha256(self.payload).hexdigest()

    def encode(self) -> bytes:
        """This envelope as JSON."""
        return msgspec.json.encode(self)

    def packed(self) -> bytes:
        """This envelope as MessagePack: payload and signature are raw bytes, which compress; Base64 hardly does."""
        return msgspec.msgpack.encode(self)


class NotAnEnvelope(ValueError):
    """Bytes that are no envelope, with what is wrong and where."""


class NotSigned(ValueError):
    """The signature is not by this key over these bytes."""


_DECODER = msgspec.json.Decoder(Envelope)
_UNPACKER = msgspec.msgpack.Decoder(list[Envelope])


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: what is signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload_type: str, payload: bytes, key: PrivateKey) -> Envelope:
    """`payload`, signed by `key`."""
    return Envelope(payload, payload_type, (Signature(key.sign(pae(payload_type, payload)), key.public.id),))


def read_envelope(raw: bytes) -> Envelope:
    """The envelope in `raw`, still not believed. Raises NotAnEnvelope; deep nesting and bad Base64 are errors too."""
    try:
        return _DECODER.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotAnEnvelope(str(error) or type(error).__name__) from error


def pack_envelopes(packed: Sequence[bytes]) -> bytes:
    """A request's body from envelopes that are `packed` already."""
    return msgspec.msgpack.encode([msgspec.Raw(one) for one in packed])


def unpack_envelopes(raw: bytes) -> list[Envelope]:
    """The envelopes in a packed body, still not believed. Raises NotAnEnvelope if any of them is none."""
    try:
        return _UNPACKER.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotAnEnvelope(str(error) or type(error).__name__) from error


def verify(envelope: Envelope, key: PublicKey) -> Verified:
    """The payload, now known to be signed by `key`. Raises NotSigned."""
    if not key.verifies(envelope.signatures[0].sig, pae(envelope.payload_type, envelope.payload)):
        raise NotSigned(f"the signature is not by key {key.id[:16]}… over this payload")
    return Verified(envelope.payload)
