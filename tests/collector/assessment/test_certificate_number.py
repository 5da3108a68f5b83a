from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.assessment.certificate_number import certificate_number, check_scheme
from collector.assessment.models import AssessmentRules
from collector.assessment.unlawful import Unlawful


def test_a_number_follows_its_scheme() -> None:
    assert certificate_number("{sequence:04d}/SERT-LPSE/{letter}/{month}/{year}", 7, "k", date(2026, 11, 23)) == (
        "0007/SERT-LPSE/K/XI/2026"
    )
    assert certificate_number("{year}.{standard}.{sequence}", 12, "q", date(2027, 1, 2)) == "2027.17.12"


def test_the_default_scheme_is_one() -> None:
    check_scheme(AssessmentRules().number_scheme)


@pytest.mark.parametrize(
    "scheme",
    [
        "", "{sequence}", "{year}", "{sequence.__class__}/{year}", "{0}/{year}", "{sequence!r}{year}", "{sequence:>99}{year}",
        "{sequence}{year}{unknown}", "{sequence}{year", "{sequence}{year}<b>", "{letter:04d}{sequence}{year}",
        "{sequence:{year}}{year}", "{sequence}{year}" + "x" * 100,
    ],
)  # fmt: skip
def test_a_wrong_scheme_is_refused_with_a_sentence(scheme: str) -> None:
    with pytest.raises(Unlawful) as refused:
        check_scheme(scheme)
    assert refused.value.why.id


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_scheme_that_works_or_is_refused(scheme: str) -> None:
    try:
        check_scheme(scheme)
    except Unlawful:
        return
    assert "2026" in certificate_number(scheme, 1, "a", date(2026, 1, 1))


def test_two_of_a_year_never_bear_one_number() -> None:
    scheme = AssessmentRules().number_scheme
    made = {certificate_number(scheme, number, "k", date(2026, 5, 1)) for number in range(1, 12000)}
    assert len(made) == 11999
