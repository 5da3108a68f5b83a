"""The words of the machine of a standard: its stages, acts and duties, and what people call them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from checks.text import Text


class Stage(StrEnum):
    """Where the assessment of a standard stands."""

    NOT_ASSESSED = "not_assessed"
    SELF = "self"
    SUBMITTED = "submitted"
    FACTUAL = "factual"
    RECOMMENDED = "recommended"
    FOLLOWED_UP = "followed_up"
    READY = "ready"
    PROPOSED = "proposed"
    DETERMINED = "determined"
    REVOKED = "revoked"

    @property
    def label(self) -> Text:
        """What people call it."""
        return LABELS[self]


LABELS: Mapping[Stage, Text] = {
    Stage.NOT_ASSESSED: Text("Belum dinilai", "Not assessed"),
    Stage.SELF: Text("Penilaian mandiri", "Self-assessment"),
    Stage.SUBMITTED: Text("Penilaian mandiri diajukan", "Self-assessment submitted"),
    Stage.FACTUAL: Text("Penilaian faktual", "Factual assessment"),
    Stage.RECOMMENDED: Text("Rekomendasi perbaikan", "Recommendations to improve"),
    Stage.FOLLOWED_UP: Text("Tindak lanjut diajukan, menunggu pemeriksaan ulang", "Followed up, to be re-checked"),
    Stage.READY: Text("Penilaian selesai", "Assessment complete"),
    Stage.PROPOSED: Text("Penetapan diusulkan", "Determination proposed"),
    Stage.DETERMINED: Text("Ditetapkan", "Determined"),
    Stage.REVOKED: Text("Sertifikat dicabut", "Certificate revoked"),
}


class Certified(StrEnum):
    """Whether the provider holds a certificate of the standard."""

    NONE = "none"
    VALID = "valid"
    REVOKED = "revoked"


class Act(StrEnum):
    """What people do. `ANSWER` and `JUDGE` are the drafts of items."""

    BEGIN = "begin"
    ANSWER = "answer"
    SUBMIT = "submit"
    RETURN = "return"
    ASSESS = "assess"
    JUDGE = "judge"
    RECOMMEND = "recommend"
    CONCLUDE = "conclude"
    FOLLOW_UP = "follow_up"
    RECHECK = "recheck"
    PROPOSE = "propose"
    DECLINE = "decline"
    DETERMINE = "determine"
    REVOKE = "revoke"
    REINSTATE = "reinstate"


class Duty(StrEnum):
    """In what capacity somebody acts."""

    PROVIDER = "provider"
    HEAD = "head"
    ASSESSOR = "assessor"
    DETERMINER = "determiner"
    LADDER = "ladder"


DUTIES: Mapping[Duty, Text] = {
    Duty.PROVIDER: Text("orang LPSE itu", "the LPSE's own people"),
    Duty.HEAD: Text("Kepala LPSE", "the head of the LPSE"),
    Duty.ASSESSOR: Text("penilai LKPP", "LKPP's assessors"),
    Duty.DETERMINER: Text("pejabat penyetuju LKPP", "LKPP's approver"),
    Duty.LADDER: Text("Tindakan Pembinaan", "an action of the ladder"),
}
