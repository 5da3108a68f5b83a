"""An agreement on the level of service with LKPP (SLA; 152/2022, 2.1.a.3), its signatures, renewal and breach. Pure.

Laws:
- It has a number, a document, and a term: it ends after it begins, within `MOST_YEARS` (which guards against mistyped years).
- Each side signs once; the two signatures are recorded by two people. None is dated in the future, nor before
  the application was complete. An agreement whose term is over is signed by nobody.
- What one side has signed is not changed: it is dropped with a reason, and drafted anew. What both signed stays as it is:
  a renewal or an amendment is an agreement of its own, with its own number, that does not begin before the one it follows.
- A breach names a clause of an agreement that both signed, and a day within its term that is not in the future. It is what
  opens termination (2.2.d): a person acts on it, nothing follows by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

import msgspec

from collector.admission.machine import Term
from collector.admission.words import Side, SlaStage
from collector.enforcement.unlawful import demand

MOST_YEARS = 10
MOST_CLAUSES = 100
MOST_DOOR = 500  # characters of `enforcement.Action.sla_clause`


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clause whose breach the agreement names: its number ("Pasal 5 ayat (2)") and its text."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]


class Targets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was agreed, as data: availability in % of a month, RTO and RPO in minutes, hours of support. None, "": not named."""

    availability: Annotated[float, msgspec.Meta(gt=0, le=100)] | None = None
    rto_minutes: Annotated[int, msgspec.Meta(ge=0, le=527_040)] | None = None
    rpo_minutes: Annotated[int, msgspec.Meta(ge=0, le=527_040)] | None = None
    support_hours: Annotated[str, msgspec.Meta(max_length=200)] = ""


@dataclass(frozen=True)
class Signature:
    """Who signed for a side, on which day, and the key of the account that recorded it."""

    side: Side
    name: str
    on: date
    by: int


@dataclass(frozen=True)
class Agreement:
    """Where an agreement stands. `earliest`: no signature is dated before; None: nothing is known of an application."""

    number: str
    valid_from: date
    valid_until: date
    clauses: tuple[Clause, ...] = ()
    earliest: date | None = None
    stage: SlaStage = SlaStage.DRAFTED
    signatures: tuple[Signature, ...] = ()

    @property
    def signed_on(self) -> date | None:
        """The day of the last signature, once both sides signed."""
        return max(one.on for one in self.signatures) if self.stage is SlaStage.SIGNED else None

    @property
    def term(self) -> Term | None:
        """Its term, once both sides signed."""
        signed = self.signed_on
        return Term(signed, self.valid_from, self.valid_until) if signed is not None else None

    @property
    def missing(self) -> frozenset[Side]:
        """Who has not signed yet."""
        return frozenset(Side) - {one.side for one in self.signatures}


def drafted(agreement: Agreement, document: str, day: date, *, follows: Agreement | None = None) -> Agreement:
    """A new agreement whose document has this digest; `follows`: the one it renews or amends. Raises Unlawful."""
    demand(bool(agreement.number.strip()), "SLA bernomor.", "An SLA has a number.")
    demand(bool(document), "Lampirkan dokumen SLA-nya.", "Attach the document of the SLA.")
    demand(
        agreement.valid_from < agreement.valid_until,
        "SLA berakhir setelah mulai berlaku.",
        "An SLA ends after it begins.",
    )
    demand(
        agreement.valid_until.year - agreement.valid_from.year <= MOST_YEARS,
        f"Masa berlaku lebih dari {MOST_YEARS} tahun; periksa tahunnya.",
        f"A term of more than {MOST_YEARS} years; check the year.",
    )  # fmt: skip
    demand(day <= agreement.valid_until, "Masa berlaku SLA ini sudah lewat.", "The term of this SLA is over.")
    numbers = [clause.number.strip().casefold() for clause in agreement.clauses]
    demand(len(set(numbers)) == len(numbers), "Ada nomor pasal yang ganda.", "The number of a clause stands twice.")
    demand(
        len(numbers) <= MOST_CLAUSES, f"Lebih dari {MOST_CLAUSES} pasal.", f"More than {MOST_CLAUSES} clauses."
    )  # fmt: skip
    if follows is not None:
        demand(
            follows.stage is SlaStage.SIGNED,
            "Yang diperbarui adalah SLA yang sudah ditandatangani kedua pihak.", "Only what both sides signed is renewed.",
        )  # fmt: skip
        demand(
            agreement.valid_from >= follows.valid_from,
            "SLA baru tidak mulai sebelum yang lama.", "The new SLA does not begin before the old one.",
        )  # fmt: skip
    return replace(agreement, stage=SlaStage.DRAFTED, signatures=())


