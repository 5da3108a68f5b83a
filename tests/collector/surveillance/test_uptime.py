from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from checks.verdict import Status
from collector.surveillance.state import Current, Segment
from collector.surveillance.uptime import KEPT, MOST, answering, extended, within

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
UP, DOWN, BLIND = Status.PASS, Status.FAIL, Status.UNKNOWN


def after(minutes: float) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def seen(*surveys: tuple[float, Status]) -> tuple[Segment, ...]:
    segments: tuple[Segment, ...] = ()
    for minutes, status in surveys:
        segments = extended(segments, status, 2, after(minutes), 900)
    return segments


def test_the_time_between_two_surveys_belongs_to_what_the_earlier_one_saw() -> None:
    first, second, third = seen((0, UP), (1, UP), (2, DOWN), (3, DOWN), (4, UP))
    assert (first.status, first.since, first.until) == (UP, after(0), after(2))
    assert (second.status, second.since, second.until) == (DOWN, after(2), after(4))
    assert (third.status, third.since) == (UP, after(4))


def test_a_time_in_which_nobody_surveyed_belongs_to_nothing() -> None:
    first, second = seen((0, UP), (1, UP), (60, UP))
    assert (first.until, second.since) == (after(1), after(60))


def test_a_survey_that_is_older_than_the_last_changes_nothing() -> None:
    segments = seen((0, UP), (5, UP))
    assert extended(segments, DOWN, 2, after(3), 900) == segments


def test_what_is_older_than_two_months_is_forgotten() -> None:
    segments = seen((0, UP), (1, DOWN), (2, UP))
    assert len(extended(segments, UP, 2, after(3) + KEPT, 900)) == 1


def status_of(home: Status, tenders: Status) -> Status:
    at = after(0)
    return answering({"L-AVL-01": {"": Current(home, at, at, 1)}, "L-AVL-02": {"": Current(tenders, at, at, 1)}})


def test_an_instance_answers_if_no_check_of_it_fails_and_one_could_tell() -> None:
    assert status_of(UP, BLIND) is UP
    assert status_of(Status.WARN, UP) is UP
    assert status_of(UP, DOWN) is DOWN
    assert status_of(DOWN, BLIND) is DOWN
    assert status_of(BLIND, BLIND) is BLIND
    assert answering({}) is BLIND


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from((UP, DOWN, BLIND))), max_size=60))
def test_segments_stand_in_order_never_overlap_and_are_bounded(surveys: list[tuple[float, Status]]) -> None:
    segments = seen(*surveys)
    assert len(segments) <= MOST
    assert all(one.since <= one.until for one in segments)
    assert all(one.until <= other.since for one, other in itertools.pairwise(segments))
    cut = within(segments, after(20), after(40))
    assert all(after(20) <= one.since < one.until <= after(40) for one in cut)


def test_no_flapping_wipes_an_outage_out() -> None:
    outage = seen((0, UP), (1, DOWN), (600, UP))
    segments = outage
    for number in range(MOST + 10):
        segments = extended(segments, (BLIND, UP)[number % 2], 2, after(601 + number), 900)
    assert len(segments) == MOST
    assert [one for one in segments if one.status is DOWN] == [outage[1]]
    assert segments[-1].until == after(601 + MOST + 9)
