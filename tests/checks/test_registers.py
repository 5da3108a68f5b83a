"""Every register of the catalogue: what holds of all of them, whatever stands in them."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.catalogue import catalogue
from checks.column import Column
from checks.fact import name_of, recipes
from checks.register import MOST_BYTES, Registered, Row, RowError, columns, read_csv, read_row, row_type, write_csv
from checks.source import Register
from checks.target import Target

WIB = ZoneInfo("Asia/Jakarta")
KINDS = tuple(
    sorted({fact for check in catalogue() for fact in check.facts if issubclass(fact, Registered)}, key=name_of)
)
EACH = pytest.mark.parametrize("kind", KINDS, ids=name_of)
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co")), max_size=20).map(
    lambda text: " ".join(text.split())
)
FORMULAS = st.sampled_from(("=1+1", "'=1", "''-x", "+62", "-", "@", "'", '"', 'a"b', "a,b;c", "'a"))


def values(one: Column) -> st.SearchStrategy[Any]:
    """What may be typed in a column, as text."""
    least, most = one.least or 0, one.most if one.most is not None else 10**9
    kinds: dict[str, st.SearchStrategy[str]] = {
        "text": st.one_of(WORDS, FORMULAS).filter(bool),
        "number": st.integers(least, most).map(str),
        "decimal": st.decimals(least, most, places=2).map(str),
        "date": st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(str),
        "moment": st.datetimes(datetime(1901, 1, 1), datetime(2199, 1, 1)).map(
            lambda at: at.replace(microsecond=0, tzinfo=timezone(timedelta(hours=9))).isoformat()
        ),
        "choice": st.sampled_from([value for value, _ in one.choices] or ["-"]),
    }
    return kinds[one.kind] if one.needed else st.one_of(st.just(""), kinds[one.kind])


def rows_of(row: type[Row]) -> st.SearchStrategy[Row]:
    typed = st.fixed_dictionaries({one.name: values(one) for one in columns(row)})
    return typed.map(lambda line: read_row(row, line, WIB))


def test_these_are_some_of_them() -> None:
    assert {name_of(kind) for kind in KINDS} >= {
        "backup_register", "capacity_limits", "capacity_reports", "change_register", "continuity_exercises", "data_locations",
        "information_assets", "intangible_assets", "personnel_assets", "physical_assets", "policy_register",
        "recovery_sites", "remote_access_register", "security_tests", "server_room_register", "service_assets",
        "sla_register", "software_assets",
    }  # fmt: skip


@EACH
def test_it_is_read_from_the_register_of_its_name_as_it_was_entered(kind: type[Registered]) -> None:
    (recipe,) = recipes(kind)
    assert recipe.sources == (Register(name_of(kind), kind),)
    assert recipe.parse(kind()) == kind(())


@EACH
def test_it_has_a_title_in_both_languages_and_is_about_a_server_or_a_provider(kind: type[Registered]) -> None:
    assert kind.title.id.strip()
    assert kind.title.en.strip()
    assert kind.title.id != kind.title.en
    assert kind.about in {Target.SERVER, Target.PROVIDER}


@EACH
def test_no_two_columns_can_be_taken_for_each_other(kind: type[Registered]) -> None:
    found = columns(row_type(kind))
    called = [
        (word, one.name) for one in found for word in {one.name, one.label.id.casefold(), one.label.en.casefold()}
    ]
    assert [word for word, count in Counter(word for word, _ in called).items() if count > 1] == []
    for one in found:
        values = [word for value, label in one.choices for word in {value, label.id.casefold(), label.en.casefold()}]
        assert len(values) == len(set(values)), one.name
    assert found[0].needed


@EACH
def test_as_many_ordinary_rows_as_it_may_have_fit_into_one_entry(kind: type[Registered]) -> None:
    """Ordinary: the needed columns with 25 characters each, and half of the others."""
    known = columns(row_type(kind))
    sample = {"text": "abcde fghij klmno pqrst u", "moment": "2026-11-23 08:00", "date": "2026-11-23", "number": "2",
              "decimal": "2.5"}  # fmt: skip
    line = {
        one.name: one.choices[0][0] if one.choices else sample[one.kind]
        for number, one in enumerate(known)
        if one.needed or number % 2
    }
    row = read_row(row_type(kind), line, WIB)
    assert len(msgspec.json.encode(row)) * kind.most_rows <= MOST_BYTES
    assert kind.most_rows <= 2000


@EACH
@FEW
@given(data=st.data())
def test_what_is_written_as_csv_is_read_back(kind: type[Registered], data: st.DataObject) -> None:
    row = row_type(kind)
    rows = tuple(data.draw(st.lists(rows_of(row), max_size=4)))
    assert read_csv(row, write_csv(row, rows, WIB), WIB) == rows
    fact = msgspec.convert({"rows": [msgspec.to_builtins(one) for one in rows]}, kind)
    assert msgspec.json.decode(msgspec.json.encode(fact), type=kind) == fact


@EACH
@FEW
@given(data=st.data())
def test_whatever_stands_in_a_line_is_a_row_or_an_error(kind: type[Registered], data: st.DataObject) -> None:
    row = row_type(kind)
    names = [one.name for one in columns(row)]
    line = data.draw(st.lists(st.text(max_size=10), min_size=len(names), max_size=len(names)))
    with suppress(RowError):
        assert isinstance(read_row(row, dict(zip(names, line, strict=True)), WIB), row)
