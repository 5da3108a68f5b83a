from __future__ import annotations

import contextlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Missing
from checks.facts.login_sessions import LoginSessions, Session, login_sessions, of_el_7
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


def test_zones_without_a_colon_are_read_too() -> None:
    """As `last` of util-linux 2.34 and older prints them: EL 8, Ubuntu 20.04."""
    found = login_sessions(real("ubuntu1804/last-iso.txt"))

    assert [(one.account, one.address, one.console) for one in found.sessions] == [("vmpower", "10.0.0.23", False)] * 2
    assert found.sessions[0].began_at == datetime.fromisoformat("2020-05-10T21:17:15+00:00")


def test_reboots_alone_are_no_logins() -> None:
    found = login_sessions(real("ubuntu1804/last-reboot-iso.txt"))

    assert found.sessions == ()
    assert found.since == datetime.fromisoformat("2022-04-04T07:47:27+00:00")


def test_times_as_people_read_them_are_not_taken_for_nobody() -> None:
    with pytest.raises(Missing):
        login_sessions(real("el7/last-wF.txt"))
    with pytest.raises(Missing):
        login_sessions(real("el7/last-wF.txt").partition("wtmp")[0] + "wtmp begins 2020-05-10T04:10:02+00:00\n")


def test_centos_7_tells_times_in_the_zone_of_its_clock() -> None:
    found = of_el_7(real("el7/last-wF.txt"), "2021-01-05T15:00:00-0800\n")

    assert [(one.account, one.terminal, one.console) for one in found.sessions[:3]] == [
        ("kbrazil", "pts/0", False), ("kbrazil", "tty1", True), ("kbrazil", "tty1", True),
    ]  # fmt: skip
    assert found.sessions[0].address == "kbrazil-mac.attlocal.net"
    assert found.sessions[0].began_at == datetime.fromisoformat("2021-01-05T14:29:24-08:00")
    assert found.since == datetime.fromisoformat("2019-08-15T10:57:06-08:00")
    assert len(found.sessions) == 6


@pytest.mark.parametrize("clock", ["", "2021-01-05T15:00:00", "yesterday"])
def test_a_clock_without_a_zone_dates_nothing(clock: str) -> None:
    with pytest.raises(Missing):
        of_el_7(real("el7/last-wF.txt"), clock)


@given(st.text(max_size=200), st.text(max_size=30))
def test_arbitrary_text_of_an_old_last_gives_sessions_or_is_missing(text: str, clock: str) -> None:
    for said in (clock, "2021-01-05T15:00:00+0700"):
        with contextlib.suppress(Missing):
            assert isinstance(of_el_7(f"{text}\nwtmp begins Thu Aug 15 10:57:06 2019\n", said), LoginSessions)
