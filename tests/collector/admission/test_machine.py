"""Whatever people do in whatever order, under whatever clock: no law of an application breaks.

What was lawfully done is compared with a log that this test keeps itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from checks.calendar import today
from collector.admission import machine
from collector.admission.machine import (
    SKEW,
    Act,
    Activate,
    Agree,
    Complete,
    Edit,
    Install,
    Return,
    Submit,
    Take,
    Term,
    Withdraw,
)  # fmt: skip
from collector.admission.words import Kind, Stage
from collector.enforcement.unlawful import Unlawful

PEOPLE = st.integers(1, 4)
OFFSET = st.integers(-40, 20)
MONDAY = datetime(2026, 3, 9, 3, tzinfo=UTC)
AHEAD = {
    Stage.DRAFT: {Stage.SUBMITTED}, Stage.SUBMITTED: {Stage.IN_REVIEW}, Stage.IN_REVIEW: {Stage.INCOMPLETE, Stage.COMPLETE},
    Stage.INCOMPLETE: {Stage.SUBMITTED}, Stage.COMPLETE: {Stage.SIGNED}, Stage.SIGNED: {Stage.INSTALLED, Stage.ACTIVE},
    Stage.INSTALLED: {Stage.ACTIVE}, Stage.ACTIVE: set(), Stage.WITHDRAWN: set(),
}  # fmt: skip


class Laws(RuleBasedStateMachine):
    """One application, four people, a clock that mostly goes forward."""

    @initialize(kind=st.sampled_from(Kind), by=PEOPLE)
    def begin(self, kind: Kind, by: int) -> None:
        self.now = MONDAY
        self.held = machine.draft(kind, by, self.now)
        self.done: list[tuple[Act, datetime]] = [(Edit(by), self.now)]

    def do(self, act: Act) -> None:
        before = self.held
        try:
            after = machine.after(before, act, self.now)
        except Unlawful:
            assert not machine.allowed(before, act, self.now)
            return
        assert machine.allowed(before, act, self.now)
        assert self.now >= before.changed_at - SKEW
        ahead = AHEAD[before.stage] | ({Stage.WITHDRAWN} if AHEAD[before.stage] else set())
        assert after.stage in ahead | {before.stage}
        assert AHEAD[before.stage], "nothing follows on active or withdrawn"
        self.held = after
        self.done.append((act, self.now))

    def of(self, *kinds: type) -> list[Act]:
        return [act for act, _ in self.done if isinstance(act, kinds)]

    @rule(minutes=st.sampled_from([-60, -3, 0, 1, 60, 60 * 24, 60 * 24 * 40]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(by=PEOPLE)
    def edit(self, by: int) -> None:
        self.do(Edit(by))

    @rule(by=PEOPLE, letters=st.lists(OFFSET, max_size=1), others=st.lists(OFFSET, max_size=1))
    def submit(self, by: int, letters: list[int], others: list[int]) -> None:
        day = today(self.now)
        self.do(Submit(by, tuple(self.day(one) for one in letters), tuple(day + timedelta(days=one) for one in others)))

    def day(self, offset: int) -> date:
        return today(self.now) + timedelta(days=offset)

    @rule(by=PEOPLE)
    def take(self, by: int) -> None:
        self.do(Take(by))

    @rule(by=PEOPLE, reasons=st.lists(st.sampled_from(["", " ", "tanpa SK"]), max_size=2))
    def find_incomplete(self, by: int, reasons: list[str]) -> None:
        self.do(Return(by, tuple(reasons)))

    @rule(by=PEOPLE)
    def find_complete(self, by: int) -> None:
        self.do(Complete(by))

    @rule(by=PEOPLE, signed=OFFSET, begins=OFFSET, days=st.sampled_from([-1, 0, 1, 30, 700]))
    def agree(self, by: int, signed: int, begins: int, days: int) -> None:
        self.do(Agree(by, Term(self.day(signed), self.day(begins), self.day(begins + days))))

    @rule(by=PEOPLE, on=OFFSET, minutes=st.sampled_from(["", "ab"]), instances=st.integers(0, 2))
    def install(self, by: int, on: int, minutes: str, instances: int) -> None:
        self.do(Install(by, self.day(on), minutes, instances))

    @rule(by=PEOPLE)
    def activate(self, by: int) -> None:
        self.do(Activate(by))

    @rule(by=PEOPLE, reason=st.sampled_from(["", " ", "tidak jadi"]), really=st.integers(0, 5))
    def withdraw(self, by: int, reason: str, really: int) -> None:
        if not really:  # seldom, so that the later stages are reached
            self.do(Withdraw(by, reason))

    @rule(choice=st.integers(0, 3), steps=st.integers(1, 6), begins=st.sampled_from([0, 0, 30]), by=PEOPLE)
    def somebody_goes_on_as_one_should(self, choice: int, steps: int, begins: int, by: int) -> None:
        """What brings it forward, so that every stage is reached; what it tries last is not always lawful."""
        for _ in range(steps):
            day = self.day(0)
            applicant, reviewer = min(self.held.applicants), self.outsider()
            installing = self.held.kind is Kind.SYSTEM and choice
            ahead: dict[Stage, Act] = {
                Stage.DRAFT: Submit(applicant, (day,), ()), Stage.INCOMPLETE: Submit(applicant, (day,), ()),
                Stage.SUBMITTED: Take(reviewer), Stage.INSTALLED: Activate(by),
                Stage.IN_REVIEW: Complete(reviewer) if choice else Return(reviewer, ("tanpa SK",)),
                Stage.COMPLETE: Agree(1, Term(day, self.day(begins), self.day(100))),
                Stage.SIGNED: Install(1, day, "ab", 1) if installing else Activate(by),
            }  # fmt: skip
            if self.held.stage in ahead:
                self.do(ahead[self.held.stage])

    def outsider(self) -> int:
        return next(one for one in range(1, 9) if one not in self.held.applicants)

    @invariant()
    def the_laws_hold(self) -> None:
        applied = {act.by for act in self.of(Edit, Submit, Withdraw)}
        reviewed = {act.by for act in self.of(Take, Return, Complete)}
        assert not applied & (reviewed | {act.by for act in self.of(Activate)})
        assert all(isinstance(act, Return) and "".join(act.reasons).strip() for act in self.of(Return))
        assert all(day <= today(at) for act, at in self.done if isinstance(act, Submit) for day in act.letters)
        if self.held.stage in {Stage.SIGNED, Stage.INSTALLED, Stage.ACTIVE}:
            complete = [at for act, at in self.done if isinstance(act, Complete)]
            assert len(complete) == 1
            for act, at in self.done:
                if isinstance(act, Agree):
                    assert today(complete[0]) <= act.term.signed_on <= today(at) <= act.term.valid_until
        if self.of(Install):
            assert self.held.kind is Kind.SYSTEM
        if self.held.stage is Stage.ACTIVE:
            [made], [found] = self.of(Activate), self.of(Complete)
            assert made.by != found.by
            at = next(at for act, at in self.done if isinstance(act, Activate))
            assert any(act.term.holds(today(at)) for act in self.of(Agree) if isinstance(act, Agree))
            assert bool(self.of(Install)) is (self.held.kind is Kind.SYSTEM)
        assert machine.may_enrol(self.held) is (self.held.stage is Stage.ACTIVE and bool(self.of(Install)))


TestLaws = Laws.TestCase
TestLaws.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)


def reached(kind: Kind, *acts: Act) -> machine.Application:
    held = machine.draft(kind, 1, MONDAY)
    for act in acts:
        held = machine.after(held, act, MONDAY)
    return held


DAY = today(MONDAY)
TERM = Term(DAY, DAY, DAY + timedelta(days=365))
TO_SIGNED = (Submit(1, (DAY,), ()), Take(2), Complete(2), Agree(2, TERM))


def test_a_service_provider_is_active_without_installation() -> None:
    assert reached(Kind.SERVICE, *TO_SIGNED, Activate(3)).stage is Stage.ACTIVE
    with pytest.raises(Unlawful, match="no installation"):
        reached(Kind.SERVICE, *TO_SIGNED, Install(2, DAY, "ab", 1))


def test_a_system_provider_is_active_and_enrols_after_its_installation_only() -> None:
    with pytest.raises(Unlawful, match="minutes of its installation"):
        reached(Kind.SYSTEM, *TO_SIGNED, Activate(3))
    installed = reached(Kind.SYSTEM, *TO_SIGNED, Install(2, DAY, "ab", 1))
    assert not machine.may_enrol(installed)
    assert machine.may_enrol(machine.after(installed, Activate(3), MONDAY))


def test_who_applied_does_not_review_and_who_reviewed_does_not_apply() -> None:
    with pytest.raises(Unlawful, match="Who applied"):
        reached(Kind.SYSTEM, Submit(1, (DAY,), ()), Take(1))
    with pytest.raises(Unlawful, match="Who reviewed"):
        reached(Kind.SYSTEM, Submit(1, (DAY,), ()), Take(2), Return(2, ("tanpa SK",)), Edit(2))


def test_an_sla_is_signed_from_the_day_the_application_was_complete() -> None:
    early = replace(TERM, signed_on=DAY - timedelta(days=1))
    with pytest.raises(Unlawful, match="found complete"):
        reached(Kind.SYSTEM, *TO_SIGNED[:3], Agree(2, early))


def test_an_sla_that_ran_out_before_the_provider_was_active_is_renewed() -> None:
    held = reached(Kind.SERVICE, *TO_SIGNED[:3], Agree(2, replace(TERM, valid_until=DAY + timedelta(days=5))))
    later = MONDAY + timedelta(days=9)
    with pytest.raises(Unlawful, match="No SLA is in force"):
        machine.after(held, Activate(3), later)
    held = machine.after(held, Agree(2, Term(today(later), today(later), DAY + timedelta(days=99))), later)
    assert machine.after(held, Activate(3), later).stage is Stage.ACTIVE


def test_no_act_comes_before_the_last() -> None:
    held = reached(Kind.SYSTEM, Submit(1, (DAY,), ()))
    assert machine.allowed(held, Take(2), MONDAY - timedelta(minutes=4))
    with pytest.raises(Unlawful, match="check the clock"):
        machine.after(held, Take(2), MONDAY - timedelta(minutes=6))
