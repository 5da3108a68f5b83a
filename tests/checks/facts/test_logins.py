from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.logins import by_lastlog
from checks.source import FileStat
from tests.checks.real import real

LASTLOG, PASSWD, SHADOW = real("debian12/lastlog.txt"), real("debian12/passwd"), real("debian12/shadow")
NO_KEYS = (FileStat("/etc/passwd", "file", 0o644, 0, 0, 1700, 0.0),)


def key_of(name: str) -> tuple[FileStat, ...]:
    return (*NO_KEYS, FileStat(f"/home/{name}/.ssh/authorized_keys", "file", 0o600, 1000, 1000, 90, 0.0))


def test_the_login_of_the_only_person_is_dated() -> None:
    seen = by_lastlog(LASTLOG, PASSWD, SHADOW, NO_KEYS)

    assert seen.total == 1
    assert seen.uses[0].at == datetime(2026, 11, 23, 9, 5, 12, tzinfo=UTC)


def test_an_account_that_never_logged_in_counts_from_its_password() -> None:
    never = by_lastlog(LASTLOG.splitlines()[0], PASSWD, SHADOW, NO_KEYS).uses[0]

    assert not never.logged_in
    assert never.at == datetime(2026, 11, 23, tzinfo=UTC)


def test_a_locked_password_closes_an_account_only_if_it_has_no_key() -> None:
    locked = SHADOW.replace("andi:$", "andi:!$")

    assert by_lastlog(LASTLOG, PASSWD, locked, NO_KEYS).total == 0
    assert by_lastlog(LASTLOG, PASSWD, locked, key_of("andi")).total == 1


def test_an_expired_account_is_closed_whatever_keys_it_has() -> None:
    expired = SHADOW.replace("andi:$y$j9T$removed$removed:20780:0:99999:7:::", "andi:!:20780:0:99999:7::1:")

    assert by_lastlog(LASTLOG, PASSWD, expired, key_of("andi")).total == 0


@pytest.mark.parametrize("text", ["", "lastlog: not found", "Username  Port  From  Latest\nandi pts/1 somewhere else"])
def test_what_is_not_a_table_of_lastlog_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        by_lastlog(text, PASSWD, SHADOW, NO_KEYS)


@given(st.text(), st.text())
def test_any_text_gives_a_fact_or_is_missing(printed: str, shadow: str) -> None:
    with contextlib.suppress(Missing, Absent):
        by_lastlog("Username Port From Latest\n" + printed, PASSWD, "andi:" + shadow, NO_KEYS)


def test_lastlog_of_ubuntu_20_04() -> None:
    passwd = "ubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/bash\n"
    shadow = "ubuntu:$y$j9T$removed$removed:19000:0:99999:7:::\n"

    (use,) = by_lastlog(real("ubuntu2004/lastlog.txt"), passwd, shadow, NO_KEYS).uses
    assert (use.at, use.logged_in) == (datetime(2022, 2, 10, 9, 50, 53, tzinfo=UTC), True)
