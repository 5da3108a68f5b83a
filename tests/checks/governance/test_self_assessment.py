from __future__ import annotations

from datetime import date, timedelta

from checks.facts.measured_checks import Measured, MeasuredChecks
from checks.facts.self_assessments import Answer, SelfAssessment, SelfAssessments
from checks.governance.self_assessment import age, contradictions
from checks.self_assessment import ITEMS
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

TODAY = date(2026, 11, 23)


def answer(item: str, said: Answer = Answer.WHOLLY, days: int = 100) -> SelfAssessment:
    return SelfAssessment(item[0], int(item[2:]), said, TODAY - timedelta(days=days))


def whole(days: int = 100, **other: int) -> list[SelfAssessment]:
    """Answers to every item, given so many days ago; those of the letters in `other` at another time."""
    return [
        answer(f"{letter}.{number}", days=other.get(letter, days))
        for letter, count in ITEMS.items()
        for number in range(1, count + 1)
    ]


def ages(rows: list[SelfAssessment], **thresholds: int) -> dict[str, Verdict]:
    found = age(SelfAssessments(tuple(rows)), NOW, **thresholds)
    assert not isinstance(found, Verdict)
    return {one.subject: one for one in found}


def test_each_of_the_17_standards_is_judged_by_its_oldest_answer() -> None:
    found = ages(whole(k=365, l=366, m=336, n=335))
    assert "".join(found) == "abcdefghijklmnopq"
    assert {letter: found[letter].status for letter in "aklmn"} == {
        "a": Status.PASS, "k": Status.WARN, "l": Status.FAIL, "m": Status.WARN, "n": Status.PASS,
    }  # fmt: skip
    assert words(found["l"].measured, "id") == "4 dari 4 butir dinilai, yang terlama 2025-11-22"
    assert words(found["k"].expected, "en") == "assessed again by 2026-11-23"
    assert found["l"].value == 366
    assert ages(whole(days=400), days=500)["a"].status is Status.PASS


def test_a_newer_answer_replaces_an_older_one() -> None:
    assert ages([*whole(days=400), *whole(days=3)])["k"].status is Status.PASS


def test_an_item_without_an_answer_and_a_standard_without_any_fail() -> None:
    found = ages([one for one in whole() if one.id not in {"k.2", "l.1", "l.2", "l.3", "l.4"}])
    assert found["k"].status is found["l"].status is Status.FAIL
    assert words(found["k"].measured, "en").endswith("not yet: k.2")
    assert words(found["l"].measured, "id") == "belum pernah dinilai"
    assert {one.status for one in ages([]).values()} == {Status.FAIL}


def test_an_answer_dated_ahead_was_not_given_yet() -> None:
    assert ages(whole(days=-1))["a"].status is Status.FAIL


def test_a_self_assessment_that_was_never_entered_here_is_unknown() -> None:
    assert age.absent is contradictions.absent is Status.UNKNOWN


FAILS = Measured("J-RMT-01", 2, 1, where=("db1", "web1"))
MEETS = Measured("J-RMT-01", 0, 3)
UNSEEN = Measured("J-RMT-01", 0, 0, 2)
NOWHERE = Measured("J-RMT-01", 0, 0)


def against(said: Answer, *measured: Measured, item: str = "j.1") -> list[Verdict]:
    found = contradictions(SelfAssessments((answer(item, said),)), MeasuredChecks(measured), NOW)
    assert not isinstance(found, Verdict)
    return list(found)


def test_applied_throughout_is_contradicted_by_one_failure_and_both_sides_are_shown() -> None:
    (verdict,) = against(Answer.WHOLLY, FAILS)
    assert (verdict.status, verdict.subject) == (Status.FAIL, "j.1")
    assert words(verdict.measured, "id") == (
        "dijawab 3 (diterapkan menyeluruh) pada 2026-08-15; gagal: J-RMT-01 db1, web1"
    )
    (more,) = against(Answer.WHOLLY, Measured("J-RMT-01", 9, 0, where=("a", "b", "c")))
    assert words(more.measured, "en").endswith("failing: J-RMT-01 a, b, c +6")


def test_applied_in_part_is_contradicted_only_where_nothing_of_it_is_seen() -> None:
    assert [one.status for one in against(Answer.PARTLY, FAILS)] == [Status.PASS]
    assert [one.status for one in against(Answer.PARTLY, Measured("J-RMT-01", 2, 0))] == [Status.FAIL]


def test_an_answer_that_claims_nothing_is_contradicted_by_nothing() -> None:
    for said in (Answer.NOTHING, Answer.PLANNED, Answer.NOT_APPLICABLE):
        assert [one.status for one in against(said, FAILS)] == [Status.NOT_APPLICABLE]
    assert [one.status for one in against(Answer.WHOLLY, FAILS, item="m.1")] == [Status.NOT_APPLICABLE]


def test_an_answer_that_is_not_contradicted_passes_and_one_without_a_measurement_is_unknown() -> None:
    assert [one.status for one in against(Answer.WHOLLY, MEETS)] == [Status.PASS]
    for measured in ((UNSEEN,), ()):
        (verdict,) = against(Answer.WHOLLY, *measured)
        assert verdict.status is Status.UNKNOWN
        assert words(verdict.measured, "id").endswith(": j.1")
    assert [one.status for one in against(Answer.WHOLLY, NOWHERE)] == [Status.NOT_APPLICABLE]


def test_several_items_are_judged_apart() -> None:
    register = SelfAssessments((answer("j.1"), answer("c.1"), answer("q.3"), answer("k.3")))
    measured = MeasuredChecks((FAILS, Measured("Q-CAR-01", 1, 0, where=("LPSE Kota",)), Measured("C-CIA-01", 0, 1)))
    found = contradictions(register, measured, NOW)
    assert not isinstance(found, Verdict)
    assert [(one.subject, one.status) for one in found] == [
        ("j.1", Status.FAIL), ("q.3", Status.FAIL), ("", Status.UNKNOWN),
    ]  # fmt: skip
