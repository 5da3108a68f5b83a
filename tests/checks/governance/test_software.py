from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from checks.fact import Missing
from checks.facts.java_runtime import JavaRuntime
from checks.facts.os_release import OsRelease
from checks.facts.postgres_majors import PostgresMajors
from checks.facts.web_software import WebPart, WebSoftware
from checks.governance.software import components_are_supported
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

BOOKWORM = OsRelease("debian", "12", "Debian GNU/Linux 12 (bookworm)")
CENTOS = OsRelease("centos", "7", "CentOS Linux 7 (Core)")
JAVA = JavaRuntime("21.0.5", 21, date(2024, 10, 15))
PG15 = PostgresMajors(("15",))


def said(
    system: OsRelease = BOOKWORM, java: JavaRuntime | None = None, database: PostgresMajors | None = None,
    *parts: WebPart, days: int = 0, **thresholds: Any,
) -> dict[str, Verdict]:  # fmt: skip
    web = WebSoftware(parts) if parts else None
    seen = components_are_supported(system, java, database, web, NOW + timedelta(days=days), **thresholds)
    assert not isinstance(seen, Verdict)
    return {one.subject: one for one in seen}


def status(subject: str, *arguments: Any, **thresholds: Any) -> Status:
    return said(*arguments, **thresholds)[subject].status


def part(product: str, version: str, *, distribution: bool = False) -> WebPart:
    return WebPart(product, product, version, distribution)


def test_every_component_in_use_is_judged_by_itself() -> None:
    seen = said(BOOKWORM, JAVA, PG15, part("nginx", "1.22.1", distribution=True), part("modsecurity", "2.6.5"))

    assert {subject: one.status for subject, one in seen.items()} == {
        "os": Status.PASS,
        "java": Status.PASS,
        "postgresql": Status.PASS,
        "nginx": Status.PASS,
        "modsecurity": Status.FAIL,
    }


def test_one_component_that_could_not_be_read_leaves_the_others_judged() -> None:
    web = WebSoftware((part("modsecurity", "2.6.5"),))
    verdicts = components_are_supported(BOOKWORM, Missing("java did not end within 10 s"), PG15, web, NOW)
    assert not isinstance(verdicts, Verdict)
    seen = {one.subject: one for one in verdicts}

    assert {subject: one.status for subject, one in seen.items()} == {
        "java": Status.UNKNOWN, "os": Status.PASS, "postgresql": Status.PASS, "modsecurity": Status.FAIL
    }  # fmt: skip
    assert seen["java"].measured == "java did not end within 10 s"


def test_a_package_of_the_distribution_lives_as_long_as_the_distribution() -> None:
    old = part("apache", "2.4.6", distribution=True)

    assert status("apache", CENTOS, None, None, old) is Status.FAIL
    assert status("apache", BOOKWORM, None, None, old) is Status.PASS


@pytest.mark.parametrize(
    ("product", "version", "expected"),
    [
        ("apache", "2.4.62", Status.PASS),
        ("apache", "2.2.15", Status.FAIL),
        ("apache", "1.2.6", Status.FAIL),
        ("apache", "2.6.0", Status.UNKNOWN),
        ("nginx", "1.30.4", Status.PASS),
        ("nginx", "1.26.3", Status.FAIL),
        ("nginx", "1.10.2", Status.FAIL),
        ("nginx", "1.99.0", Status.UNKNOWN),
        ("haproxy", "3.3.9", Status.WARN),
        ("haproxy", "2.8.5", Status.PASS),
        ("haproxy", "2.3.0", Status.UNKNOWN),
        ("modsecurity", "2.9.7", Status.PASS),
        ("modsecurity", "", Status.UNKNOWN),
    ],
)
def test_what_came_from_its_makers_lives_as_long_as_their_branch(product: str, version: str, expected: Status) -> None:
    assert status(product, BOOKWORM, None, None, part(product, version)) is expected


def test_java_and_postgresql_past_their_end_fail() -> None:
    assert status("postgresql", BOOKWORM, None, PostgresMajors(("10",))) is Status.FAIL
    assert status("postgresql", BOOKWORM, None, PostgresMajors(("9.6",))) is Status.FAIL
    assert status("postgresql", BOOKWORM, None, PostgresMajors(("8.4",))) is Status.FAIL
    assert status("postgresql", BOOKWORM, None, PostgresMajors(("99",))) is Status.UNKNOWN
    assert status("java", BOOKWORM, JavaRuntime("12.0.1", 12, None)) is Status.FAIL


def test_an_unknown_system_is_unknown() -> None:
    assert status("os", OsRelease("slackware", "15")) is Status.UNKNOWN


def test_a_table_too_old_cannot_say_that_anything_is_supported() -> None:
    seen = said(BOOKWORM, None, None, part("nginx", "1.30.4"), part("modsecurity", "2.6.5"), days=401)

    assert {subject: one.status for subject, one in seen.items()} == {
        "os": Status.UNKNOWN,
        "nginx": Status.UNKNOWN,
        "modsecurity": Status.FAIL,
    }
    assert "2026-11-23" in words(seen["os"].measured, "en")


def test_policy_may_add_rows_and_say_when_they_were_compared() -> None:
    assert (
        status("haproxy", BOOKWORM, None, None, part("haproxy", "2.3.0"), also=("haproxy 2.3 2030-01-01",))
        is Status.PASS
    )
    assert status("apache", BOOKWORM, None, None, part("apache", "2.6.0"), also=("apache 2.6 -",)) is Status.PASS
    assert status("os", CENTOS, also=("centos 7 2030-06-30",)) is Status.PASS
    assert status("os", days=401, table_date="2027-12-01") is Status.PASS
