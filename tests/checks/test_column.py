from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.column import Choice, Column, Refused, column, read, shown
from checks.register import Row, columns
from checks.text import Text

WIB = ZoneInfo("Asia/Jakarta")
LABEL = Text("Judul", "Title")


class Grade(Choice):
    """For tests."""

    LOW = "low", "Rendah", "Low"
    HIGH = "high", "Tinggi", "High grade"


class Everything(Row, frozen=True):
    """One column of each kind."""

    text: Annotated[str, column("Teks", "Text")]
    moment: Annotated[datetime | None, column("Waktu", "Moment")] = None
    day: Annotated[date | None, column("Tanggal", "Date")] = None
    count: Annotated[int | None, column("Jumlah", "Count", least=1, most=3)] = None
    share: Annotated[float | None, column("Persen", "Share", least=0, most=100)] = None
    grade: Annotated[Grade | None, column("Tingkat", "Grade")] = None


def typed(kind: str, text: str, **more: object) -> object:
    return read(Column("name", LABEL, kind, True, **more), text, WIB)  # type: ignore[arg-type]


def test_each_kind_of_field_is_a_kind_of_column_optional_or_not() -> None:
    found = columns(Everything)
    assert [(one.kind, one.needed) for one in found] == [
        ("text", True), ("moment", False), ("date", False), ("number", False), ("decimal", False), ("choice", False),
    ]  # fmt: skip
    assert (found[3].least, found[3].most) == (1, 3)
    assert found[5].choices == (("low", Text("Rendah", "Low")), ("high", Text("Tinggi", "High grade")))


@pytest.mark.parametrize("text", ["2026-11-23", "2026/11/23", "23/11/2026", "23-11-2026", "23.11.2026"])
def test_a_date_is_typed_as_iso_or_as_indonesian_spreadsheets_write_it(text: str) -> None:
    assert typed("date", text) == date(2026, 11, 23)


def test_the_day_stands_before_the_month() -> None:
    assert typed("date", "3/4/2026") == date(2026, 4, 3)
    assert typed("moment", "3/4/2026 20.15") == datetime(2026, 4, 3, 20, 15, tzinfo=WIB)


@pytest.mark.parametrize(
    "text",
    [
        "11/23/2026", "31/02/2026", "23/11/26", "23/11-2026", "2026", "20261123", "2026-W48-1", "0001-01-01", "9999-12-31",
        "23 Nov 2026", "٢٣/١١/٢٠٢٦", "46349",
    ],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_or_in_none_is_no_date(text: str) -> None:
    for kind in ("date", "moment"):
        with pytest.raises(Refused, match="is not like 2026-11-23"):
            typed(kind, text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23 20:00", "23/11/2026 20:00", "23/11/2026 20.00", "23-11-2026 20:00:00", "2026-11-23T20:00", "2026-11-23 20.00",
        "2026-11-23T13:00Z", "2026-11-23T21:00+08:00",
    ],
)  # fmt: skip
def test_a_moment_is_typed_with_colons_or_dots_in_the_zone_of_the_people_or_its_own(text: str) -> None:
    assert typed("moment", text) == datetime(2026, 11, 23, 13, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-23 25:00", "2026-11-23 8", "23/11/2026 20:00.30", "besok", "20:00"])
def test_what_is_no_clock_is_no_moment(text: str) -> None:
    with pytest.raises(Refused, match="or 23/11/2026 08:00"):
        typed("moment", text)


def test_a_number_is_whole_plain_and_within_its_bounds() -> None:
    assert typed("number", "-7") == -7
    assert typed("number", "3", least=1, most=3) == 3
    for text in ("1_000", "1.000", "1,5", "٣", "0x10", "1e3", "9" * 16):
        with pytest.raises(Refused, match="is not like 7"):
            typed("number", text)
    with pytest.raises(Refused, match="must be 1 at the least"):
        typed("number", "0", least=1, most=3)
    with pytest.raises(Refused, match="must be 3 at the most"):
        typed("number", "4", least=1, most=3)


def test_a_decimal_has_a_comma_or_a_dot_and_never_what_could_be_thousands() -> None:
    assert typed("decimal", "99,5") == typed("decimal", "99.5") == typed("decimal", "99.50") == 99.5
    for text in ("1.500", "1,500", "nan", "inf", "1e9", ".5", "99,5 %"):
        with pytest.raises(Refused, match="or 99,5"):
            typed("decimal", text)


@pytest.mark.parametrize("text", ["high", "HIGH", "Tinggi", "tinggi", "High grade"])
def test_a_choice_is_known_by_its_value_and_by_its_label_in_both_languages(text: str) -> None:
    assert read(columns(Everything)[5], text, WIB) == "high"


def test_what_is_no_choice_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused) as caught:
        read(columns(Everything)[5], "sedang", WIB)
    assert caught.value.problem == Text(
        "Tingkat: 'sedang' bukan salah satu dari low, high", "Grade: 'sedang' is none of low, high"
    )


@pytest.mark.parametrize("hidden", ["\0", "\x1b", "\u202e", "\u200b", "\ufeff", "\ud800", "\x7f"])
def test_what_cannot_be_seen_is_refused_by_its_number(hidden: str) -> None:
    with pytest.raises(Refused, match=f"U\\+{ord(hidden):04X}"):
        typed("text", f"a{hidden}b")


def test_letters_of_all_scripts_are_taken_as_they_are() -> None:
    assert typed("text", "Rp 1.000 – ꦱꦸꦫ “é” 👍") == "Rp 1.000 – ꦱꦸꦫ “é” 👍"


ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 30)), ZONES)
def test_a_moment_that_is_shown_is_the_same_when_typed_again(moment: datetime, zone: timezone) -> None:
    aware = moment.replace(microsecond=0, tzinfo=zone)
    assert typed("moment", shown(aware, WIB)) == aware


@given(st.one_of(st.integers(-(10**15) + 1, 10**15 - 1), st.decimals(-(10**9), 10**9, places=2).map(float)))
def test_a_number_that_is_shown_is_the_same_when_typed_again(number: float) -> None:
    assert typed("number" if isinstance(number, int) else "decimal", shown(number, WIB)) == number


@given(st.sampled_from(("text", "moment", "date", "number", "decimal")), st.text(min_size=1, max_size=40))
def test_whatever_is_typed_is_a_value_or_is_refused(kind: str, text: str) -> None:
    try:
        value = typed(kind, text)
    except Refused:
        return
    assert typed(kind, shown(value, WIB)) == value
