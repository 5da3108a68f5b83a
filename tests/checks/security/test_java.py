from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from checks.facts.jars import Jars
from checks.facts.java_runtime import JavaRuntime, from_release_file
from checks.facts.spse_instances import SpseInstances
from checks.security.java import end_of_life, java_supported, no_known_vulnerability, quarters_behind
from checks.source import FileText
from checks.verdict import Status, Verdict
from tests.checks.real import NOW, real
from tests.checks.spse import instance

SPSE = SpseInstances((instance(),))


def judged(java: JavaRuntime, now: datetime = NOW) -> Verdict:
    verdict = java_supported(java, now)
    assert isinstance(verdict, Verdict)
    return verdict


def test_java_17_of_april_2025_is_too_old_in_november_2026_but_was_not_in_november_2025() -> None:
    java = from_release_file((FileText("/j/release", real("debian12/java-17-release")),), ())

    assert (judged(java).status, judged(java).value) == (Status.FAIL, 6)
    assert judged(java, datetime(2025, 11, 1, tzinfo=UTC)).status is Status.PASS


@pytest.mark.parametrize(
    ("java", "status"),
    [
        (JavaRuntime("21.0.9", 21, date(2026, 7, 21)), Status.PASS),
        (JavaRuntime("1.8.0_60", 8, date(2020, 1, 21)), Status.FAIL),
        (JavaRuntime("1.7.0_80", 7, None), Status.FAIL),
        (JavaRuntime("20.0.2", 20, date(2023, 7, 18)), Status.FAIL),
        (JavaRuntime("26.0.1", 26, date(2026, 10, 20)), Status.FAIL),
        (JavaRuntime("17", 17, None), Status.UNKNOWN),
    ],
)
def test_java_must_be_supported_and_mended(java: JavaRuntime, status: Status) -> None:
    assert judged(java).status is status


def test_the_end_of_support_is_announced() -> None:
    java = JavaRuntime("17.0.20", 17, date(2027, 7, 20))

    assert judged(java, datetime(2027, 8, 1, tzinfo=UTC)).status is Status.WARN


def test_releases_without_long_support_end_with_the_next_one() -> None:
    assert [(end_of_life(n).year, end_of_life(n).month) for n in (9, 10, 20, 22, 24, 26)] == [
        (2018, 3), (2018, 9), (2023, 9), (2024, 9), (2025, 9), (2026, 9),
    ]  # fmt: skip


def test_quarterly_updates_are_counted_after_the_version() -> None:
    assert quarters_behind(date(2025, 4, 15), date(2025, 7, 14)) == 0
    assert quarters_behind(date(2025, 4, 15), date(2025, 7, 15)) == 1
    assert quarters_behind(date(2025, 4, 15), date(2026, 11, 23)) == 6


def judged_jars(*names: str, total: int | None = None) -> Verdict:
    verdict = no_known_vulnerability(SPSE, Jars(names, total or len(names)))
    assert isinstance(verdict, Verdict)
    return verdict


@pytest.mark.parametrize(
    "jar",
    [
        "log4j-core-2.14.1.jar", "log4j-core-2.0-beta9.jar", "log4j-core-2.3.1.jar", "log4j-1.2.17.jar",
        "commons-fileupload-1.2.jar", "commons-collections-3.2.1.jar", "commons-collections4-4.0.jar",
        "postgresql-9.4-1206-jdbc42.jar", "postgresql-42.7.1.jar", "postgresql-42.2.5.jre7.jar", "netty-3.6.1.Final.jar",
        "fastjson-1.2.47.jar", "struts2-core-2.3.34.jar", "h2-1.4.200.jar", "groovy-all-2.3.6.jar", "c3p0-0.9.5-pre8.jar",
        "jackson-databind-2.9.10.jar", "dom4j-1.6.1.jar",
    ],
)  # fmt: skip
def test_critical_libraries_fail(jar: str) -> None:
    verdict = judged_jars(jar, "harmless-1.0.jar")

    assert verdict.status is Status.FAIL
    assert "CVE-" in str(verdict.measured)


@pytest.mark.parametrize(
    "jar",
    [
        "log4j-core-2.17.1.jar", "log4j-core-2.12.4.jar", "log4j-core-2.3.2.jar", "log4j-api-2.14.1.jar",
        "commons-collections-3.2.2.jar", "commons-collections4-4.4.jar", "postgresql-42.2.28.jar", "postgresql-42.7.12.jar",
        "postgresql-42.7.2.jar", "jackson-databind-2.18.2.jar", "h2-2.3.232.jar", "groovy-4.0.25.jar", "snakeyaml-2.4.jar",
        "reload4j-1.2.25.jar", "no-version.jar", "play-lkpp.jar", "netty-all-4.1.44.Final.jar",
    ],
)  # fmt: skip
def test_mended_libraries_pass(jar: str) -> None:
    assert judged_jars(jar).status is Status.PASS


def test_libraries_of_the_published_fork_are_not_critical_but_three_need_a_look() -> None:
    verdict = judged_jars(
        "commons-fileupload-1.5.jar", "commons-beanutils-1.10.0.jar", "postgresql-42.7.5.jar", "log4j-core-2.24.3.jar",
        "netty-handler-4.2.3.Final.jar", "commons-io-2.18.0.jar", "commons-text-1.13.0.jar",
    )  # fmt: skip

    assert verdict.status is Status.WARN
    assert str(verdict.measured).count("CVE-") == 3


def test_what_was_not_seen_is_not_passed() -> None:
    assert judged_jars("a-1.jar", total=500).status is Status.UNKNOWN
    assert judged_jars("log4j-core-2.14.1.jar", total=500).status is Status.FAIL
    verdict = no_known_vulnerability(SPSE, None)
    assert isinstance(verdict, Verdict)
    assert verdict.status is Status.UNKNOWN
