from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agent.present.plain import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("83 %, K-SSH-01 · né ✓ 日本", "83 %, K-SSH-01 · né ✓ 日本"), ("\x1b[31mred", r"\u001b[31mred"), ("a\nb\tc\rd", "a b c d"),
        ("\x9b2J", r"\u009b2J"), ("\u202etxt.exe", r"\u202etxt.exe"), ("\x00\x07\x7f", r"\u0000\u0007\u007f"),
        ("\udcff", r"\udcff"), ("[red]", "[red]"), ("", ""),
    ],
)  # fmt: skip
def test_what_a_terminal_would_obey_or_hide_is_spelt_out_and_the_rest_stands(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(some.text(some.characters()))
def test_no_control_character_survives_and_the_rest_can_always_be_printed(text: str) -> None:
    shown = plain(text)
    assert not any(unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} for one in shown)
    shown.encode()
    assert plain(shown) == shown
