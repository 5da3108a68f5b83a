from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.text import Text, joined, words

CLOSED = Text("tertutup", "closed")


def test_a_text_speaks_both_languages() -> None:
    assert (CLOSED.in_("id"), CLOSED.in_("en")) == ("tertutup", "closed")


def test_a_plain_string_says_the_same_in_both_languages() -> None:
    assert words("83 %", "id") == words("83 %", "en") == "83 %"
    assert (words(CLOSED, "id"), words(CLOSED, "en")) == ("tertutup", "closed")


def test_parts_are_joined_once_each_in_their_order() -> None:
    assert joined(["b", CLOSED, "a", "b", CLOSED]) == Text("b; tertutup; a", "b; closed; a")
    assert joined(["a", "b"], ", ") == "a, b"
    assert joined([]) == ""


def test_what_is_the_same_in_both_languages_stays_a_plain_string() -> None:
    assert joined([Text("root", "root"), "0644"]) == "root; 0644"


@given(st.lists(st.one_of(st.text(max_size=5), st.builds(Text, st.text(max_size=5), st.text(max_size=5))), max_size=5))
def test_nothing_is_lost_by_joining(parts: list[str | Text]) -> None:
    for part in parts:
        assert words(part, "id") in words(joined(parts), "id")
        assert words(part, "en") in words(joined(parts), "en")


def test_a_text_is_frozen_and_travels_as_two_members() -> None:
    with pytest.raises(AttributeError):
        CLOSED.id = "terbuka"  # type: ignore[misc]
    assert msgspec.json.encode(CLOSED) == b'{"id":"tertutup","en":"closed"}'
    for wrong in (b'{"id":"tertutup"}', b'{"id":"a","en":"b","fr":"c"}', b'{"id":"a","en":1}'):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(wrong, type=Text)


def test_words_on_the_wire_are_told_apart_by_their_form() -> None:
    for said in ("83 %", CLOSED):
        assert msgspec.json.decode(msgspec.json.encode(said), type=str | Text) == said
