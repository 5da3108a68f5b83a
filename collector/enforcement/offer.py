"""The recommendation to use a system that LKPP manages (152/2022, III). Pure.

Laws:
- It goes only to a provider with an act of the ladder in force, and "dapat": drafted by one person, offered by another.
- The provider's head accepts or declines it; nothing is migrated that was not accepted. What was migrated can be returned.
- One at a time: while one is drafted, offered, accepted or migrated there is no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from collector.enforcement.unlawful import demand


class Stage(StrEnum):
    """Where an offer stands."""

    DRAFTED = "drafted"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MIGRATED = "migrated"
    RETURNED = "returned"
    DROPPED = "dropped"


class Act(StrEnum):
    """What people do to an offer."""

    OFFER = "offer"
    DROP = "drop"
    ACCEPT = "accept"
    DECLINE = "decline"
    MIGRATE = "migrate"
    RETURN = "return"


TRANSITIONS: Mapping[tuple[Stage, Act], Stage] = {
    (Stage.DRAFTED, Act.OFFER): Stage.OFFERED,
    (Stage.DRAFTED, Act.DROP): Stage.DROPPED,
    (Stage.OFFERED, Act.ACCEPT): Stage.ACCEPTED,
    (Stage.OFFERED, Act.DECLINE): Stage.DECLINED,
    (Stage.OFFERED, Act.DROP): Stage.DROPPED,
    (Stage.ACCEPTED, Act.MIGRATE): Stage.MIGRATED,
    (Stage.ACCEPTED, Act.DROP): Stage.DROPPED,
    (Stage.MIGRATED, Act.RETURN): Stage.RETURNED,
}
UNDER_WAY = frozenset({Stage.DRAFTED, Stage.OFFERED, Stage.ACCEPTED, Stage.MIGRATED})


@dataclass(frozen=True)
class Offer:
    """One offer."""

    drafted_by: int
    stage: Stage = Stage.DRAFTED


def draft(by: int, *, acts_in_force: int, under_way: int, reason: str) -> Offer:
    """A new offer of the person `by`, to a provider with so many acts in force and offers under way. Raises Unlawful."""
    demand(
        acts_in_force > 0,
        "Rekomendasi ini hanya bagi penyedia yang dikenakan tindakan pembinaan (152/2022, III).",
        "This recommendation is only for a provider under an act of the ladder (152/2022, III).",
    )
    demand(under_way == 0, "Masih ada rekomendasi yang berjalan.", "Another such recommendation is under way.")
    demand(bool(reason.strip()), "Tuliskan alasannya.", "Write down the reason.")
    return Offer(by)


def allowed(offer: Offer) -> frozenset[Act]:
    """What may be done to `offer`."""
    return frozenset(act for at, act in TRANSITIONS if at is offer.stage)


def after(offer: Offer, act: Act, by: int, *, reason: str, acts_in_force: int = 1) -> Offer:
    """The offer after `act` of the person `by`. Raises Unlawful."""
    demand(
        (offer.stage, act) in TRANSITIONS,
        "Pada tahap ini hal itu tidak dapat dilakukan.", f"That cannot be done to an offer that is {offer.stage}.",
    )  # fmt: skip
    demand(bool(reason.strip()), "Tuliskan alasannya.", "Write down the reason.")
    if act is Act.OFFER:
        demand(by != offer.drafted_by, "Penyusun tidak menyetujui sendiri.", "Who drafted it does not approve it.")
        demand(acts_in_force > 0, "Tidak ada tindakan yang berlaku lagi.", "No act is in force any more.")
    return replace(offer, stage=TRANSITIONS[offer.stage, act])
