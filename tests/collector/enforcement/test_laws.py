"""Whatever people do in whatever order, under whatever clock, calendar and rules: no law of ladder, notice and objection breaks.

Each lawful act is compared with a log that this test keeps itself, by formulas of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from checks.calendar import WIB, today
from collector.enforcement import ladder, notice, objection
from collector.enforcement.calendar import Calendar, Effect, Override, working_calendar
from collector.enforcement.case import Action, Case, Item, Stage
from collector.enforcement.deadline import improvement
from collector.enforcement.deadline import objection as window_for
from collector.enforcement.ladder_acts import (
    Act,
    Add,
    Approve,
    AskWithdrawal,
    Close,
    EndObjection,
    Issue,
    Object,
    Propose,
    Receive,
    Reject,
    Retract,
    Settle,
    Withdraw,
)  # fmt: skip
from collector.enforcement.rules import Improvement, Quorum, Rules
from collector.enforcement.rungs import Form, Rung
from collector.enforcement.unlawful import Unlawful

PEOPLE = st.integers(1, 5)
PICK = st.integers(0, 30)
LEAVE = {date(2026, 3, day): "libur" for day in (18, 19, 20, 23, 24)} | {date(2026, 5, 14): "libur"}


@dataclass
class Told:
    """What the log knows of one act."""

    days: int
    pauses: list[list[datetime | None]] = field(default_factory=list)
    items: frozenset[int] = frozenset()


class Laws(RuleBasedStateMachine):
    """One case, five people, a clock that only goes forward, a calendar that changes."""

    @initialize(
        suspends=st.booleans(),
        floor=st.sampled_from([0.0, 0.8]),
        answer=st.sampled_from([0, 3]),
        quorum=st.sampled_from([2, 3]),
        warning=st.sampled_from([3, 14]),
    )
    def begin(self, suspends: bool, floor: float, answer: int, quorum: int, warning: int) -> None:
        self.rules = Rules(
            improvement=Improvement(recommendation=3 if warning == 3 else 30, warning=warning),
            approvers=Quorum(revocation=quorum), objection_suspends=suspends, coverage_floor=floor, answer_days=answer,
        )  # fmt: skip
        self.now = datetime(2026, 3, 9, 3, tzinfo=UTC)
        self.case = Case(items=(Item(1, "k", self.now), Item(2, "k", self.now), Item(3, "g", self.now, machine=False)))
        self.notices: dict[int, notice.Notice] = {}
        self.objections: dict[int, objection.Objection] = {}
        self.ended: dict[int, list[objection.Objection]] = {}
        self.proposed_outcome: dict[int, tuple[frozenset[int], int]] = {}
        self.told: dict[int, Told] = {}
        self.overrides: list[Override] = []

    # -- helpers

    def calendar(self) -> Calendar:
        return working_calendar("none", LEAVE, self.overrides, self.now)

    def do(self, act: Act, check: Callable[[Case, Case], None] | None = None) -> bool:
        before = self.case
        try:
            after = ladder.after(before, act, self.rules, self.now)
        except Unlawful:
            assert not ladder.allowed(before, act, self.rules, self.now)
            return False
        assert not before.closed
        if check:
            check(before, after)
        self.case = after
        return True

    def some(self, pick: int) -> Action | None:
        """Any act; with a high `pick` the last one, of which most is to be decided."""
        if not self.case.actions:
            return None
        return self.case.actions[-1 if pick > 12 else pick % len(self.case.actions)]

    def naive_window_over(self, received: date) -> bool:
        calendar, day, working = self.calendar(), received + timedelta(days=1), 0
        while day < today(self.now):
            working += calendar.works(day)
            day += timedelta(days=1)
        return working >= 5

    def ran(self, action: Action) -> timedelta:
        """How long the time for improvement has run: without what objections stopped."""
        assert action.received_on is not None
        began = datetime.combine(action.received_on, time(23, 59, 59), WIB)
        elapsed = self.now - began
        if action.rules.objection_suspends:
            for since, until in self.told[action.id].pauses:
                assert since is not None
                overlap = (until or self.now) - max(since, began)
                elapsed -= max(overlap, timedelta())
        return elapsed

    # -- the world

    @rule(hours=st.sampled_from([1, 9, 24, 24 * 6, 24 * 15, 24 * 31]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(offset=st.integers(-10, 20), effect=st.sampled_from(Effect))
    def lkpp_changes_the_calendar(self, offset: int, effect: Effect) -> None:
        day = today(self.now) + timedelta(days=offset)
        self.overrides.append(Override(self.now, len(self.overrides), day, effect, "SE"))
        for action in self.case.actions:
            if action.stage is Stage.RECEIVED and action.received_on and not self.case.closed:
                assert self.do(self.receipt(action, action.received_on))

    @rule(standard=st.sampled_from("kg"), machine=st.booleans())
    def an_item_is_added(self, standard: str, machine: bool) -> None:
        if len(self.case.items) < 6:
            self.do(Add(Item(len(self.case.items) + 1, standard, self.now, machine)))

    @rule(pick=PICK, found=st.booleans())
    def machines_see(self, pick: int, found: bool) -> None:
        item = self.case.items[pick % len(self.case.items)]
        if item.machine:
            self.case = self.case.with_item(replace(item, found=found))

    @rule(pick=PICK)
    def the_provider_answers(self, pick: int) -> None:
        self.case = self.case.with_item(replace(self.case.items[pick % len(self.case.items)], answered=True))

    # -- the ladder

    @rule(
        rung=st.sampled_from(Rung), keys=st.sets(st.integers(1, 6), max_size=3), by=PEOPLE, share=st.sampled_from([0.5, 0.9, 1.0]),
        clause=st.sampled_from(["", "", "SLA pasal 4"]), fitting=st.booleans(), form=st.sampled_from([None, *Form]),
    )  # fmt: skip
    def somebody_proposes(
        self, rung: Rung, keys: set[int], by: int, share: float, clause: str, fitting: bool, form: Form | None
    ) -> None:
        if fitting:  # what the ladder is most likely to take, so that the upper rungs are reached
            ready = [one for one in self.case.actions if one.ran_out(self.now)]
            if ready:
                rung = list(Rung)[min(3, list(Rung).index(ready[-1].rung) + 1)]
                keys = {key for key in ready[-1].items if self.case.item(key).found and not self.case.item(key).settled}
                if rung is Rung.REVOCATION and keys:
                    keys = {key for key in keys if self.case.item(key).standard == self.case.item(min(keys)).standard}
            else:
                rung, keys = Rung.RECOMMENDATION, {one.id for one in self.case.items if one.found and not one.settled}
            form, clause, share = (Form.REVOKED if rung is Rung.TERMINATION else None), "", 1.0
        key = len(self.case.actions) + 1
        coverage = dict.fromkeys("kg", share)

        def law(before: Case, after: Case) -> None:
            made = after.action(key)
            assert made.stage is Stage.PROPOSED
            self.founded(before, made)
            if any(before.item(one).machine for one in made.items):
                assert share >= self.rules.coverage_floor
            if rung is Rung.REVOCATION:
                assert len(before.standards(made.items)) == 1
            assert (made.form is not None) == (rung is Rung.TERMINATION)

        if self.do(Propose(key, rung, frozenset(keys), by, coverage, clause, form), law):
            self.told[key] = Told(self.rules.improvement_days(rung) or 0, items=frozenset(keys))

    def founded(self, case: Case, action: Action) -> None:
        assert action.items or action.sla_clause
        for key in action.items:
            item = case.item(key)
            assert not item.settled
            assert item.found
            if action.rung is Rung.RECOMMENDATION or action.sla_clause:
                continue
            assert any(
                self.was_in_vain(one) for one in case.actions if one.rung is action.rung.before and key in one.items
            )

    def was_in_vain(self, action: Action) -> bool:
        """The law in the test's own words."""
        return (
            action.stage is Stage.RECEIVED
            and action.letter != ""
            and action.received_on is not None
            and self.naive_window_over(action.received_on)
            and self.ran(action) > timedelta(days=self.told[action.id].days)
            and not (action.rules.objection_suspends and any(until is None for _, until in self.told[action.id].pauses))
        )

    @rule(pick=PICK, by=PEOPLE)
    def somebody_approves(self, pick: int, by: int) -> None:
        if action := self.some(pick):

            def law(before: Case, after: Case) -> None:
                was, became = before.action(action.id), after.action(action.id)
                assert by != was.proposed_by
                assert by not in was.approved_by
                least = {Rung.RECOMMENDATION: 1, Rung.WARNING: 1}.get(was.rung, 2)
                assert (became.stage is Stage.APPROVED) <= (
                    len(became.approved_by) >= max(least, was.rules.quorum(was.rung))
                )

            self.do(Approve(action.id, by), law)

    @rule(pick=PICK)
    def all_approve(self, pick: int) -> None:
        for by in range(1, 6):
            self.somebody_approves(pick, by)

    @rule(pick=PICK, by=PEOPLE, rejects=st.booleans())
    def somebody_stops_a_proposal(self, pick: int, by: int, rejects: bool) -> None:
        if action := self.some(pick):

            def law(before: Case, after: Case) -> None:
                assert before.action(action.id).issued_at is None
                assert (by == action.proposed_by) is not rejects

            self.do(Reject(action.id, by) if rejects else Retract(action.id, by), law)

    @rule(pick=PICK, letter=st.sampled_from(["", " ", "12/D.2/2026"]))
    def somebody_issues(self, pick: int, letter: str) -> None:
        if action := self.some(pick):

            def law(before: Case, after: Case) -> None:
                was = before.action(action.id)
                assert letter.strip()
                assert was.proposed_by not in was.approved_by
                assert len(was.approved_by) >= was.rules.quorum(was.rung)
                assert len(was.approved_by) >= (2 if was.rung in {Rung.REVOCATION, Rung.TERMINATION} else 1)
                self.founded(before, was)
                for item in map(before.item, was.items):
                    assert item.answered or self.now - item.told_at >= timedelta(days=was.rules.answer_days)

            if self.do(Issue(action.id, letter), law):
                self.notices[action.id] = notice.Notice(issued_at=self.now)

    # -- notices

    def receipt(self, action: Action, on: date) -> Receive:
        calendar = self.calendar()
        days = action.rules.improvement_days(action.rung)
        improve = improvement(on, days + action.more_days, calendar).due if days is not None else None
        return Receive(action.id, on, window_for(on, calendar).due, improve)

    @rule(pick=PICK, ago=st.sampled_from([0, 0, 1, 30, -24]))
    def a_notice_is_sent(self, pick: int, ago: int) -> None:
        action = self.some(pick)
        if action and action.id in self.notices:
            at, held = self.now - timedelta(hours=ago), self.notices[action.id]
            try:
                self.notices[action.id] = notice.send(held, notice.Channel.LETTER, at, self.now)
            except Unlawful:
                return
            assert held.issued_at
            assert at <= self.now
            assert today(at) >= today(held.issued_at)

    @rule(
        pick=PICK,
        ago=st.sampled_from([0, 0, 0, 1, 20, -1]),
        by=PEOPLE,
        corrects=st.booleans(),
        digest=st.sampled_from(["", "ab"]),
    )
    def a_notice_is_received(self, pick: int, ago: int, by: int, corrects: bool, digest: str) -> None:
        action = self.some(pick)
        if not action or action.id not in self.notices:
            return
        held, on = self.notices[action.id], today(self.now) - timedelta(days=ago)
        try:
            after = (notice.correct if corrects else notice.receive)(held, on, "tanda terima", digest, by, self.now)
        except Unlawful:
            return
        assert held.sent_at
        assert today(held.sent_at) <= on <= today(self.now)
        assert corrects is (held.received_on is not None)
        if corrects:
            assert by != held.recorded_by
        if self.do(self.receipt(action, on)):
            self.notices[action.id] = after

    @rule(pick=PICK)
    def all_goes_its_way(self, pick: int) -> None:
        """Approve, issue, send and receive one act, so that its time begins to run."""
        self.all_approve(pick)
        self.somebody_issues(pick, "1/D.2/2026")
        self.a_notice_is_sent(pick, 0)
        self.a_notice_is_received(pick, 0, 1, False, "ab")

    @rule(
        days=st.sampled_from([3, 4, 13, 15, 31]), by=PEOPLE, objects=st.booleans(), decided=st.booleans(),
        hours=st.sampled_from([1, 24 * 40]),
    )  # fmt: skip
    def one_rung_up_in_vain(self, days: int, by: int, objects: bool, decided: bool, hours: int) -> None:
        """Everybody does what the next rung needs, then nobody does anything for a while. Each step is checked as ever."""
        self.somebody_proposes(Rung.RECOMMENDATION, set(), by, 1.0, "", True, None)
        self.time_passes(24 * 3)
        self.all_goes_its_way(30)
        if objects:
            self.an_objection_runs_its_course(30, objection.Outcome.UPHELD, 0, False, by, hours, decided)
        self.time_passes(24 * days)

    # -- objections

    @rule(pick=PICK, letter=st.sampled_from(["", "ab", "ab"]), evidence=st.integers(0, 2))
    def the_provider_objects(self, pick: int, letter: str, evidence: int) -> None:
        action = self.some(pick)
        if not action or action.id in self.objections:
            return
        try:
            made = objection.file(action.window_ends, letter, evidence, self.now)
        except Unlawful:
            assert not (letter and evidence)
            return
        assert letter
        assert evidence
        late = action.received_on is not None and self.naive_window_over(action.received_on)
        assert made.late == late == (made.stage is objection.Stage.LATE)
        if made.late and action.in_force and not self.case.closed:
            self.objections[action.id] = made
        elif self.do(Object(action.id)):
            assert action.in_force
            self.objections[action.id] = made
            self.told[action.id].pauses.append([self.now, None])

    @rule(
        pick=PICK, act=st.sampled_from(objection.Act), by=PEOPLE, reason=st.sampled_from(["", "alasan", "alasan"]),
        outcome=st.sampled_from(objection.Outcome), days=st.sampled_from([0, 7]), drops=st.booleans(),
    )  # fmt: skip
    def somebody_handles_an_objection(
        self, pick: int, act: objection.Act, by: int, reason: str, outcome: objection.Outcome, days: int, drops: bool
    ) -> None:
        if not self.objections:
            return
        key = sorted(self.objections)[pick % len(self.objections)]
        if self.objections[key].stage is objection.Stage.FILED and pick > 20:
            act = objection.Act.EXAMINE
        if self.objections[key].stage is objection.Stage.EXAMINED and pick > 20:
            act = objection.Act.PROPOSE
        if self.objections[key].stage is objection.Stage.OUTCOME_PROPOSED and pick > 20:
            act = objection.Act.DECIDE
        held, action = self.objections[key], self.case.action(key)
        try:
            after = objection.after(held, act, by, reason=reason, outcome=outcome)
        except Unlawful:
            return
        assert act in objection.allowed(held)
        assert reason
        if act is objection.Act.PROPOSE:
            assert held.examinations
            drop = frozenset(sorted(action.items)[:1]) if drops else frozenset()
            self.proposed_outcome[key] = (drop, days) if outcome is objection.Outcome.CHANGED else (frozenset(), 0)
        if act is objection.Act.TAKE:
            if not self.do(Object(key)):
                return
            self.told[key].pauses.append([self.now, None])
        if act in {objection.Act.DECIDE, objection.Act.TAKE_BACK} and held.open:
            drop, more = (
                self.proposed_outcome.get(key, (frozenset(), 0)) if act is objection.Act.DECIDE else (frozenset(), 0)
            )
            withdraws = act is objection.Act.DECIDE and held.outcome is objection.Outcome.WITHDRAWN

            def law(before: Case, after: Case) -> None:
                was, became = before.action(key), after.action(key)
                assert became.items <= was.items
                assert became.more_days >= was.more_days
                assert (became.stage is Stage.WITHDRAWN) == withdraws
                if was.improve_by and became.improve_by:
                    assert became.improve_by >= was.improve_by

            if not self.do(EndObjection(key, withdraws, drop, more), law):
                return
            self.told[key].pauses[-1][1] = self.now
            self.told[key].days += more
        if act is objection.Act.DECIDE:
            assert by == after.decided_by != held.proposed_by
        self.objections[key] = after
        if after.stage in objection.OVER:
            self.ended.setdefault(key, []).append(self.objections.pop(key))

    @rule(
        pick=PICK, outcome=st.sampled_from(objection.Outcome), days=st.sampled_from([0, 7]), drops=st.booleans(), by=PEOPLE,
        hours=st.sampled_from([1, 24 * 3, 24 * 40]), decided=st.booleans(),
    )  # fmt: skip
    def an_objection_runs_its_course(
        self, pick: int, outcome: objection.Outcome, days: int, drops: bool, by: int, hours: int, decided: bool
    ) -> None:
        self.the_provider_objects(pick, "ab", 1)
        for act in (objection.Act.TAKE, objection.Act.EXAMINE, objection.Act.PROPOSE):
            self.somebody_handles_an_objection(0, act, by, "alasan", outcome, days, drops)
        self.time_passes(hours)
        for other in range(1, 6) if decided else ():
            self.somebody_handles_an_objection(0, objection.Act.DECIDE, other, "alasan", outcome, days, drops)

    # -- ends

    @rule(pick=PICK, by=PEOPLE, asks=st.booleans())
    def somebody_withdraws(self, pick: int, by: int, asks: bool) -> None:
        if action := self.some(pick):

            def law(before: Case, after: Case) -> None:
                assert before.action(action.id).in_force
                if not asks:
                    assert by != before.action(action.id).withdrawal_asked_by is not None
                    assert not action.objected

            self.do(AskWithdrawal(action.id, by) if asks else Withdraw(action.id, by), law)

    @rule(pick=PICK, corrected=st.booleans())
    @precondition(lambda self: any(one.received_on for one in self.case.actions))
    def an_item_is_settled(self, pick: int, corrected: bool) -> None:
        item = self.case.items[pick % len(self.case.items)]

        def law(before: Case, after: Case) -> None:
            assert not before.item(item.id).settled
            assert not (corrected and item.machine and item.found)

        self.do(Settle(item.id, corrected), law)

    @rule(by=PEOPLE, proposes=st.booleans())
    def somebody_closes(self, by: int, proposes: bool) -> None:
        """All is corrected; perhaps somebody proposed an act meanwhile."""
        if proposes:
            self.somebody_proposes(Rung.RECOMMENDATION, set(), by, 1.0, "", True, None)
        if any(one.received_on for one in self.case.actions):
            for item in self.case.items:
                self.case = self.case.with_item(replace(item, found=False))
                self.do(Settle(item.id, True))
        self.do(Close())

    # -- what always holds

    @invariant()
    def laws_that_always_hold(self) -> None:
        if self.case.closed:
            assert self.case.improved
            assert not any(one.pending or one.objected for one in self.case.actions)
        for one in self.case.actions:
            assert one.proposed_by not in one.approved_by
            if one.stage in {Stage.ISSUED, Stage.RECEIVED, Stage.WITHDRAWN}:
                assert one.letter
                assert one.issued_at
            if one.stage is Stage.RECEIVED:
                assert one.received_on is not None
                assert one.window_ends is not None
                assert one.received_on >= today(one.issued_at)
            else:
                assert not one.ran_out(self.now)
            if one.ran_out(self.now):
                assert self.was_in_vain(one)
            assert one.items <= self.told[one.id].items
            assert sum(pause.until is None for pause in one.pauses) <= 1
            assert one.objected == (one.id in self.objections and self.objections[one.id].open)
        for key, objections in self.ended.items():
            for ended in objections:
                assert ended.late or ended.stage is not objection.Stage.LEFT
                if ended.stage is objection.Stage.DECIDED:
                    assert ended.examinations
                    assert ended.decided_by != ended.proposed_by
                if ended.outcome is objection.Outcome.WITHDRAWN and ended.stage is objection.Stage.DECIDED:
                    assert self.case.action(key).stage is Stage.WITHDRAWN


TestLaws = Laws.TestCase
TestLaws.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
