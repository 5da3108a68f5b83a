from __future__ import annotations

import contextlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Missing
from checks.facts.login_sessions import LoginSessions, Session, login_sessions
from tests.checks.real import real

READ = login_sessions(real("debian12/last_iso"))


def test_sessions_are_read_with_their_addresses_and_zones_and_reboots_are_none() -> None:
    assert READ.sessions == (
        Session(
            "admin", "pts/1", "spse-admin.contoh.go.id", datetime.fromisoformat("2026-11-23T05:00:00+07:00"), False
        ),
        Session("budi", "pts/0", "10.10.4.7", datetime.fromisoformat("2026-11-21T10:00:00+07:00"), False),
        Session("root", "tty1", "", datetime.fromisoformat("2026-11-20T08:02:03+07:00"), True),
    )
    assert READ.since == datetime.fromisoformat("2026-11-20T07:59:30+07:00")


@pytest.mark.parametrize(
    ("line", "console", "address"),
    [
        ("root tty1 2026-11-20T08:02:03+07:00   still logged in", True, ""),
        ("andi :0 :0 2026-11-20T08:02:03+07:00   still logged in", True, ":0"),
        ("andi pts/2 127.0.0.1 2026-11-20T08:02:03+07:00   still logged in", False, ""),
        ("andi pts/2 2001:db8::7 2026-11-20T08:02:03+07:00   still logged in", False, "2001:db8::7"),
        ("andi tty1 10.0.0.9 2026-11-20T08:02:03+07:00   still logged in", False, "10.0.0.9"),
    ],
)
def test_who_sits_in_front_of_the_machine_is_told_from_who_comes_from_afar(
    line: str, console: bool, address: str
) -> None:
    one = login_sessions(f"{line}\n\nwtmp begins 2026-11-20T07:59:30+07:00\n").sessions[0]
    assert (one.console, one.address) == (console, address)


def test_an_empty_record_is_no_session_and_says_since_when() -> None:
    assert login_sessions("\nwtmp begins 2026-11-20T07:59:30+07:00\n").sessions == ()


@pytest.mark.parametrize("text", ["", "last: cannot open /var/log/wtmp", "wtmp begins Mon Nov 23 09:03:37 2026\n"])
def test_what_does_not_say_where_the_records_begin_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        login_sessions(text)


@given(st.text(max_size=300))
def test_arbitrary_text_gives_sessions_or_is_missing(text: str) -> None:
    with contextlib.suppress(Missing):
        assert isinstance(login_sessions(text), LoginSessions)
