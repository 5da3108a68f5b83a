from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Missing
from checks.facts.public_clock import PublicClock, date
from tests.checks.facts.fuzzing import gives_or_says_why
from tests.checks.visits import SENT, SILENT, visit


def test_half_the_way_and_half_a_second_are_allowed_for() -> None:
    assert date(visit(headers={"date": "Mon, 23 Nov 2026 03:00:00 GMT"})) == PublicClock(0.45, 0.55)
    slow = visit(headers={"date": "Mon, 23 Nov 2026 03:00:10 GMT"}, received=SENT + timedelta(seconds=4))
    assert date(slow) == PublicClock(8.5, 2.5)


@pytest.mark.parametrize(
    "headers",
    [{}, {"date": ""}, {"date": "kemarin"}, {"date": "Mon, 23 Nov 2026 03:00:00 GMT", "age": "120"}],
)  # fmt: skip
def test_a_page_without_a_date_of_its_own_says_nothing_of_the_clock(headers: dict[str, str]) -> None:
    with pytest.raises(Missing):
        date(visit(headers=headers))


def test_neither_does_silence_nor_a_clock_that_was_moved_meanwhile() -> None:
    with pytest.raises(Missing):
        date(SILENT)
    with pytest.raises(Missing):
        date(visit(headers={"date": "Mon, 23 Nov 2026 03:00:00 GMT"}, received=SENT - timedelta(seconds=1)))


@given(st.text(max_size=60))
def test_whatever_the_date_says_it_is_read_or_missing(said: str) -> None:
    gives_or_says_why(date, visit(headers={"date": said}))