def signed(agreement: Agreement, signature: Signature, day: date) -> Agreement:
    """The agreement with one more signature, recorded on `day`. Raises Unlawful."""
    demand(
        agreement.stage in {SlaStage.DRAFTED, SlaStage.HALF_SIGNED},
        "SLA ini tidak menunggu tanda tangan.", "This SLA waits for no signature.",
    )  # fmt: skip
    demand(
        signature.side in agreement.missing,
        f"{signature.side.label.id} sudah menandatangani.", f"{signature.side.label.en} has signed already.",
    )  # fmt: skip
    demand(bool(signature.name.strip()), "Sebutkan penanda tangannya.", "Name who signed.")
    demand(signature.on <= day, "Tanggal tanda tangan di masa depan.", "The signature is dated in the future.")
    demand(
        agreement.earliest is None or signature.on >= agreement.earliest,
        f"SLA ditandatangani sejak permohonan lengkap ({agreement.earliest}).",
        f"An SLA is signed from the day the application was complete ({agreement.earliest}).",
    )
    demand(day <= agreement.valid_until, "Masa berlaku SLA ini sudah lewat.", "The term of this SLA is over.")
    demand(
        all(one.by != signature.by for one in agreement.signatures),
        "Kedua tanda tangan dicatat oleh dua orang.", "The two signatures are recorded by two people.",
    )  # fmt: skip
    signatures = (*agreement.signatures, signature)
    stage = SlaStage.SIGNED if len(signatures) == len(Side) else SlaStage.HALF_SIGNED
    return replace(agreement, stage=stage, signatures=signatures)


def dropped(agreement: Agreement, reason: str) -> Agreement:
    """The agreement, given up before both sides signed. Raises Unlawful."""
    demand(
        agreement.stage in {SlaStage.DRAFTED, SlaStage.HALF_SIGNED},
        "Yang sudah ditandatangani kedua pihak tidak dibatalkan; buat adendum.",
        "What both sides signed is not dropped; make an amendment.",
    )
    demand(bool(reason.strip()), "Tuliskan alasannya.", "Write down the reason.")
    return replace(agreement, stage=SlaStage.DROPPED)


def breached(agreement: Agreement, clause: str, on: date, day: date) -> Clause:
    """The clause that was breached on the day `on`, recorded on `day`. Raises Unlawful."""
    term = agreement.term
    demand(term is not None, "SLA ini belum ditandatangani kedua pihak.", "Both sides have not signed this SLA.")
    named = clause.strip().casefold()
    found = next((one for one in agreement.clauses if one.number.strip().casefold() == named), None)
    known = ", ".join(one.number for one in agreement.clauses) or "-"
    demand(
        found is not None,
        f"SLA ini tidak menyebut pelanggaran pada {clause!r}; yang ada: {known}.",
        f"This SLA names no breach of {clause!r}; it has: {known}.",
    )
    demand(
        term is not None and term.holds(on) and on <= day,
        "Tanggal pelanggaran di luar masa berlaku SLA, atau di masa depan.",
        "The day of the breach lies outside the term of the SLA, or in the future.",
    )
    assert found is not None  # noqa: S101  # demanded above
    return found


def door(agreement: Agreement, clause: Clause, on: date) -> str:
    """What an act of the ladder names as its clause: number of the SLA, clause, day, and as much of the text as fits."""
    head = f"SLA {agreement.number}, {clause.number} ({on}): "
    text = " ".join(clause.text.split())
    room = max(MOST_DOOR - len(head), 0)
    return (head + (text if len(text) <= room else text[: room - 1] + "…"))[:MOST_DOOR]


def in_force(agreements: Collection[Agreement], day: date) -> Agreement | None:
    """The agreement that holds on `day`: of several the one that began last, then the one signed last."""
    held = [(term, one) for one in agreements if (term := one.term) is not None and term.holds(day)]
    return max(held, key=lambda pair: (pair[0].valid_from, pair[0].signed_on))[1] if held else None
