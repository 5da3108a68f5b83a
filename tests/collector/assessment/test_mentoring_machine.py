"""No sequence of acts and clocks breaks a law of mentoring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from collector.assessment.mentoring_machine import BY, FROM, LABELS, Act, Request, Side, Stage, after
from collector.assessment.unlawful import Unlawful

BEGAN = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ENDS = {Stage.CLOSED, Stage.CANCELLED}


class Requests(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now, self.clock = Request(), BEGAN
        self.held = self.agreed = self.reported = False

    @rule(hours=st.integers(-5, 100))
    def time_goes(self, hours: int) -> None:
        self.clock += timedelta(hours=hours)

    @rule(
        act=st.sampled_from(list(Act)), side=st.none() | st.sampled_from(list(Side)), notes=st.sampled_from(["", "Catatan"]),
        hours=st.none() | st.integers(-5, 50),
    )  # fmt: skip
    def do(self, act: Act, side: Side | None, notes: str, hours: int | None) -> None:
        before = self.now
        when = None if hours is None else self.clock + timedelta(hours=hours)
        try:
            self.now = after(self.now, act, side, self.clock, notes=notes, when=when)
        except Unlawful:
            return
        assert side in BY[act]
        assert before.stage not in ENDS, "what is closed stays closed"
        if act is Act.SCHEDULE:
            assert when is not None
            assert when > self.clock
            self.held = self.agreed = self.reported = False
            return
        assert notes
        if act is Act.HOLD:
            assert before.scheduled_for is not None
            assert self.clock >= before.scheduled_for
            self.held = True
        self.agreed = self.agreed or act is Act.AGREE
        self.reported = self.reported or act is Act.REPORT
        if act is Act.CLOSE:
            assert self.held
            assert self.reported or not self.agreed
        if act is Act.CANCEL:
            assert not self.held

    @invariant()
    def a_scheduled_request_has_its_time(self) -> None:
        if self.now.stage is Stage.SCHEDULED:
            assert self.now.scheduled_for is not None


TestRequests = Requests.TestCase
TestRequests.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)


def test_every_stage_and_act_is_described() -> None:
    assert set(LABELS) == set(Stage)
    assert set(BY) == set(FROM) == set(Act)


def test_a_session_is_not_held_before_its_time() -> None:
    then = after(Request(), Act.SCHEDULE, Side.MENTOR, BEGAN, notes="", when=BEGAN + timedelta(days=1))
    with pytest.raises(Unlawful, match="not time yet"):
        after(then, Act.HOLD, Side.MENTOR, BEGAN, notes="Dibahas standar k")
