"""An objection to an act (152/2022, 2.3). Pure.

Laws:
- The provider objects, to an act in force, with a letter and evidence. Within the window (or before receipt is recorded) the
  objection is open at once. A later one is recorded as late, and an officer decides with a reason to take it or to leave it.
- Whether it was late is judged by the window known when it was filed; what becomes of the calendar later does not change it.
- There is no outcome without an examination or a clarification on record, with the provider or with others.
- The outcome is upheld, changed or withdrawn, proposed by one person and decided by another.
- An objection is open from its filing (a late one: from its taking) to its decision, or until the provider takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from collector.enforcement.case import passed
from collector.enforcement.unlawful import demand


class Window(StrEnum):
    """Where the window for objecting stands."""

    NOT_BEGUN = "not_begun"
    OPEN = "open"
    LAPSED = "lapsed"


class Stage(StrEnum):
    """Where an objection stands."""

    LATE = "late"
    FILED = "filed"
    EXAMINED = "examined"
    OUTCOME_PROPOSED = "outcome_proposed"
    DECIDED = "decided"
    LEFT = "left"
    TAKEN_BACK = "taken_back"


class Outcome(StrEnum):
    """What becomes of the act."""

    UPHELD = "upheld"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What people do to an objection."""

    TAKE = "take"
    LEAVE = "leave"
    EXAMINE = "examine"
    PROPOSE = "propose"
    RETURN = "return"
    DECIDE = "decide"
    TAKE_BACK = "take_back"


TRANSITIONS: Mapping[tuple[Stage, Act], Stage] = {
    (Stage.LATE, Act.TAKE): Stage.FILED,
    (Stage.LATE, Act.LEAVE): Stage.LEFT,
    (Stage.LATE, Act.TAKE_BACK): Stage.TAKEN_BACK,
    (Stage.FILED, Act.EXAMINE): Stage.EXAMINED,
    (Stage.FILED, Act.TAKE_BACK): Stage.TAKEN_BACK,
    (Stage.EXAMINED, Act.EXAMINE): Stage.EXAMINED,
    (Stage.EXAMINED, Act.PROPOSE): Stage.OUTCOME_PROPOSED,
    (Stage.EXAMINED, Act.TAKE_BACK): Stage.TAKEN_BACK,
    (Stage.OUTCOME_PROPOSED, Act.DECIDE): Stage.DECIDED,
    (Stage.OUTCOME_PROPOSED, Act.RETURN): Stage.EXAMINED,
    (Stage.OUTCOME_PROPOSED, Act.TAKE_BACK): Stage.TAKEN_BACK,
}
OPEN = frozenset({Stage.FILED, Stage.EXAMINED, Stage.OUTCOME_PROPOSED})
OVER = frozenset({Stage.DECIDED, Stage.LEFT, Stage.TAKEN_BACK})


@dataclass(frozen=True)
class Objection:
    """One objection."""

    stage: Stage
    late: bool
    examinations: int = 0
    outcome: Outcome | None = None
    proposed_by: int | None = None
    decided_by: int | None = None

    @property
    def open(self) -> bool:
        """Is LKPP to decide it?"""
        return self.stage in OPEN


def window(ends: datetime | None, now: datetime) -> Window:
    """Where the window that `ends` then stands; None: no receipt is recorded."""
    if ends is None:
        return Window.NOT_BEGUN
    return Window.LAPSED if passed(ends, now) else Window.OPEN


def file(ends: datetime | None, letter: str, evidence: int, now: datetime) -> Objection:
    """A new objection. `letter`: digest of the letter; `evidence`: how many files. Raises Unlawful."""
    demand(bool(letter), "Lampirkan surat keberatan.", "Attach the letter of objection.")
    demand(evidence > 0, "Lampirkan bukti pendukung.", "Attach supporting evidence.")
    late = window(ends, now) is Window.LAPSED
    return Objection(Stage.LATE if late else Stage.FILED, late)


def allowed(objection: Objection) -> frozenset[Act]:
    """What may be done to `objection`."""
    return frozenset(act for at, act in TRANSITIONS if at is objection.stage)


def after(objection: Objection, act: Act, by: int, *, reason: str, outcome: Outcome | None = None) -> Objection:
    """The objection after `act` of the person `by`. `outcome` goes with PROPOSE. Raises Unlawful."""
    demand(
        (objection.stage, act) in TRANSITIONS,
        "Pada tahap ini hal itu tidak dapat dilakukan.", f"That cannot be done to an objection that is {objection.stage}.",
    )  # fmt: skip
    demand(bool(reason.strip()), "Tuliskan alasannya.", "Write down the reason.")
    now_at = replace(objection, stage=TRANSITIONS[objection.stage, act])
    match act:
        case Act.EXAMINE:
            return replace(now_at, examinations=objection.examinations + 1)
        case Act.PROPOSE:
            demand(outcome is not None, "Pilih hasilnya.", "Choose the outcome.")
            demand(
                objection.examinations > 0,
                "Catat pemeriksaan atau klarifikasi lebih dulu.", "Record an examination or a clarification first.",
            )  # fmt: skip
            return replace(now_at, outcome=outcome, proposed_by=by)
        case Act.RETURN:
            demand(by != objection.proposed_by, "Pengusul tidak memutus.", "Who proposed does not decide.")
            return replace(now_at, outcome=None, proposed_by=None)
        case Act.DECIDE:
            demand(by != objection.proposed_by, "Pengusul tidak memutus.", "Who proposed does not decide.")
            return replace(now_at, decided_by=by)
    return now_at
