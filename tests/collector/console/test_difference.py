from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.console.difference import Changed, difference

NAMES = ("number", "what", "note")


def row(number: str, what: str = "", note: str = "") -> dict[str, str]:
    return {"number": number, "what": what, "note": note}


def test_rows_that_only_moved_are_no_difference() -> None:
    assert not difference([row("1"), row("2")], [row("2"), row("1")], NAMES).any


def test_what_is_new_gone_and_changed_is_told_apart() -> None:
    found = difference([row("1", "a"), row("2", "b")], [row("1", "z"), row("3", "c")], NAMES)
    assert found.added == (row("3", "c"),)
    assert found.removed == (row("2", "b"),)
    assert [(one.name, one.cells) for one in found.changed] == [("1", (Changed("what", "a", "z"),))]


def test_of_rows_with_one_name_those_that_are_most_alike_are_paired() -> None:
    found = difference([row("1", "a", "x"), row("1", "b", "y")], [row("1", "b", "z"), row("1", "a", "x")], NAMES)
    assert [one.cells for one in found.changed] == [(Changed("note", "y", "z"),)]


def test_a_row_that_stands_twice_and_then_once_is_gone_once() -> None:
    found = difference([row("1"), row("1")], [row("1")], NAMES)
    assert found.removed == (row("1"),)


def test_an_empty_cell_is_the_same_as_none() -> None:
    assert not difference([{"number": "1"}], [row("1")], NAMES).any


ROWS = st.lists(st.builds(row, st.sampled_from("123"), st.sampled_from("ab")), max_size=8)


@given(ROWS, ROWS)
def test_every_row_is_accounted_for(before: list[dict[str, str]], after: list[dict[str, str]]) -> None:
    found = difference(before, after, NAMES)
    assert len(before) - len(found.removed) == len(after) - len(found.added)
    assert difference(before, before, NAMES).any is False
