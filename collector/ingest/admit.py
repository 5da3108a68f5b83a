"""From bytes to a believed report. Pure: no I/O, no clock.

The order is the law, and each step is a refusal of its own:
1. the envelope's shape; 2. its payload type; 3. the key is enrolled, and not revoked; 4. the signature over the bytes;
only then 5. the report is parsed; 6. it speaks of the server its key belongs to; 7. its clock is believable.
Sequence and equivocation need the ledger and are decided there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.ingest.refusal import Refusal, Refused
from collector.ledger.admitted import Admitted
from evidence.envelope import Envelope, NotAnEnvelope, NotSigned, read_envelope, verify
from evidence.key import PublicKey
from evidence.report import MEDIA_TYPE, NotAReport, read_report


@dataclass(frozen=True)
class Known:
    """An enrolled key: whose it is, and whether it was revoked."""

    key: PublicKey
    server: str
    revoked: bool


@dataclass(frozen=True)
class Clock:
    """When the envelope arrived, and how far a survey may lie before or after that."""

    now: datetime
    ahead: timedelta
    behind: timedelta


def admit(raw: bytes | Envelope, keys: Mapping[str, Known], clock: Clock) -> Admitted:
    """The report in `raw`: an envelope, or one as JSON. Raises Refused."""
    envelope = raw if isinstance(raw, Envelope) else _envelope(raw)
    if envelope.payload_type != MEDIA_TYPE:
        raise Refused(
            Refusal.WRONG_PAYLOAD_TYPE,
            f"payloadType is {envelope.payload_type[:100]!r}; this door takes {MEDIA_TYPE!r}",
        )
    known = keys.get(envelope.signatures[0].keyid)
    if known is None:
        raise Refused(Refusal.UNKNOWN_KEY, "this key is not enrolled here; run `pantau-agent enrol` with a fresh token")
    if known.revoked:
        raise Refused(Refusal.REVOKED_KEY, "this key was revoked; ask LKPP for a new enrolment token")
    try:
        payload = verify(envelope, known.key)
    except NotSigned as error:
        raise Refused(Refusal.BAD_SIGNATURE, str(error)) from error
    try:
        report = read_report(payload)
    except NotAReport as error:
        raise Refused(Refusal.NOT_A_REPORT, str(error)) from error
    if report.target != known.server:
        raise Refused(
            Refusal.WRONG_TARGET, f"this key belongs to {known.server}, the report is of {report.target[:60]!r}"
        )
    ahead = report.taken_at - clock.now
    if ahead > clock.ahead:
        raise Refused(
            Refusal.CLOCK,
            f"the survey was taken {ahead} in the future; the server's clock is wrong, check chronyc tracking or timedatectl",
        )
    if -ahead > clock.behind:
        raise Refused(Refusal.CLOCK, f"the survey was taken {-ahead} ago; reports are accepted for {clock.behind}")
    return Admitted(envelope, report, envelope.digest, envelope.signatures[0].keyid, clock.now)


def _envelope(raw: bytes) -> Envelope:
    if not raw.strip():
        raise Refused(Refusal.EMPTY, "the request has no body; send one DSSE envelope, or one per line")
    try:
        return read_envelope(raw)
    except NotAnEnvelope as error:
        raise Refused(Refusal.NOT_AN_ENVELOPE, str(error)) from error
