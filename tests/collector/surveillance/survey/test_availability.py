from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from checks.verdict import Status
from collector.surveillance.state import Segment
from collector.surveillance.survey.availability import Watched, Window, agreed, availability, outages

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 10:00 WIB
UP, DOWN, BLIND = Status.PASS, Status.FAIL, Status.UNKNOWN
LONG_AGO = NOW - timedelta(days=400)


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def segment(status: Status, begins: float, ends: float, vantages: int = 2) -> Segment:
    return Segment(status, ago(begins), ago(ends), vantages)


def watched(*segments: Segment, windows: tuple[Window, ...] = (), registered: datetime = LONG_AGO) -> Watched:
    return Watched("SPSE Contoh", registered, segments, windows, ("spse1",), 99.5)


def test_an_outage_is_told_with_who_saw_it_and_how_long_it_lasted() -> None:
    told = outages([watched(segment(UP, 9, 5), segment(DOWN, 5, 4, 3), segment(UP, 4, 0))], (), NOW)
    (one,) = told.outages
    assert (one.instance, one.began, one.ended, one.seconds, one.vantages) == ("SPSE Contoh", ago(5), ago(4), 3600, 3)
    assert (one.planned, one.servers, told.watched, told.total) == (False, ("spse1",), 1, 1)


def test_an_outage_that_lasts_has_no_end_and_lasts_until_it_was_seen_last() -> None:
    (one,) = outages([watched(segment(UP, 9, 5), segment(DOWN, 5, 0.5))], (), NOW).outages
    assert (one.ended, one.seconds) == (None, int(4.5 * 3600))


def test_not_knowing_in_between_does_not_end_an_outage() -> None:
    parts = segment(DOWN, 5, 4), segment(BLIND, 4, 3), segment(DOWN, 3, 2), segment(UP, 2, 0)
    (one,) = outages([watched(*parts)], (), NOW).outages
    assert (one.began, one.ended) == (ago(5), ago(2))


def test_an_outage_within_an_approved_window_is_planned() -> None:
    parts = segment(UP, 9, 5), segment(DOWN, 5, 4), segment(UP, 4, 0)
    inside = watched(*parts, windows=(Window(ago(6), ago(3)),))
    beyond = watched(*parts, windows=(Window(ago(6), ago(4.5)),))
    assert [one.planned for one in outages([inside, beyond], (), NOW).outages] == [True, False]


def test_an_instance_that_nobody_could_see_was_not_watched() -> None:
    assert outages([watched(segment(BLIND, 9, 0)), watched()], (), NOW).watched == 0


def test_days_off_are_those_of_the_time_that_matters() -> None:
    days = (date(2026, 8, 17), date(2026, 11, 20), date(2026, 12, 25))
    assert outages([], days, NOW).days_off == (date(2026, 11, 20),)


def test_the_month_is_observed_available_planned_or_nobody_saw_it() -> None:
    parts = segment(UP, 48, 24), segment(DOWN, 24, 23), segment(UP, 23, 10)
    measured = availability([watched(*parts, windows=(Window(ago(12), ago(11)),))], NOW)
    assert measured is not None
    before, this = measured.months
    assert (before.month, this.month, this.target) == (date(2026, 10, 1), date(2026, 11, 1), 99.5)
    assert (this.observed, this.available, this.planned) == (37 * 3600, 36 * 3600, 3600)
    so_far = int((NOW - datetime(2026, 10, 31, 17, tzinfo=UTC)).total_seconds())  # a month begins at midnight WIB
    assert this.observed + this.planned + this.unobserved == so_far
    assert (before.observed, before.unobserved) == (0, 31 * 86400)


def test_an_outage_in_a_window_counts_neither_way() -> None:
    measured = availability(
        [watched(segment(UP, 48, 24), segment(DOWN, 24, 23), windows=(Window(ago(24), ago(23)),))], NOW
    )
    assert measured is not None
    assert (measured.months[1].observed, measured.months[1].available) == (24 * 3600, 24 * 3600)


def test_a_month_before_the_instance_was_registered_is_not_told() -> None:
    measured = availability([watched(registered=ago(24))], NOW)
    assert measured is not None
    (this,) = measured.months
    assert (this.unobserved, this.observed) == (86400, 0)
    assert availability([], NOW) is None


MOMENTS = st.floats(0, 600)


@given(st.lists(st.tuples(MOMENTS, MOMENTS), max_size=6), st.lists(MOMENTS, min_size=2, max_size=8, unique=True))
def test_whatever_windows_overlap_no_time_is_counted_twice(
    windows: list[tuple[float, float]], edges: list[float]
) -> None:
    ordered = sorted(edges, reverse=True)
    parts = [segment((UP, DOWN, BLIND)[n % 3], a, b) for n, (a, b) in enumerate(itertools.pairwise(ordered))]
    measured = availability([watched(*parts, windows=tuple(Window(ago(max(w)), ago(min(w))) for w in windows))], NOW)
    assert measured is not None
    for month in measured.months:
        assert 0 <= month.available <= month.observed
        whole = (
            31 * 86400
            if month.month.month == 10
            else int((NOW - datetime(2026, 10, 31, 17, tzinfo=UTC)).total_seconds())
        )
        assert abs(month.observed + month.planned + month.unobserved - whole) <= 2


def test_what_was_agreed_for_one_instance_goes_before_what_was_agreed_for_all() -> None:
    rows = [("", 99.0), ("SPSE A", 99.9), ("SPSE B", None)]
    assert [agreed(name, rows) for name in ("SPSE A", "SPSE B", "SPSE C")] == [99.9, 99.0, 99.0]
    assert agreed("SPSE A", []) is None
