"""Whatever is signed, dropped and breached, in whatever order: no law of an agreement breaks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from collector.admission.agreement import (
    MOST_DOOR,
    Agreement,
    Clause,
    Signature,
    breached,
    door,
    drafted,
    dropped,
    in_force,
    signed,
)  # fmt: skip
from collector.admission.words import Side, SlaStage
from collector.enforcement.unlawful import Unlawful

DAY = date(2026, 3, 9)
CLAUSES = (Clause("Pasal 5", "Ketersediaan."), Clause("Pasal 9", "Lokasi data."))
OFFSET = st.integers(-20, 40)


def fresh(number: str = "1", begins: int = 0, days: int = 30, earliest: date | None = None) -> Agreement:
    start = DAY + timedelta(days=begins)
    return drafted(Agreement(number, start, start + timedelta(days=days), CLAUSES, earliest), "ab", DAY)


def both(agreement: Agreement, on: date = DAY) -> Agreement:
    for by, side in enumerate(Side):
        agreement = signed(agreement, Signature(side, "Siti", on, by), on)
    return agreement


class Laws(RuleBasedStateMachine):
    """One agreement, three people who record, a day that goes forward."""

    @initialize(begins=st.integers(-10, 30), days=st.integers(1, 40), earliest=st.none() | OFFSET)
    def begin(self, begins: int, days: int, earliest: int | None) -> None:
        self.day = DAY
        start = DAY + timedelta(days=begins)
        made = Agreement(
            "1",
            start,
            start + timedelta(days=days),
            CLAUSES,
            None if earliest is None else DAY + timedelta(days=earliest),
        )
        try:
            self.held = drafted(made, "ab", DAY)
        except Unlawful:
            assert made.valid_until < DAY
            self.held = fresh()
        self.recorded: list[tuple[Signature, date]] = []

    @rule(days=st.integers(0, 9))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(side=st.sampled_from(Side), by=st.integers(1, 3), on=OFFSET, name=st.sampled_from(["", "Siti"]))
    def sign(self, side: Side, by: int, on: int, name: str) -> None:
        signature = Signature(side, name, DAY + timedelta(days=on), by)
        before = self.held
        try:
            self.held = signed(before, signature, self.day)
        except Unlawful:
            return
        assert before.stage in {SlaStage.DRAFTED, SlaStage.HALF_SIGNED}
        self.recorded.append((signature, self.day))

    @rule(side=st.sampled_from(Side))
    def sign_well(self, side: Side) -> None:
        self.sign(side, 1 + list(Side).index(side), (self.day - DAY).days, "Siti")

    @rule(really=st.integers(0, 9), reason=st.sampled_from(["", "salah ketik"]))
    def drop(self, really: int, reason: str) -> None:
        before = self.held
        if not really:
            try:
                self.held = dropped(before, reason)
            except Unlawful:
                return
            assert reason
            assert before.stage is not SlaStage.SIGNED

    @rule(on=OFFSET, clause=st.sampled_from(["pasal 5 ", "Pasal 7"]))
    def breach(self, on: int, clause: str) -> None:
        on_day = DAY + timedelta(days=on)
        try:
            found = breached(self.held, clause, on_day, self.day)
        except Unlawful:
            return
        assert found.number == "Pasal 5"
        assert self.held.stage is SlaStage.SIGNED
        assert self.held.valid_from <= on_day <= min(self.held.valid_until, self.day)

    @invariant()
    def the_laws_hold(self) -> None:
        assert (self.held.term is not None) == (self.held.stage is SlaStage.SIGNED)
        assert len({one.by for one, _ in self.recorded}) == len({one.side for one, _ in self.recorded})
        if self.held.stage is SlaStage.SIGNED:
            assert {one.side for one, _ in self.recorded} == set(Side)
        for one, at in self.recorded:
            assert (self.held.earliest or one.on) <= one.on <= at <= self.held.valid_until
            assert one.name


TestLaws = Laws.TestCase
TestLaws.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize(
    ("agreement", "document", "said"),
    [
        (Agreement("", DAY, DAY + timedelta(days=1)), "ab", "has a number"),
        (Agreement("1", DAY, DAY + timedelta(days=1)), "", "document"),
        (Agreement("1", DAY, DAY), "ab", "ends after it begins"),
        (Agreement("1", DAY, DAY.replace(year=2206)), "ab", "check the year"),
        (Agreement("1", DAY - timedelta(days=9), DAY - timedelta(days=1)), "ab", "is over"),
        (Agreement("1", DAY, DAY + timedelta(days=1), (*CLAUSES, Clause("PASAL 5", "x"))), "ab", "stands twice"),
    ],
)
def test_what_is_no_agreement_is_not_drafted(agreement: Agreement, document: str, said: str) -> None:
    with pytest.raises(Unlawful, match=said):
        drafted(agreement, document, DAY)


def test_only_what_both_signed_is_renewed_and_not_backwards() -> None:
    next_one = Agreement("2", DAY + timedelta(days=30), DAY + timedelta(days=60))
    with pytest.raises(Unlawful, match="both sides signed"):
        drafted(next_one, "ab", DAY, follows=fresh())
    assert drafted(next_one, "ab", DAY, follows=both(fresh())).stage is SlaStage.DRAFTED
    with pytest.raises(Unlawful, match="before the old one"):
        drafted(next_one, "ab", DAY, follows=both(fresh(begins=31)))


def test_of_several_in_force_the_one_that_began_last_holds() -> None:
    old, amended, later = (
        both(fresh("1")),
        both(fresh("2", begins=0, days=20), DAY + timedelta(days=1)),
        both(fresh("3", 25)),
    )
    assert in_force([old, amended, later], DAY) == old  # the amendment was signed a day later
    assert in_force([old, amended, later], DAY + timedelta(days=1)) == amended
    assert in_force([old, amended, later], DAY + timedelta(days=22)) == old
    assert in_force([old, amended, later], DAY + timedelta(days=26)) == later
    assert in_force([old, fresh("4")], DAY + timedelta(days=31)) is None


@given(number=st.text(max_size=100), text=st.text(min_size=1, max_size=4000), clause=st.text(min_size=1, max_size=60))
def test_the_door_fits_an_act_of_the_ladder(number: str, text: str, clause: str) -> None:
    assert len(door(fresh(number or "1") if number.strip() else fresh(), Clause(clause, text), DAY)) <= MOST_DOOR
