"""Versions of Java libraries with known vulnerabilities: the table behind K-APP-08.

Each row: CVE, artifacts, ranges of first affected and first fixed version ("" where no version fixes it), and whether
it is critical (CVSS v3 of 9.0 or more, as the NVD or the GitHub advisory has it). Only libraries that Play 1, SPSE or
programs around it were seen to bundle. What several branches fixed has a range for each branch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NAME = re.compile(r"(.+?)[-_]v?(\d+(?:\.\d+)*)[-.]?(.*)\.jar", re.IGNORECASE)
BEFORE = re.compile(r"(?:alpha|beta|rc|m|cr|pre|snapshot|b)[-.]?\d*", re.IGNORECASE)


@dataclass(frozen=True)
class Flaw:
    """One range of versions with a known vulnerability."""

    artifact: str
    affected: str
    fixed: str
    cve: str
    critical: bool = False


def _flaws(cve: str, artifacts: str, *ranges: tuple[str, str], critical: bool = False) -> Iterator[Flaw]:
    """The rows of one vulnerability: each of the `artifacts` in each range, from affected to fixed."""
    for artifact in artifacts.split():
        for affected, fixed in ranges:
            yield Flaw(artifact, affected, fixed, cve, critical)


TABLE = (
    *_flaws("CVE-2018-20433", "c3p0", ("0", "0.9.5.3"), critical=True),
    *_flaws("CVE-2025-48734", "commons-beanutils", ("1", "1.11.0")),
    *_flaws("CVE-2015-7501", "commons-collections", ("3", "3.2.2"), critical=True),
    *_flaws("CVE-2015-7501", "commons-collections4", ("4", "4.1"), critical=True),
    *_flaws("CVE-2016-1000031", "commons-fileupload", ("1", "1.3.3"), critical=True),
    *_flaws("CVE-2023-24998", "commons-fileupload", ("1.3.3", "1.5")),
    *_flaws("CVE-2025-48976", "commons-fileupload", ("1.5", "1.6.0")),
    *_flaws("CVE-2024-47554", "commons-io", ("2", "2.14.0")),
    *_flaws("CVE-2022-42889", "commons-text", ("1.5", "1.10.0"), critical=True),
    *_flaws("CVE-2020-10683", "dom4j", ("1", "2.0.3"), ("2.1.0", "2.1.3"), critical=True),
    *_flaws("CVE-2022-25845", "fastjson", ("1", "1.2.83"), critical=True),
    *_flaws("CVE-2015-3253", "groovy groovy-all", ("1.7", "2.4.4"), critical=True),
    *_flaws("CVE-2021-42392", "h2", ("1.1.100", "2.0.206"), critical=True),
    *_flaws(
        "CVE-2020-8840", "jackson-databind", ("2.0", "2.7.9.7"), ("2.8", "2.8.11.5"), ("2.9", "2.9.10.3"), critical=True
    ),
    *_flaws("CVE-2019-17571", "log4j", ("1", ""), critical=True),
    *_flaws("CVE-2021-44228", "log4j-core", ("2.0", "2.3.2"), ("2.4", "2.12.4"), ("2.13", "2.16.0"), critical=True),
    *_flaws("CVE-2021-45105", "log4j-core", ("2.16.0", "2.17.1")),
    *_flaws("CVE-2017-5929", "logback-classic logback-core", ("0", "1.2.0"), critical=True),
    *_flaws("CVE-2019-20444", "netty", ("3", ""), critical=True),
    *_flaws("CVE-2019-20444", "netty-all netty-codec-http", ("4", "4.1.44"), critical=True),
    *_flaws("CVE-2025-55163", "netty-codec-http2", ("4.1", "4.1.124"), ("4.2", "4.2.4")),
    *_flaws("CVE-2025-24970", "netty-handler", ("4.1.91", "4.1.118")),
    *_flaws(
        "CVE-2024-1597",
        "postgresql",
        ("0", "42.2.28"),
        ("42.3.0", "42.3.9"),
        ("42.4.0", "42.4.4"),
        ("42.5.0", "42.5.5"),
        ("42.6.0", "42.6.1"),
        ("42.7.0", "42.7.2"),
        critical=True,
    ),
    *_flaws("CVE-2025-49146", "postgresql", ("42.7.4", "42.7.7")),
    *_flaws("CVE-2026-54291", "postgresql", ("42.7.7", "42.7.12")),
    *_flaws("CVE-2022-1471", "snakeyaml", ("1", "2.0")),
    *_flaws("CVE-2022-22965", "spring-beans", ("3", "5.2.20"), ("5.3", "5.3.18"), critical=True),
    *_flaws("CVE-2024-53677", "struts2-core", ("2.0", "6.4.0"), critical=True),
    *_flaws("CVE-2021-21345", "xstream", ("1", "1.4.16"), critical=True),
)


def flaws(jar: str) -> Iterator[Flaw]:
    """The known flaws of the library in a file called `jar`; none where its name tells no version."""
    match = NAME.fullmatch(jar)
    if match is None:
        return
    version = _parts(match[2])
    early = bool(BEFORE.fullmatch(match[3]))  # a release candidate is older than its release
    for flaw in TABLE:
        if flaw.artifact == match[1].lower() and _within(version, early, flaw):
            yield flaw


def _within(version: tuple[int, ...], early: bool, flaw: Flaw) -> bool:
    fixed = _parts(flaw.fixed) if flaw.fixed else None
    return _parts(flaw.affected) <= version and (fixed is None or version < fixed or (early and version == fixed))


def _parts(version: str) -> tuple[int, ...]:
    """`version` for comparing, without the zeros at its end: 2.0 is 2."""
    parts = [int(part) for part in version.split(".")]
    while parts and not parts[-1]:
        parts.pop()
    return tuple(parts)
