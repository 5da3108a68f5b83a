"""The certificate that the public site shows, and what it is worth."""

from __future__ import annotations

from datetime import datetime

from checks.fact import Fact, Missing, reads
from checks.outside import Handshake, Tls
from checks.text import Text

MOST_NAMES = 10


class PublicCertificate(Fact, frozen=True):
    """The certificate of the public name, after a handshake of today. Absent: nobody answers TLS there.

    `problem`: why it is not accepted, in the words of the TLS library; empty: it is trusted and the name matches.
    `chain_end`: when the first certificate of the chain that was sent expires. `kind` and `bits` of the key (RSA 2048),
    `signature` is the hash it was signed with.
    """

    version: str
    cipher: str
    problem: str
    subject: str
    names: tuple[str, ...]
    names_total: int
    issuer: str
    self_signed: bool
    not_before: datetime
    not_after: datetime
    chain_end: datetime
    kind: str
    bits: int
    signature: str


@reads(Tls())
def shown(seen: Handshake) -> PublicCertificate:
    if not seen.chain:
        raise Missing(Text("server tidak menunjukkan sertifikat", "the server shows no certificate"))
    own = seen.chain[0]
    return PublicCertificate(
        version=seen.version,
        cipher=seen.cipher,
        problem=seen.problem[:200],
        subject=own.subject,
        names=own.names[:MOST_NAMES],
        names_total=len(own.names),
        issuer=own.issuer,
        self_signed=own.self_signed,
        not_before=own.not_before,
        not_after=own.not_after,
        chain_end=min(one.not_after for one in seen.chain),
        kind=own.kind,
        bits=own.bits,
        signature=own.signature,
    )
