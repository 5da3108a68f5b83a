"""No sequence of acts breaks a law of the machine of a standard, whoever acts, whatever the rows say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from collector.assessment.standard_machine import BY, FROM, Standing, Who, Work, after, allowed
from collector.assessment.standard_words import LABELS, Act, Certified, Duty, Stage
from collector.assessment.unlawful import Unlawful

PROVIDER, HEAD, FIRST, SECOND, APPROVER, BOTH, LADDER = (
    Who(1, frozenset({Duty.PROVIDER})),
    Who(2, frozenset({Duty.PROVIDER, Duty.HEAD})),
    Who(3, frozenset({Duty.ASSESSOR})),
    Who(4, frozenset({Duty.ASSESSOR})),
    Who(5, frozenset({Duty.DETERMINER})),
    Who(6, frozenset({Duty.ASSESSOR, Duty.DETERMINER})),  # whose role changed meanwhile
    Who(7, frozenset({Duty.LADDER})),
)
PEOPLE = (PROVIDER, HEAD, FIRST, SECOND, APPROVER, BOTH, LADDER, Who(8, frozenset()))
KEYS = ("", "case-1/c", "case-2/c")
ITEMS = frozenset({"k.1", "k.2", "k.3"})


class Standards(RuleBasedStateMachine):
    """A standard, the rows of its rounds as the acts write them, and what happened in each round, told by the test itself."""

    def __init__(self) -> None:
        super().__init__()
        self.now = Standing()
        self.new_round()
        self.revoking = ""
        self.issued = 0

    def new_round(self) -> None:
        self.answered: set[str] = set()
        self.judged: dict[str, bool] = {}  # item -> meets
        self.recommended: list[list[str]] = []  # item, "open" | "waiting" | "accepted"
        self.submitted = self.concluded = False
        self.judges: set[int] = set()
        self.proposed_by: int | None = None

    def work(self) -> Work:
        covered = {item for item, how in self.recommended if how != "accepted"}
        return Work(
            unanswered=tuple(sorted(ITEMS - self.answered)),
            unjudged=tuple(sorted(ITEMS - set(self.judged))),
            uncovered=tuple(sorted(i for i, meets in self.judged.items() if not meets and i not in covered)),
            open=sum(how == "open" for _, how in self.recommended),
            waiting=sum(how == "waiting" for _, how in self.recommended),
        )

    def tried(self, act: Act, who: Who, key: str = "") -> bool:
        """Do it; False if it is forbidden: the caller takes its rows back."""
        try:
            self.now = after(self.now, act, who, self.work(), key)
        except Unlawful:
            return False
        assert BY[act] in who.duties
        if BY[act] is Duty.ASSESSOR and act not in {Act.RETURN, Act.PROPOSE}:
            self.judges.add(who.id)
        return True

    @rule(who=st.sampled_from(PEOPLE))
    def begin(self, who: Who) -> None:
        before = self.now
        if self.tried(Act.BEGIN, who):
            self.new_round()
            assert self.now.round == before.round + 1
            assert self.now.certified is before.certified

    @rule(who=st.sampled_from(PEOPLE), items=st.sets(st.sampled_from(sorted(ITEMS)), min_size=1))
    def answer(self, who: Who, items: set[str]) -> None:
        before = set(self.answered)
        self.answered |= items
        if not self.tried(Act.ANSWER, who):
            self.answered = before

    @precondition(lambda self: self.now.stage is Stage.SELF)
    @rule()
    def answer_all(self) -> None:
        self.answered = set(ITEMS)
        assert self.tried(Act.ANSWER, HEAD)

    @rule(who=st.sampled_from(PEOPLE))
    def submit(self, who: Who) -> None:
        if self.tried(Act.SUBMIT, who):
            assert self.answered == ITEMS
            self.submitted = True

    @rule(who=st.sampled_from(PEOPLE))
    def give_back(self, who: Who) -> None:
        if self.tried(Act.RETURN, who):
            self.submitted = False

    @rule(who=st.sampled_from(PEOPLE))
    def assess(self, who: Who) -> None:
        self.tried(Act.ASSESS, who)

    @rule(who=st.sampled_from(PEOPLE), item=st.sampled_from(sorted(ITEMS)), meets=st.booleans())
    def judge(self, who: Who, item: str, meets: bool) -> None:
        before = dict(self.judged)
        self.judged[item] = meets
        if not self.tried(Act.JUDGE, who):
            self.judged = before

    @precondition(lambda self: self.now.stage is Stage.FACTUAL)
    @rule(met=st.booleans())
    def judge_all(self, met: bool) -> None:
        self.judged = dict.fromkeys(ITEMS, met)
        assert self.tried(Act.JUDGE, FIRST)

    @rule(who=st.sampled_from(PEOPLE), item=st.sampled_from(sorted(ITEMS)))
    def recommend(self, who: Who, item: str) -> None:
        self.recommended.append([item, "open"])
        if not self.tried(Act.RECOMMEND, who):
            self.recommended.pop()

    @rule(who=st.sampled_from(PEOPLE))
    def conclude(self, who: Who) -> None:
        if self.tried(Act.CONCLUDE, who):
            assert set(self.judged) == ITEMS
            self.concluded = True

    @rule(who=st.sampled_from(PEOPLE))
    def follow_up(self, who: Who) -> None:
        row = next((row for row in self.recommended if row[1] == "open"), None)
        if row is not None:
            row[1] = "waiting"
            if not self.tried(Act.FOLLOW_UP, who):
                row[1] = "open"

    @rule(who=st.sampled_from(PEOPLE), accepted=st.booleans(), meets=st.booleans())
    def recheck(self, who: Who, accepted: bool, meets: bool) -> None:
        row = next((row for row in self.recommended if row[1] == "waiting"), None)
        if row is not None:
            before = dict(self.judged)
            row[1] = "accepted" if accepted else "open"
            self.judged[row[0]] = meets
            if not self.tried(Act.RECHECK, who):
                row[1], self.judged = "waiting", before

    @rule(who=st.sampled_from(PEOPLE))
    def propose(self, who: Who) -> None:
        if self.tried(Act.PROPOSE, who):
            self.proposed_by = who.id

    @rule(who=st.sampled_from(PEOPLE))
    def decline(self, who: Who) -> None:
        self.tried(Act.DECLINE, who)

    @rule(who=st.sampled_from(PEOPLE))
    def determine(self, who: Who) -> None:
        if self.tried(Act.DETERMINE, who):
            assert self.submitted, "no determination without a submitted self-assessment"
            assert self.concluded, "no determination without a concluded factual assessment"
            assert set(self.judged) == ITEMS
            assert all(self.judged.values())
            assert all(how == "accepted" for _, how in self.recommended), "every recommendation was re-checked"
            assert who.id not in self.judges, "whoever assessed does not determine"
            assert who.id != self.proposed_by, "whoever proposed does not determine"
            assert self.proposed_by is not None
            assert self.now.certified is Certified.VALID
            self.revoking = ""
            self.issued += 1

    @rule(who=st.sampled_from(PEOPLE), key=st.sampled_from(KEYS))
    def revoke(self, who: Who, key: str) -> None:
        before = self.now.certified
        if self.tried(Act.REVOKE, who, key):
            assert who is LADDER
            assert key
            assert before is Certified.VALID
            self.revoking = key
            self.new_round()  # nothing that was done counts any more

    @rule(who=st.sampled_from(PEOPLE), key=st.sampled_from(KEYS))
    def reinstate(self, who: Who, key: str) -> None:
        if self.tried(Act.REINSTATE, who, key):
            assert who is LADDER
            assert key == self.revoking != ""
            self.revoking = ""

    @rule(steps=st.integers(1, 9), met=st.booleans())
    def walk_on(self, steps: int, met: bool) -> None:
        """What people would do next: arbitrary acts alone seldom come as far as a certificate."""
        for _ in range(steps):
            match self.now.stage:
                case Stage.NOT_ASSESSED | Stage.REVOKED | Stage.DETERMINED:
                    self.begin(PROVIDER)
                case Stage.SELF:
                    self.answer_all()
                    self.submit(HEAD)
                case Stage.SUBMITTED:
                    self.assess(FIRST)
                case Stage.FACTUAL:
                    self.judge_all(met)
                    if not met:
                        for item in sorted(ITEMS):
                            self.recommend(SECOND, item)
                    self.conclude(FIRST)
                case Stage.RECOMMENDED:
                    self.follow_up(PROVIDER)
                case Stage.FOLLOWED_UP:
                    self.recheck(SECOND, True, True)
                case Stage.READY:
                    self.propose(FIRST)
                case Stage.PROPOSED:
                    self.determine(APPROVER)

    @precondition(lambda self: self.now.certified is not Certified.NONE)
    @rule(key=st.sampled_from(KEYS), back=st.booleans())
    def ladder(self, key: str, back: bool) -> None:
        if back:
            self.reinstate(LADDER, key or self.revoking)
        else:
            self.revoke(LADDER, key)

    @invariant()
    def a_certificate_comes_only_from_a_determination_and_goes_only_by_the_ladder(self) -> None:
        assert (self.now.certified is Certified.NONE) == (self.issued == 0)
        assert (self.now.certified is Certified.REVOKED) == bool(self.revoking)
        assert self.now.revoked_by == self.revoking

    @invariant()
    def a_revoked_stage_has_a_revoked_certificate(self) -> None:
        if self.now.stage is Stage.REVOKED:
            assert self.now.certified is Certified.REVOKED
        if self.now.stage is Stage.DETERMINED:
            assert self.now.certified is Certified.VALID

    @invariant()
    def what_is_allowed_is_what_can_be_done(self) -> None:
        for who in PEOPLE:
            for act in allowed(self.now, who, self.work(), self.revoking):
                assert self.now.stage in FROM[act]
                assert BY[act] in who.duties


TestStandards = Standards.TestCase
TestStandards.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)


def way(*acts: tuple[Act, Who], start: Standing | None = None, work: Work | None = None) -> Standing:
    now = start or Standing()
    for act, who in acts:
        now = after(now, act, who, work or Work())
    return now


STRAIGHT = (
    (Act.BEGIN, PROVIDER), (Act.SUBMIT, HEAD), (Act.ASSESS, FIRST), (Act.CONCLUDE, FIRST), (Act.PROPOSE, FIRST),
    (Act.DETERMINE, APPROVER),
)  # fmt: skip


def test_the_straight_way_ends_in_a_certificate() -> None:
    assert way(*STRAIGHT) == Standing(Stage.DETERMINED, Certified.VALID, 1, frozenset({3}), 3)


def test_a_revoked_standard_is_assessed_anew_from_the_beginning() -> None:
    revoked = after(way(*STRAIGHT), Act.REVOKE, LADDER, key="case-1/c")
    assert (revoked.stage, revoked.certified, revoked.revoked_by) == (Stage.REVOKED, Certified.REVOKED, "case-1/c")
    for act in (Act.PROPOSE, Act.DETERMINE, Act.CONCLUDE, Act.SUBMIT):
        with pytest.raises(Unlawful):
            after(revoked, act, Who(9, frozenset(Duty)))
    again = way(*STRAIGHT, start=revoked)
    assert (again.stage, again.certified, again.round, again.revoked_by) == (Stage.DETERMINED, Certified.VALID, 2, "")


def test_an_action_that_is_withdrawn_gives_the_certificate_back_also_while_a_new_round_runs() -> None:
    revoked = after(way(*STRAIGHT), Act.REVOKE, LADDER, key="case-1/c")
    assert after(revoked, Act.REINSTATE, LADDER, key="case-1/c").stage is Stage.DETERMINED
    running = after(revoked, Act.BEGIN, PROVIDER)
    back = after(running, Act.REINSTATE, LADDER, key="case-1/c")
    assert (back.stage, back.certified) == (Stage.SELF, Certified.VALID)
    with pytest.raises(Unlawful, match="not revoked by that action"):
        after(revoked, Act.REINSTATE, LADDER, key="case-2/c")


def test_whoever_assessed_or_proposed_does_not_determine_even_as_an_approver() -> None:
    proposed = way(*STRAIGHT[:-1])
    with pytest.raises(Unlawful, match="proposed"):
        after(replace(proposed, proposer=6), Act.DETERMINE, BOTH)
    with pytest.raises(Unlawful, match="assessed"):
        after(replace(proposed, assessors=frozenset({6})), Act.DETERMINE, BOTH)


def test_every_stage_and_act_is_told_in_both_languages() -> None:
    assert set(LABELS) == set(Stage)
    assert set(BY) == set(FROM) == set(Act)
