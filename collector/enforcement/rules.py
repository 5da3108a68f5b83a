"""What the decree leaves open and LKPP sets: one versioned, dated record. Pure.

Laws:
- The window for objecting is not here: the decree sets it.
- Nothing the decree does not say is hidden in code: every value here is shown as "ditetapkan LKPP".
- Never fewer approvers than one, nor fewer than two for revocation and termination.
- A value of None means that LKPP set none.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, cast

import msgspec

from checks.text import Text
from collector.enforcement.rungs import Rung

Days = Annotated[int, msgspec.Meta(ge=0, le=3650)]
Approvers = Annotated[int, msgspec.Meta(ge=1, le=5)]


class Improvement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calendar days for improvement after a notice was received. The decree names none."""

    recommendation: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    warning: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 14
    revocation: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 14


class Quorum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many people besides the proposer approve an act."""

    recommendation: Approvers = 1
    warning: Approvers = 1
    revocation: Annotated[int, msgspec.Meta(ge=2, le=5)] = 2
    termination: Annotated[int, msgspec.Meta(ge=2, le=5)] = 2


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version. `coverage_floor`: share of determined checks, 0 to 1, that an act based on machine evidence needs."""

    version: str = "bawaan"
    improvement: Improvement = Improvement()
    approvers: Quorum = Quorum()
    objection_suspends: bool = True
    coverage_floor: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.8
    answer_days: Days = 3
    objection_decision_days: Days | None = None
    application_review_days: Days | None = None
    surveillance_interval_days: Days | None = None
    certificate_months: Annotated[int, msgspec.Meta(ge=1, le=600)] | None = None

    def improvement_days(self, rung: Rung) -> int | None:
        """Calendar days for improvement after an act of `rung`; None after termination: nothing follows it."""
        of = self.improvement
        return {
            Rung.RECOMMENDATION: of.recommendation, Rung.WARNING: of.warning, Rung.REVOCATION: of.revocation,
            Rung.TERMINATION: None,
        }[rung]  # fmt: skip

    def quorum(self, rung: Rung) -> int:
        """How many approve an act of `rung`."""
        of = self.approvers
        return {
            Rung.RECOMMENDATION: of.recommendation, Rung.WARNING: of.warning, Rung.REVOCATION: of.revocation,
            Rung.TERMINATION: of.termination,
        }[rung]  # fmt: skip

    def encode(self) -> bytes:
        """As JSON, the same bytes for the same rules."""
        return msgspec.json.encode(self)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the encoded rules."""
        return hashlib.sha256(self.encode()).hexdigest()


IMPROVEMENT = Text("Waktu perbaikan setelah {} (hari kalender)", "Time for improvement after a {} (calendar days)")
APPROVERS = Text("Penyetuju {}", "Approvers of a {}")
TITLES = {
    **{
        f"{name}.{rung}": Text(title.id.format(rung.named.id.lower()), title.en.format(rung.named.en.lower()))
        for name, title, rungs in (("improvement", IMPROVEMENT, list(Rung)[:3]), ("approvers", APPROVERS, list(Rung)))
        for rung in rungs
    },
    "objection_suspends": Text("Keberatan menghentikan waktu perbaikan", "An objection stops the time for improvement"),
    "coverage_floor": Text("Cakupan pemeriksaan minimal (0 sampai 1)", "Least coverage of checks (0 to 1)"),
    "answer_days": Text(
        "Waktu tanggapan sebelum tindakan (hari kalender)", "Time to answer before an act (calendar days)"
    ),
    "objection_decision_days": Text(
        "Waktu memutus keberatan (hari kalender)", "Time to decide an objection (calendar days)"
    ),
    "application_review_days": Text(
        "Waktu reviu permohonan (hari kalender)", "Time to review an application (calendar days)"
    ),
    "surveillance_interval_days": Text(
        "Selang surveillance (hari kalender)", "Interval of surveillance (calendar days)"
    ),
    "certificate_months": Text("Masa berlaku sertifikat (bulan)", "Validity of a certificate (months)"),
}


def read_rules(raw: bytes) -> Rules:
    """The encoded rules. Raises msgspec.ValidationError or DecodeError naming what is wrong."""
    return msgspec.json.decode(raw, type=Rules)


def shown(rules: Rules) -> tuple[tuple[str, Text, int | float | bool | None], ...]:
    """(name, title, value) of everything LKPP sets, for pages that show it as "ditetapkan LKPP"."""
    found = []
    for name, title in TITLES.items():
        value: object = rules
        for part in name.split("."):
            value = getattr(value, part)
        found.append((name, title, cast("int | float | bool | None", value)))
    return tuple(found)
