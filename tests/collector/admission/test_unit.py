from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from collector.admission.unit import unit_warning
from collector.admission.words import UnitKind


@given(day=st.dates())
def test_a_unit_of_the_ukpbj_is_never_warned_of(day: date) -> None:
    assert unit_warning(UnitKind.UKPBJ, day) is None


def test_a_separate_unit_was_allowed_until_the_end_of_2023() -> None:
    before, after = (unit_warning(UnitKind.SEPARATE, day) for day in (date(2023, 12, 31), date(2024, 1, 1)))
    assert before is not None
    assert after is not None
    assert "is allowed until 31 December 2023" in before.en
    assert "Correct the record" in after.en
