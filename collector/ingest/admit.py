"""From bytes to a believed report. Pure: no I/O, no clock.

The order is the law, and each step is a refusal of its own:
1. the envelope's shape; 2. its payload type; 3. the key is enrolled, and not revoked; 4. the signature over the bytes;
only then 5. the report is parsed; 6. it speaks of a target its key may speak of, a prober under its own name; 7. its clock is
believable.
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
    """An enrolled key: which targets it may speak of, and whether it was revoked. `prober`: its name, if it is a prober's."""

    key: PublicKey
    targets: frozenset[str]
    revoked: bool
    prober: str = ""


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
    if report.target not in known.targets:
        raise Refused(Refusal.WRONG_TARGET, f"{_of(known)}, the report is of {report.target[:60]!r}")
    if known.prober and report.vantage != known.prober:
        raise Refused(
            Refusal.WRONG_TARGET,
            f"this key belongs to the prober {known.prober}, the report is from {report.vantage[:60]!r}",
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


def _of(known: Known) -> str:
    if known.prober:
        return f"the prober {known.prober} reports on instances that are in use and have a public URL"
    return f"this key belongs to {', '.join(known.targets)}"


def _envelope(raw: bytes) -> Envelope:
    if not raw.strip():
        raise Refused(Refusal.EMPTY, "the request has no body; send one DSSE envelope, or one per line")
    try:
        return read_envelope(raw)
    except NotAnEnvelope as error:
        raise Refused(Refusal.NOT_AN_ENVELOPE, str(error)) from error
