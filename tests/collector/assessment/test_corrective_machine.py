"""No sequence of acts breaks a law of corrective actions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from checks.facts.corrective_actions import Progress
from collector.assessment.corrective_machine import Act, Corrective, after
from collector.assessment.unlawful import Unlawful

TODAY = date(2026, 11, 23)


class Correctives(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = Corrective(target=TODAY + timedelta(days=30))
        self.finished_by: int | None = None
        self.closed = False

    @rule(
        act=st.sampled_from(list(Act)), who=st.integers(1, 3), reason=st.sampled_from(["", " ", "Sudah dipasang"]),
        days=st.none() | st.integers(-3, 60),
    )  # fmt: skip
    def do(self, act: Act, who: int, reason: str, days: int | None) -> None:
        target = None if days is None else TODAY + timedelta(days=days)
        before = self.now
        try:
            self.now = after(self.now, act, who, TODAY, reason=reason, target=target)
        except Unlawful:
            assert self.now == before
            return
        assert not self.closed, "what is approved or withdrawn stays so"
        assert reason.strip() or act is Act.BEGIN
        if act is Act.FINISH:
            self.finished_by = who
        if act is Act.MOVE:
            assert target is not None
            assert target > TODAY
        else:
            assert self.now.target == before.target
        if act is Act.APPROVE:
            assert before.status is Progress.DONE
            assert who != self.finished_by
            self.closed = True
        self.closed = self.closed or act is Act.WITHDRAW

    @invariant()
    def done_has_somebody_who_did_it_and_nothing_else_has(self) -> None:
        assert (self.now.status is Progress.DONE) == (self.now.done_by is not None)
        assert self.now.approved_by is None or self.now.approved_by != self.now.done_by


TestCorrectives = Correctives.TestCase
TestCorrectives.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)


def test_whoever_did_it_neither_approves_nor_rejects_it() -> None:
    done = after(Corrective(), Act.FINISH, 1, TODAY, reason="Dipasang")
    for act in (Act.APPROVE, Act.REJECT):
        with pytest.raises(Unlawful, match="Whoever did it"):
            after(done, act, 1, TODAY, reason="Baik")
    assert after(done, Act.REJECT, 2, TODAY, reason="Belum") == Corrective(Progress.UNDER_WAY)
