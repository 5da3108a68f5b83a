from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.failed_logins import Attempts, by_auth_log, by_journal, by_secure
from checks.source import FileStat
from tests.checks.real import real

JOURNAL, AUTH = real("debian12/journalctl-sshd.txt"), real("debian12/auth.log")
ROOT = FileStat("/", "directory", 0o755, 0, 0, 4096, 0.0)
KEPT = (ROOT, FileStat("/var/log/journal/0a/system.journal", "file", 0o640, 0, 101, 8 << 20, 0.0))
LINES = real("syslog/sshd-lines.txt")
FAILED = "Nov 23 10:0{minute}:00 srv sshd[{pid}]: Failed password for root from 203.0.113.9 port 4000 ssh2\n"


def test_the_journal_and_the_file_tell_the_same_story() -> None:
    by_file = by_auth_log(AUTH, "2026-11-23T09:05:30+0000\n")

    assert by_file == by_journal(KEPT, JOURNAL)
    assert by_file.failures == 6
    assert by_file.sources == (Attempts("127.0.0.1", 6, 6),)
    assert by_file.accepted == ("127.0.0.1",)


def test_what_happened_before_the_window_does_not_count() -> None:
    assert by_auth_log(AUTH, "2026-11-23T09:20:30+0000\n").failures == 0
    assert by_auth_log(AUTH, "2026-11-23T16:05:30+0700\n").failures == 6


@pytest.mark.parametrize(
    "quiet", ["-- No entries --\n", "-- Logs begin at Mon 2026-11-02 08:00:01 WIB, end at ... --\n"]
)
def test_a_quiet_journal_is_an_answer(quiet: str) -> None:
    assert by_journal(KEPT, quiet).failures == 0


@pytest.mark.parametrize("printed", ["", "<html>502</html>"])
def test_what_is_no_journal_is_missing(printed: str) -> None:
    with pytest.raises(Missing, match="did not print a journal"):
        by_journal(KEPT, printed)


def test_where_no_journal_is_kept_no_entries_is_no_answer() -> None:
    empty = FileStat("/run/log/journal/0a/system.journal", "file", 0o640, 0, 101, 0, 0.0)
    for journals in ((ROOT,), (ROOT, empty)):
        with pytest.raises(Missing, match="no system journal is kept here"):
            by_journal(journals, "-- No entries --\n")


def test_a_minute_costs_one_process_where_there_is_a_journal() -> None:
    assert [type(source).__name__ for source in by_journal.sources] == ["Stat", "Command"]


def test_the_classic_form_is_read_in_the_zone_of_the_host() -> None:
    text = "".join(FAILED.format(minute=minute, pid=minute) for minute in range(9))

    assert by_secure(text, "2026-11-23T10:08:30+0700").failures == 9
    assert by_secure(text, "2026-11-23T10:14:30+0700").failures == 4


def test_a_december_line_read_in_january_belongs_to_last_year() -> None:
    line = "Dec 31 23:58:00 srv sshd[7]: Failed password for root from 203.0.113.9 port 4000 ssh2\n"

    assert by_secure(line, "2027-01-01T00:01:00+0700").failures == 1


def test_a_user_name_cannot_forge_the_address() -> None:
    forged = [line for line in LINES.splitlines() if "redbamboo" in line and "ssh2: from" not in line]
    seen = by_secure("\n".join(forged), "2026-11-11T08:05:00+0000")

    assert len(forged) == 2
    assert seen.sources == (Attempts("127.0.0.1", 2),)


def test_keys_that_were_tried_before_the_right_one_are_no_failures() -> None:
    text = "\n".join(line for line in LINES.splitlines() if " srv " in line)
    seen = by_secure(text, "2026-11-28T09:17:00+0000")

    assert seen.failures == 0
    assert seen.accepted == ("192.0.2.1",)


def test_a_connection_without_a_password_counts_once() -> None:
    text = (
        "Nov 23 10:00:00 srv sshd-session[9]: Invalid user admin from 203.0.113.9 port 4000\n"
        "Nov 23 10:00:01 srv sshd-session[9]: Connection closed by invalid user admin 203.0.113.9 port 4000 [preauth]\n"
    )

    assert by_secure(text, "2026-11-23T10:01:00+0700").sources == (Attempts("203.0.113.9", 1),)


def test_repeated_messages_count_as_often_as_they_say() -> None:
    text = (
        "Nov 23 10:00:00 srv sshd[9]: message repeated 5 times: "
        "[ Failed password for root from 203.0.113.9 port 4000 ssh2]\n"
    )

    assert by_secure(text, "2026-11-23T10:01:00+0700").failures == 5


@pytest.mark.parametrize("text", ["", "<html>502</html>\n"])
def test_an_empty_or_strange_log_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        by_secure(text, "2026-11-23T10:01:00+0700")


@pytest.mark.parametrize("clock", ["", "date: not found", "2026-11-23T10:01:00"])
def test_without_the_clock_of_the_host_it_is_missing(clock: str) -> None:
    with pytest.raises(Missing):
        by_secure(FAILED.format(minute=1, pid=1), clock)


@given(st.text(), st.text())
def test_any_text_gives_a_fact_or_is_missing(text: str, clock: str) -> None:
    for parse in (
        lambda: by_secure(f"Nov 23 10:00:00 srv sshd[9]: {text}", "2026-11-23T10:01:00+0700"),
        lambda: by_auth_log(text, clock),
        lambda: by_journal(KEPT, f"2026-11-23T09:05:12+0000 vm sshd[1]: Failed password for {text}"),
    ):
        with contextlib.suppress(Missing, Absent):
            parse()


def test_a_dictionary_attack_in_the_log_of_el_7() -> None:
    found = by_secure(real("el7/secure"), "2017-02-22T16:48:30-0500\n")

    assert found.accepted == ("69.245.39.97",)
    assert {one.address for one in found.sources} == {"202.109.143.106", "116.31.116.27"}
    assert found.failures == real("el7/secure").count("Failed password")
    assert all(one.before_success == 0 for one in found.sources)


def test_logins_with_a_key_on_ubuntu_20_04() -> None:
    found = by_auth_log(real("ubuntu2004/auth.log"), "2022-02-11T19:24:00+0000\n")

    assert (found.accepted, found.failures) == (("10.5.0.5",), 0)
