"""Ed25519 keys. One key per agent, one per collector.

The key id is the SHA-256 of the 32 raw public bytes, in lower-case hex. In an envelope it is a hint, never a decision.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

# y-coordinates of the eight points of small order (RFC 7748, section 7 and RFC 8032, section 5.1.7 discuss them)
_PRIME = 2**255 - 19
_ORDER_8 = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
_SMALL_ORDER = frozenset({0, 1, _PRIME - 1, _ORDER_8, _PRIME - _ORDER_8})


@dataclass(frozen=True)
class PublicKey:
    """An Ed25519 public key: 32 bytes."""

    raw: bytes
    _key: Ed25519PublicKey = field(repr=False, compare=False)

    @classmethod
    def from_raw(cls, raw: bytes) -> PublicKey:
        """The key in 32 raw bytes. Raises ValueError if they are not a point on the curve, or one of small order."""
        if len(raw) == 32 and (int.from_bytes(raw, "little") & ~(1 << 255)) % _PRIME in _SMALL_ORDER:
            raise ValueError(
                "this public key is a point of small order: one signature under it would fit every message"
            )
        try:
            return cls(raw, Ed25519PublicKey.from_public_bytes(raw))
        except ValueError as error:
            raise ValueError(f"not an Ed25519 public key ({len(raw)} bytes)") from error

    @property
    def id(self) -> str:
        """SHA-256 of the raw key, in hex."""
        return hashlib.sha256(self.raw).hexdigest()

    def verifies(self, signature: bytes, signed: bytes) -> bool:
        """Did this key's owner sign exactly `signed`?"""
        try:
            self._key.verify(signature, signed)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class PrivateKey:
    """An Ed25519 private key. Never printed."""

    _key: Ed25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def generate(cls) -> PrivateKey:
        """A new key from the operating system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> PrivateKey:
        """The key in an unencrypted PKCS#8 PEM file. Raises ValueError."""
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise ValueError("not an unencrypted PKCS#8 PEM private key") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"the key is a {type(key).__name__}, not Ed25519")
        return cls(key)

    def pem(self) -> bytes:
        """This key as unencrypted PKCS#8 PEM, for a file with mode 0600."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def public(self) -> PublicKey:
        """The public half."""
        public = self._key.public_key()
        return PublicKey(public.public_bytes(Encoding.Raw, PublicFormat.Raw), public)

    def sign(self, data: bytes) -> bytes:
        """The 64-byte signature of `data`."""
        return self._key.sign(data)
