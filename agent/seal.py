"""From an audit to a sealed report in its place in the chain.

A report claims statuses only: what was measured and expected follows from the facts, and the collector says it again.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.audit import Audit
from agent.identity import Identity
from agent.spool import Place
from checks import SOFTWARE
from checks.verdict import Result
from evidence.envelope import Envelope, seal
from evidence.report import MEDIA_TYPE, Report, pack


@dataclass(frozen=True)
class Circumstances:
    """What travels with a report beside the audit: which boot, how far the clock is off (seconds), under which policy.

    Of a prober's: the instance that was read (`target`), and the prober's name as `vantage`.
    """

    boot_id: str
    clock_offset: float | None
    policy: str
    target: str = ""
    vantage: str = "local"


def seal_report(audit: Audit, every: int, place: Place, identity: Identity, circumstances: Circumstances) -> Envelope:
    """The signed report of `audit` at `place`. `every`: the cadence it belongs to, in seconds."""
    facts, missing, absent = pack(audit.snapshot)
    report = Report(
        target=circumstances.target or identity.server,
        stream=place.stream,
        sequence=place.sequence,
        previous=place.previous,
        taken_at=audit.taken_at,
        boot_id=circumstances.boot_id,
        software=SOFTWARE,
        policy=circumstances.policy,
        every=every,
        clock_offset=circumstances.clock_offset,
        vantage=circumstances.vantage,
        facts=facts,
        missing=missing,
        absent=absent,
        results=tuple(Result(one.check, one.status, subject=one.subject) for one in audit.results),
        gaps=place.gaps,
    )
    return seal(MEDIA_TYPE, report.encode(), identity.key)
