from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from collector.calendar import days_off, named_days_off, version
from collector.enforcement.calendar import Calendar, Effect, Override, working_calendar
from collector.enforcement.zones import Zone, beside

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MONDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 7)


def said(key: int, day: date, effect: Effect, hours: int = 0) -> Override:
    return Override(NOW + timedelta(hours=hours), key, day, effect, "SE Kepala LKPP 1/2026", "petugas")


def calendar(*overrides: Override, hours: int = 10, off: dict[date, str] | None = None) -> Calendar:
    return working_calendar("holidays 0", off or {}, overrides, NOW + timedelta(hours=hours))


def test_weekends_and_the_librarys_days_are_off() -> None:
    plain = calendar(off={MONDAY: "Hari Raya"})
    assert not plain.works(MONDAY)
    assert plain.why(MONDAY).id == "Hari Raya"
    assert not plain.works(SATURDAY)
    assert plain.works(MONDAY + timedelta(days=1))


def test_lkpp_takes_a_working_day_away_and_gives_one() -> None:
    ours = calendar(said(1, MONDAY, Effect.OFF), said(2, SATURDAY, Effect.WORKING))
    assert (ours.works(MONDAY), ours.works(SATURDAY)) == (False, True)
    assert "SE Kepala LKPP 1/2026" in ours.why(MONDAY).id


def test_an_override_counts_from_when_it_was_known() -> None:
    later = said(1, MONDAY, Effect.OFF, hours=5)
    assert calendar(later, hours=4).works(MONDAY)
    assert not calendar(later, hours=5).works(MONDAY)


def test_the_latest_word_on_a_day_counts_and_it_can_be_taken_back() -> None:
    first, second = said(1, MONDAY, Effect.OFF), said(2, MONDAY, Effect.AS_LIBRARY, hours=1)
    assert calendar(second, first).works(MONDAY)
    assert not calendar(first, second, hours=0).works(MONDAY)


def test_the_version_of_a_calendar_changes_with_what_it_says_of_the_span() -> None:
    first, last = MONDAY, MONDAY + timedelta(days=10)
    plain = calendar().version(first, last)
    assert plain == calendar(said(1, date(2027, 1, 4), Effect.OFF)).version(first, last)
    assert plain != calendar(said(1, SATURDAY, Effect.OFF)).version(first, last)
    assert plain != calendar(off={MONDAY: "Hari Raya"}).version(first, last)


def test_the_named_days_are_the_days_of_the_survey() -> None:
    first, last = date(2026, 1, 1), date(2027, 12, 31)
    assert tuple(named_days_off(first, last)) == days_off(first, last)
    assert version().startswith("holidays 0.")


def test_a_moment_is_told_in_wib_with_the_providers_zone_beside() -> None:
    due = datetime(2026, 3, 31, 16, 59, 59, tzinfo=UTC)
    assert beside(due, Zone.WIB) == "2026-03-31 23:59:59 WIB"
    assert beside(due, Zone.WITA) == "2026-03-31 23:59:59 WIB (2026-04-01 00:59:59 WITA)"
    assert beside(due, Zone.WIT) == "2026-03-31 23:59:59 WIB (2026-04-01 01:59:59 WIT)"
