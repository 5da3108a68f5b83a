from __future__ import annotations

from collections.abc import Iterable

import pytest

from checks.fact import Missing
from checks.facts.time_sync import TimeDaemons, TimeSync, chrony, ntp, timesyncd
from checks.facts.time_zone import JavaTimeZones, TimeZone
from checks.security import time
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import real

PASS, WARN, FAIL = Status.PASS, Status.WARN, Status.FAIL


def one(said: object) -> Verdict:
    assert isinstance(said, Verdict)
    return said


def zones(system: str, *java: str) -> list[Status]:
    said = time.time_zone(TimeZone(system), JavaTimeZones(java) if java else None)
    assert isinstance(said, Iterable)
    return [verdict.status for verdict in said]


def test_one_daemon_passes_two_fail_and_none_fails() -> None:
    assert one(time.one_time_daemon(TimeDaemons(("chronyd",)))).status is PASS
    assert one(time.one_time_daemon(TimeDaemons(("chronyd", "ntpd")))).status is FAIL
    assert time.one_time_daemon.absent is FAIL


@pytest.mark.parametrize(
    ("offset", "status"),
    [(0.0001, PASS), (-0.0001, PASS), (0.5, WARN), (-1.9, WARN), (2.0, FAIL), (-7200.0, FAIL), (None, FAIL)],
)
def test_the_offset_counts_in_both_directions(offset: float | None, status: Status) -> None:
    assert one(time.clock_offset(TimeSync("chronyd", offset, 2, 4, 4))).status is status


@pytest.mark.parametrize(
    ("stratum", "reachable", "status"), [(2, 2, PASS), (4, 4, PASS), (5, 4, FAIL), (2, 1, FAIL), (None, 2, FAIL)]
)
def test_two_sources_of_a_sane_stratum_are_wanted(stratum: int | None, reachable: int, status: Status) -> None:
    assert one(time.time_sources(TimeSync("chronyd", 0.0, stratum, 4, reachable))).status is status


def test_real_daemons_are_judged() -> None:
    good = chrony(real("debian12/chronyc-tracking.csv"), real("debian12/chronyc-sources.csv"))
    lost = ntp(real("el7/ntpq-pn-init.txt"))
    single = timesyncd(real("linux/timesync-status-no-answer.txt").replace("(null)", "203.0.113.1"))

    assert [one(time.clock_offset(sync)).status for sync in (good, lost, single)] == [PASS, FAIL, WARN]
    assert [one(time.time_sources(sync)).status for sync in (good, lost, single)] == [PASS, FAIL, FAIL]


@pytest.mark.parametrize(
    ("rule", "status"), [("WIB-7", PASS), ("WITA-8", PASS), ("WIT-9", PASS), ("UTC0", FAIL), ("<+07>-7", FAIL)]
)
def test_only_indonesian_zones_pass(rule: str, status: Status) -> None:
    assert zones(rule) == [status]


def test_java_must_keep_the_zone_of_the_system() -> None:
    assert zones("WIB-7", "") == [PASS, PASS]
    assert zones("WIB-7", "", "Asia/Jakarta") == [PASS, PASS]
    assert zones("WIB-7", "UTC") == [PASS, FAIL]
    assert zones("WIB-7", "Asia/Makassar") == [PASS, FAIL]
    assert zones("UTC0", "") == [FAIL, FAIL]
    assert zones("UTC0", "Asia/Jakarta") == [FAIL, FAIL]


def test_without_a_time_daemon_the_offset_is_unknown_and_the_failure_is_that_of_the_daemon() -> None:
    offset, sources = one(time.clock_offset(None)), one(time.time_sources(None))

    assert offset.status is Status.UNKNOWN
    assert "K-TIME-01" in words(offset.measured, "id")
    assert sources.status is FAIL
    assert sources.value == 0


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("UTC0", "UTC"), ("WIB-7", "WIB (UTC+7)"), ("<+07>-7", "UTC+7"), ("GMT0", "GMT (UTC)"), ("IST-5:30", "IST (UTC+5:30)"),
        ("EST5EDT,M3.2.0,M11.1.0", "EST (UTC-5)"), ("<-03>3", "UTC-3"), ("<+0530>-5:30", "UTC+5:30"),
    ],
)  # fmt: skip
def test_a_zone_is_named_as_people_call_it(rule: str, name: str) -> None:
    assert time.zone_name(rule) == name


def test_a_zone_outside_indonesia_is_told_with_what_is_wanted() -> None:
    verdicts = time.time_zone(TimeZone("UTC0"), JavaTimeZones(("Asia/Jakarta",)))

    assert [(words(said.measured, "id"), words(said.expected, "id")) for said in verdicts] == [  # type: ignore[union-attr]
        ("UTC", "WIB, WITA, atau WIT"),
        ("-Duser.timezone=Asia/Jakarta", "WIB, WITA, atau WIT"),
    ]


def test_a_zone_of_java_that_could_not_be_read_leaves_the_systems_own_judged() -> None:
    system, java = time.time_zone(TimeZone("UTC0"), Missing("the processes of other users are hidden"))  # type: ignore[misc]

    assert (system.subject, system.status, java.subject, java.status) == ("OS", Status.FAIL, "JVM", Status.UNKNOWN)
