"""The words of admission: stages, sides and kinds, and what people call them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from checks.text import Text


class Kind(StrEnum):
    """In which form a provider runs the service (2.1.a). Values are those of `registry.Provider.Kind`."""

    SYSTEM = "system"
    SERVICE = "service"


class Stage(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    SIGNED = "signed"
    INSTALLED = "installed"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Text:
        """What people call it."""
        return STAGES[self]


STAGES: Mapping[Stage, Text] = {
    Stage.DRAFT: Text("Draf", "Draft"),
    Stage.SUBMITTED: Text("Diajukan", "Submitted"),
    Stage.IN_REVIEW: Text("Direviu", "Under review"),
    Stage.INCOMPLETE: Text("Belum lengkap", "Incomplete"),
    Stage.COMPLETE: Text("Lengkap", "Complete"),
    Stage.SIGNED: Text("SLA ditandatangani", "SLA signed"),
    Stage.INSTALLED: Text("Instalasi", "Installation"),
    Stage.ACTIVE: Text("Aktif", "Active"),
    Stage.WITHDRAWN: Text("Ditarik kembali", "Withdrawn"),
}
FINAL = frozenset({Stage.ACTIVE, Stage.WITHDRAWN})


class SlaStage(StrEnum):
    """Where an agreement stands."""

    DRAFTED = "drafted"
    HALF_SIGNED = "half_signed"
    SIGNED = "signed"
    DROPPED = "dropped"

    @property
    def label(self) -> Text:
        """What people call it."""
        return SLA_STAGES[self]


SLA_STAGES: Mapping[SlaStage, Text] = {
    SlaStage.DRAFTED: Text("Disusun", "Drafted"),
    SlaStage.HALF_SIGNED: Text("Ditandatangani satu pihak", "Signed by one side"),
    SlaStage.SIGNED: Text("Ditandatangani kedua pihak", "Signed by both sides"),
    SlaStage.DROPPED: Text("Dibatalkan", "Dropped"),
}


class Side(StrEnum):
    """Who signs an agreement."""

    PROVIDER = "provider"
    LKPP = "lkpp"

    @property
    def label(self) -> Text:
        """What people call it."""
        return SIDES[self]


SIDES: Mapping[Side, Text] = {Side.PROVIDER: Text("K/L/Pemda", "K/L/Pemda"), Side.LKPP: Text("LKPP", "LKPP")}


class UnitKind(StrEnum):
    """Which unit runs the service (KEDUA)."""

    UKPBJ = "ukpbj"
    SEPARATE = "separate"


class Purpose(StrEnum):
    """What a document of an application is."""

    LETTER = "letter"
    SUPPORTING = "supporting"
