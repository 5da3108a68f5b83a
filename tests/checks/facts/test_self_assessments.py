from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import msgspec
import pytest

from checks.fact import target_of, vantages
from checks.facts.self_assessments import Answer, SelfAssessment, SelfAssessments, self_assessments
from checks.register import RowError, read_csv
from checks.target import Target
from checks.vantage import Vantage

WIB = ZoneInfo("Asia/Jakarta")
SHEET = "standard,item,answer,assessed,evidence\nk,2,3,2026-05-01,SK 12\nK,2,2,2026-06-01,\nl,1,n/a,2026-05-01,\n"


def test_answers_are_read_and_the_latest_counts() -> None:
    register = self_assessments(SelfAssessments(read_csv(SelfAssessment, SHEET, WIB)))
    assert msgspec.json.decode(msgspec.json.encode(register), type=SelfAssessments) == register
    latest = register.latest(date(2026, 11, 23))
    assert {item: one.answer for item, one in latest.items()} == {"k.2": Answer.PARTLY, "l.1": Answer.NOT_APPLICABLE}
    assert register.latest(date(2026, 5, 20))["k.2"].answer is Answer.WHOLLY
    assert (vantages(SelfAssessments), target_of(SelfAssessments)) == ({Vantage.REGISTER}, Target.PROVIDER)


def test_of_two_answers_of_one_day_the_later_row_counts() -> None:
    register = SelfAssessments(read_csv(SelfAssessment, SHEET.replace("2026-06-01", "2026-05-01"), WIB))
    assert register.latest(date(2026, 11, 23))["k.2"].answer is Answer.PARTLY


def test_a_letter_that_is_no_standard_counts_for_nothing() -> None:
    register = SelfAssessments(read_csv(SelfAssessment, SHEET.replace("\nl,", "\nz,"), WIB))
    assert list(register.latest(date(2026, 11, 23))) == ["k.2"]


def test_an_answer_outside_the_scale_is_refused() -> None:
    with pytest.raises(RowError, match="'4' is none of 0, 1, 2, 3, n/a"):
        read_csv(SelfAssessment, SHEET.replace(",3,", ",4,"), WIB)
