"""A non-conformity that surveillance found (152/2022, 2.1.f), from proposal to its end. Pure.

Laws:
- Machines (or a person) propose; an officer confirms or dismisses, with a reason. Nothing is confirmed by itself.
- The provider sees it from its proposal on, and may answer it until it is settled.
- Only a confirmed one becomes part of a case, and of one case only. What is settled in a case stays settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from collector.enforcement.unlawful import demand


class Stage(StrEnum):
    """Where a non-conformity stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    IN_CASE = "in_case"
    CORRECTED = "corrected"
    DISMISSED = "dismissed"


class Act(StrEnum):
    """What people do to it."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    ADD_TO_CASE = "add_to_case"
    CORRECT = "correct"
    ANSWER = "answer"


TRANSITIONS: Mapping[tuple[Stage, Act], Stage] = {
    (Stage.PROPOSED, Act.CONFIRM): Stage.CONFIRMED,
    (Stage.PROPOSED, Act.DISMISS): Stage.DISMISSED,
    (Stage.PROPOSED, Act.ANSWER): Stage.PROPOSED,
    (Stage.CONFIRMED, Act.ADD_TO_CASE): Stage.IN_CASE,
    (Stage.CONFIRMED, Act.DISMISS): Stage.DISMISSED,
    (Stage.CONFIRMED, Act.ANSWER): Stage.CONFIRMED,
    (Stage.IN_CASE, Act.CORRECT): Stage.CORRECTED,
    (Stage.IN_CASE, Act.DISMISS): Stage.DISMISSED,
    (Stage.IN_CASE, Act.ANSWER): Stage.IN_CASE,
}
SETTLED = frozenset({Stage.CORRECTED, Stage.DISMISSED})


def allowed(stage: Stage) -> frozenset[Act]:
    """What may be done at `stage`."""
    return frozenset(act for at, act in TRANSITIONS if at is stage)


def after(stage: Stage, act: Act, *, reason: str) -> Stage:
    """The stage after `act`. Raises Unlawful."""
    demand(
        (stage, act) in TRANSITIONS,
        "Pada tahap ini hal itu tidak dapat dilakukan.", f"That cannot be done to a non-conformity that is {stage}.",
    )  # fmt: skip
    demand(bool(reason.strip()), "Tuliskan alasannya.", "Write down the reason.")
    return TRANSITIONS[stage, act]
