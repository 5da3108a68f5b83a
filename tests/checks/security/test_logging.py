from __future__ import annotations

from datetime import timedelta

import pytest

from checks.fact import Missing
from checks.facts.auditd import Auditd, AuditRules
from checks.facts.journald import Journald
from checks.facts.log_files import LogAccess, LogRetention
from checks.facts.rsyslog import LogForwarding, LogServices
from checks.security import logging
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

ALL = ("identity", "modules", "network", "sudoers", "time")


def one(said: object) -> Verdict:
    assert isinstance(said, Verdict)
    return said


@pytest.mark.parametrize(
    ("running", "areas", "expected"),
    [(True, ALL, Status.PASS), (False, ALL, Status.FAIL), (True, ALL[:-1], Status.FAIL), (True, (), Status.FAIL)],
)
def test_auditd_must_run_and_cover_every_area(running: bool, areas: tuple[str, ...], expected: Status) -> None:
    assert one(logging.audit_daemon(Auditd(running), AuditRules(9, areas))).status is expected


@pytest.mark.parametrize(
    ("services", "journald", "expected"),
    [
        (LogServices(True, False), Journald("auto", True), Status.PASS),
        (LogServices(True, False), Journald("auto", False), Status.FAIL),
        (LogServices(True, True), Journald("volatile", True), Status.PASS),
        (LogServices(False, False), Journald("persistent", True), Status.FAIL),
        (LogServices(False, True), None, Status.PASS),
        (LogServices(False, False), None, Status.FAIL),
        (LogServices(True, True), Missing("denied"), Status.PASS),
        (LogServices(True, False), Missing("denied"), Status.UNKNOWN),
    ],
)
def test_logs_must_survive_a_reboot(
    services: LogServices, journald: Journald | Missing | None, expected: Status
) -> None:
    assert one(logging.logging_is_persistent(services, journald)).status is expected


@pytest.mark.parametrize(
    ("services", "forwarding", "expected"),
    [
        (LogServices(True, True), LogForwarding(1), Status.PASS),
        (LogServices(True, False), LogForwarding(1), Status.FAIL),
        (LogServices(True, True), LogForwarding(0), Status.FAIL),
        (LogServices(True, False), None, Status.FAIL),
        (LogServices(True, False, ("filebeat",)), None, Status.PASS),
    ],
)
def test_logs_must_leave_the_host(services: LogServices, forwarding: LogForwarding | None, expected: Status) -> None:
    assert one(logging.logs_leave_the_host(services, forwarding)).status is expected


def kept(system: int, *, installed: int | None = None, web: int | None = None) -> list[Status]:
    def ago(days: int | None):  # noqa: ANN202 - datetime | None
        return None if days is None else NOW - timedelta(days=days)

    said = logging.logs_are_kept(LogRetention(ago(system), ago(web), ago(installed)), NOW)
    assert not isinstance(said, Verdict)
    return [verdict.status for verdict in said]


def test_logs_must_reach_back_a_year_or_to_the_first_day_of_the_server() -> None:
    assert kept(366) == [Status.PASS]
    assert kept(28) == [Status.FAIL]
    assert kept(28, installed=40) == [Status.PASS]
    assert kept(28, installed=200) == [Status.FAIL]
    assert kept(366, web=14, installed=900) == [Status.PASS, Status.FAIL]


def test_open_logs_fail_and_those_that_are_public_on_purpose_do_not() -> None:
    public = ("/var/log/apt/history.log", "/var/log/dpkg.log", "/var/log/wtmp")

    assert one(logging.log_permissions(LogAccess(9, 3, 0, public))).status is Status.PASS
    assert one(logging.log_permissions(LogAccess(9, 4, 0, (*public, "/var/log/auth.log")))).status is Status.FAIL
    assert one(logging.log_permissions(LogAccess(9, 1, 1, (), ("/var/log/wtmp",)))).status is Status.FAIL


def test_a_list_that_was_cut_short_is_no_pass() -> None:
    assert one(logging.log_permissions(LogAccess(900, 90, 0, ("/var/log/dpkg.log",)))).status is Status.UNKNOWN
