"""What the door hands to the ledger: a believed report, with the envelope it came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evidence.envelope import Envelope
from evidence.report import Report


@dataclass(frozen=True)
class Admitted:
    """A believed report. `agent` is the key id that verified it, `digest` the SHA-256 of its payload."""

    envelope: Envelope
    report: Report
    digest: str
    agent: str
    received_at: datetime
