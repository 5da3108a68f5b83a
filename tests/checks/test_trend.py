from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.trend import DAY, MOST, Reach, Trend, scaled, theil_sen, trend, until

RISING = [1.0, 2.5, 2.9, 4.2, 4.8, 6.1, 30.0, 8.2]
CLEANED = [52.1, 52.3, 52.3, 53.0, 53.4, 53.3, 54.0, 54.8, 54.6, 55.1, 55.9, 41.2, 41.9, 42.2, 42.8]
TIED = [(0, 5), (1, 5), (2, 6), (2, 6), (3, 6), (5, 9), (8, 8), (9, 9), (12, 14), (13, 11), (20, 19)]

VALUES = st.floats(-1e12, 1e12, allow_nan=False)
POINTS = st.lists(st.tuples(st.floats(0, 4e9), VALUES), max_size=60)


@pytest.mark.parametrize(
    ("points", "figures"),
    [  # scipy 1.17.1, scipy.stats.theilslopes(y, x, 0.95)
        (list(enumerate(RISING)), (1.0392857142857141, 0.8999999999999999, 4.833333333333333)),
        (TIED, (0.55, 0.42857142857142855, 0.8)),
        (list(enumerate(CLEANED)), (0.25, -1.06, 0.36666666666666714)),
    ],
)
def test_slope_and_interval_are_those_of_scipy(
    points: list[tuple[float, float]], figures: tuple[float, float, float]
) -> None:
    assert theil_sen(points) == pytest.approx(figures)


def hourly(days: float, slope: float, start: float = 1e9) -> list[tuple[float, float]]:
    return [(1.7e9 + hour * 3600, start + slope * hour / 24) for hour in range(int(days * 24) + 1)]


def test_a_steady_growth_is_told_in_units_per_day() -> None:
    moving = trend(hourly(30, 5e6))
    assert moving is not None
    assert (moving.slope, moving.low, moving.high) == pytest.approx((5e6, 5e6, 5e6))
    assert (moving.days, moving.points, moving.grows) == (30.0, 721, True)


def test_a_bad_sample_or_a_night_of_them_moves_it_little() -> None:
    points = hourly(14, 5e6)
    points[100:112] = [(at, 9e12) for at, _ in points[100:112]]
    moving = trend(points)
    assert moving is not None
    assert moving.slope == pytest.approx(5e6, rel=0.05)


def test_too_little_gives_no_trend() -> None:
    assert trend([]) is None
    assert trend(hourly(6.9, 1.0)) is None
    assert trend(hourly(30, 1.0)[::200]) is None  # four points
    assert trend(hourly(7, 1.0)) is not None
    assert trend([(1.7e9, float(n)) for n in range(50)], days=0) is None  # all at one time


def test_what_is_no_number_does_not_count() -> None:
    points = [*hourly(10, 1.0), (1.7e9, math.nan), (math.inf, 1.0)]
    assert trend(points) == trend(hourly(10, 1.0))


def test_the_limit_is_reached_earliest_at_the_upper_slope() -> None:
    assert until(100.0, Trend(2.0, 1.0, 4.0, 30, 700)) == Reach(50.0, 25.0, 100.0)
    assert until(100.0, Trend(2.0, -1.0, 4.0, 30, 700)) == Reach(50.0, 25.0, None)
    assert until(100.0, Trend(-2.0, -3.0, 0.0, 30, 700)) == Reach(None, None, None)
    assert until(0.0, Trend(-2.0, -3.0, 0.0, 30, 700)).days == 0


def test_a_trend_in_shares_becomes_one_in_bytes() -> None:
    assert scaled(Trend(0.01, 0.005, 0.02, 30, 9), 1e9) == Trend(1e7, 5e6, 2e7, 30, 9)


def test_a_slope_needs_two_times() -> None:
    with pytest.raises(ValueError, match="different times"):
        theil_sen([(1.0, 2.0), (1.0, 3.0)])


@given(POINTS)
def test_the_slope_lies_in_its_interval_whatever_the_points(points: list[tuple[float, float]]) -> None:
    moving = trend(points)
    assert moving is None or moving.low <= moving.slope <= moving.high
    if moving is not None:
        reach = until(1e9, moving)
        assert all(one is None or one >= 0 for one in (reach.days, reach.earliest, reach.latest))


@given(st.lists(st.integers(-(10**9), 10**9), min_size=3, max_size=30), st.integers(-9999, 9999), st.integers(1, 100))
def test_shifting_moves_nothing_and_scaling_scales(values: list[int], shift: int, by: int) -> None:
    plain = theil_sen(list(enumerate(values)))
    moved = theil_sen([(at, value * by + shift) for at, value in enumerate(values)])
    assert moved == pytest.approx([one * by for one in plain], rel=1e-9)


@given(st.integers(MOST + 1, 3000))
def test_thinning_keeps_the_trend(count: int) -> None:
    points = [(n * DAY / 24, 7.0 * n) for n in range(count)]
    moving = trend(points, days=1)
    assert moving is not None
    assert moving.slope == pytest.approx(168.0)
    assert moving.points == count
