from __future__ import annotations

from datetime import date, timedelta

from checks.facts.corrective_actions import CorrectiveAction, CorrectiveActions, Progress
from checks.facts.recommendations import Recommendation, Recommendations
from checks.governance.follow_up import corrective_actions, recommendations
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

TODAY = date(2026, 11, 23)


def day(ahead: int | None) -> date | None:
    return None if ahead is None else TODAY + timedelta(days=ahead)


def action(
    ahead: int, status: Progress = Progress.UNDER_WAY, approved: str = "", number: str = "T-1"
) -> CorrectiveAction:
    target = TODAY + timedelta(days=ahead)
    return CorrectiveAction("k", number, "Port 9090 terbuka", target, "Budi", status, approved_by=approved)


def actions(*rows: CorrectiveAction, **thresholds: int) -> list[Verdict]:
    found = corrective_actions(CorrectiveActions(rows), NOW, **thresholds)
    assert not isinstance(found, Verdict)
    return list(found)


def test_an_action_is_overdue_from_the_day_after_its_target() -> None:
    (late,) = actions(action(-1))
    assert (late.status, late.subject, late.value) == (Status.FAIL, "k T-1", 1)
    assert words(late.measured, "id") == "proses; PIC Budi"
    assert words(late.expected, "id") == "sudah paling lambat 2026-11-22"
    assert [one.status for one in actions(action(0))] == [Status.WARN]
    assert [one.status for one in actions(action(7))] == [Status.WARN]
    assert [one.status for one in actions(action(8))] == [Status.PASS]
    assert [one.status for one in actions(action(8), ahead=10)] == [Status.WARN]


def test_what_is_done_passes_once_the_assessor_approved_it() -> None:
    assert [one.status for one in actions(action(-9, Progress.DONE, "Penilai"))] == [Status.PASS]
    (waiting,) = actions(action(-9, Progress.DONE))
    assert waiting.status is Status.WARN
    assert words(waiting.measured, "id") == "sudah, belum disetujui penilai"


def test_every_overdue_action_is_one_verdict_the_oldest_first() -> None:
    found = actions(action(-1, number="T-2"), action(-5, Progress.PENDING), action(30, number="T-3"))
    assert [(one.subject, one.status) for one in found] == [("k T-1", Status.FAIL), ("k T-2", Status.FAIL)]


def test_an_empty_table_says_nothing_and_one_that_nobody_keeps_is_unknown() -> None:
    assert [one.status for one in actions()] == [Status.NOT_APPLICABLE]
    assert corrective_actions.absent is Status.UNKNOWN


def advice(due: int | None, followed: int | None = None, number: str = "S-1") -> Recommendation:
    return Recommendation(number, "k", TODAY - timedelta(days=60), day(due), day(followed))


def advised(*rows: Recommendation) -> list[Verdict]:
    found = recommendations(Recommendations(rows), NOW)
    assert not isinstance(found, Verdict)
    return list(found)


def test_a_recommendation_is_overdue_from_the_day_after_its_date() -> None:
    (late,) = advised(advice(-3))
    assert (late.status, late.subject, late.value) == (Status.FAIL, "S-1", 3)
    assert words(late.expected, "en") == "followed up by 2026-11-20"
    assert [one.status for one in advised(advice(0))] == [Status.WARN]
    assert [one.status for one in advised(advice(8))] == [Status.PASS]
    assert [(one.subject, one.status) for one in advised(advice(-3), advice(-9, -10), advice(2, number="S-3"))] == [
        ("S-1", Status.FAIL), ("S-3", Status.WARN),
    ]  # fmt: skip


def test_one_that_was_followed_up_or_has_no_date_is_not_overdue() -> None:
    (verdict,) = advised(advice(-9, -2), advice(None))
    assert verdict.status is Status.PASS
    assert words(verdict.measured, "en") == "1 of 2 not followed up, 1 of them without a date"


def test_a_follow_up_that_lies_ahead_has_not_happened() -> None:
    assert [one.status for one in advised(advice(-3, 1))] == [Status.FAIL]


def test_where_lkpp_has_given_none_there_is_nothing_to_follow() -> None:
    assert [one.status for one in advised()] == [Status.NOT_APPLICABLE]
    assert recommendations.absent is Status.NOT_APPLICABLE
