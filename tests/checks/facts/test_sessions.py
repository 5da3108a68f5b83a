from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.sessions import Sessions, Used, sessions
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.facts.here import read
from tests.checks.real import real

# The heading and columns of GNU who 9.1 with LC_ALL=C; the rows written by hand.
WHO = """NAME     LINE         TIME         COMMENT
root     tty1         Nov 23 09:00
admin    pts/0        Nov 23 09:10 (10.1.1.5)
admin    pts/1        Nov 23 09:12 (10.1.1.5)
admin    pts/2        Nov 23 09:13 (tmux(811).%0)
admin    pts/3        Nov 23 09:14 (10.1.1.5:S.0)
budi     pts/4        2026-11-23 09:15 (192.0.2.7 via mosh [812])
budi     :0           Nov 23 09:16 (:0)
"""


def test_each_account_is_told_with_the_places_it_is_used_from() -> None:
    assert sessions.parse(WHO) == Sessions(
        7,
        3,
        (Used("budi", 2, ("192.0.2.7", "console")), Used("admin", 1, ("10.1.1.5",)), Used("root", 1, ("console",))),
    )


def test_nobody_logged_in_is_a_reading() -> None:
    assert sessions.parse(WHO.splitlines()[0] + "\n") == Sessions(0, 0)


def test_this_machine_is_read() -> None:
    assert read(Sessions).sessions >= 0


@pytest.mark.parametrize("printed", ["", "\n", "admin pts/0 Nov 23 09:10 (10.1.1.5)\n", WHO + "garbage\n"])
def test_other_output_is_missing(printed: str) -> None:
    with pytest.raises(Missing):
        sessions.parse(printed)


@given(mixed("NAME LINE TIME COMMENT\n", "a pts/0 Nov 23 09:10", " (", "b", ")", "\n"))
def test_any_text_gives_a_fact_or_a_reason(text: str) -> None:
    gives_or_says_why(sessions, text)


def test_a_centos_7_tells_its_serial_console_from_who_comes_from_afar() -> None:
    assert sessions(real("el7/who.txt")) == Sessions(2, 1, (Used("kbrazil", 2, ("192.168.71.1", "console")),))
