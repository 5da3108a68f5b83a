from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Absent, Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.time_sync import chrony, ntp, time_daemons, timesyncd
from tests.checks.facts.fuzzing import TEXT, gives_or_says_why, mixed
from tests.checks.real import real

TRACKING, SOURCES = real("debian12/chronyc-tracking.csv"), real("debian12/chronyc-sources.csv")


def table(*names: str) -> ProcessTable:
    return ProcessTable(tuple(Process(n, 1, name, "root", "", False, (name,), 0.0) for n, name in enumerate(names, 1)))


def test_daemons_are_counted_once_and_by_their_full_name() -> None:
    assert time_daemons(table("chronyd", "chronyd", "sshd")).running == ("chronyd",)
    assert time_daemons(table("systemd-timesyn", "ntpd")).running == ("ntpd", "systemd-timesyncd")


def test_a_host_without_time_daemon_is_absent() -> None:
    with pytest.raises(Absent):
        time_daemons(table("sshd"))


def test_chrony_says_its_offset_and_which_sources_answer() -> None:
    found = chrony(TRACKING, SOURCES)

    assert found.offset == pytest.approx(-0.000005, abs=1e-6)
    assert (found.sources, found.reachable, found.stratum) == (3, 2, 2)


def test_chrony_that_has_not_chosen_a_source_has_no_offset() -> None:
    found = chrony(real("debian12/chronyc-tracking-starting.csv"), SOURCES)

    assert found.offset is None
    assert found.stratum is None


def test_chrony_that_follows_its_own_clock_is_not_synchronised() -> None:
    own = TRACKING.replace("7F00000C,127.0.0.12,3,", "7F7F0101,,10,")

    assert chrony(own, "").offset is None


def test_a_falseticker_does_not_count() -> None:
    assert chrony(TRACKING, SOURCES.replace("^,+,", "^,x,")).reachable == 1


def test_ntpd_says_milliseconds() -> None:
    found = ntp(real("el7/ntpq-pn.txt"))

    assert found.offset == pytest.approx(0.001939)
    assert (found.sources, found.reachable, found.stratum) == (4, 4, 1)


def test_ntpd_that_reaches_nobody_is_not_synchronised() -> None:
    found = ntp(real("el7/ntpq-pn-init.txt"))

    assert (found.offset, found.sources, found.reachable) == (None, 1, 0)


def test_the_clock_of_the_host_itself_is_no_source() -> None:
    own = (
        real("el7/ntpq-pn-init.txt")
        + "*127.127.1.0     .LOCL.          10 l   12   64  377    0.000    0.000   0.000\n"
    )

    assert ntp(own).offset is None
    assert ntp(own).sources == 1


def test_timesyncd_follows_one_server() -> None:
    found = timesyncd(real("linux/timesync-status-no-answer.txt").replace("(null)", "203.0.113.1"))

    assert found.offset == pytest.approx(-1.087495)
    assert (found.sources, found.reachable, found.stratum) == (1, 1, 2)


def test_timesyncd_without_an_answer_is_not_synchronised() -> None:
    assert timesyncd(real("linux/timesync-status-no-answer.txt")).offset is None


@pytest.mark.parametrize("text", ["", "506 Cannot talk to daemon\n", "Failed to query server\n"])
def test_a_daemon_that_says_nothing_is_missing(text: str) -> None:
    for ask in (lambda: chrony(text, ""), lambda: ntp(text), lambda: timesyncd(text)):
        with pytest.raises(Missing):
            ask()


@given(mixed("^,*,", "a,", "3,", "1,", "377,", "0.1,", "Normal", "\n"), TEXT)
def test_any_answer_gives_the_fact_or_says_why_not(text: str, other: str) -> None:
    gives_or_says_why(chrony, text, text)
    gives_or_says_why(chrony, TRACKING, text)
    gives_or_says_why(chrony, other, SOURCES)
    gives_or_says_why(timesyncd, other)


@given(mixed("     remote refid\n===\n", "*1.2.3.4 ", "5.6.7.8 ", "2 ", "u ", "377 ", "0.1 ", "\n"))
def test_any_table_of_ntpq_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(ntp, text)


@given(mixed("Server: a\n", "Packet count: 3\n", "Offset: ", "+1.5ms", "\n", "Stratum: ", "2", "1min "))
def test_any_status_of_timesyncd_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(timesyncd, text)
