"""Versions of Java libraries with known vulnerabilities: the table behind K-APP-08.

Each row: artifact, first affected and first fixed version ("" where no version fixes it), CVE, and whether it is critical
(CVSS v3 of 9.0 or more, as the NVD or the GitHub advisory has it). Only libraries that Play 1, SPSE or programs around it
were seen to bundle. A version that several branches fixed has a row for each branch.
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


TABLE = (
    Flaw("c3p0", "0", "0.9.5.3", "CVE-2018-20433", critical=True),
    Flaw("commons-beanutils", "1", "1.11.0", "CVE-2025-48734"),
    Flaw("commons-collections", "3", "3.2.2", "CVE-2015-7501", critical=True),
    Flaw("commons-collections4", "4", "4.1", "CVE-2015-7501", critical=True),
    Flaw("commons-fileupload", "1", "1.3.3", "CVE-2016-1000031", critical=True),
    Flaw("commons-fileupload", "1.3.3", "1.5", "CVE-2023-24998"),
    Flaw("commons-fileupload", "1.5", "1.6.0", "CVE-2025-48976"),
    Flaw("commons-io", "2", "2.14.0", "CVE-2024-47554"),
    Flaw("commons-text", "1.5", "1.10.0", "CVE-2022-42889", critical=True),
    Flaw("dom4j", "1", "2.0.3", "CVE-2020-10683", critical=True),
    Flaw("dom4j", "2.1.0", "2.1.3", "CVE-2020-10683", critical=True),
    Flaw("fastjson", "1", "1.2.83", "CVE-2022-25845", critical=True),
    Flaw("groovy", "1.7", "2.4.4", "CVE-2015-3253", critical=True),
    Flaw("groovy-all", "1.7", "2.4.4", "CVE-2015-3253", critical=True),
    Flaw("h2", "1.1.100", "2.0.206", "CVE-2021-42392", critical=True),
    Flaw("jackson-databind", "2.0", "2.7.9.7", "CVE-2020-8840", critical=True),
    Flaw("jackson-databind", "2.8", "2.8.11.5", "CVE-2020-8840", critical=True),
    Flaw("jackson-databind", "2.9", "2.9.10.3", "CVE-2020-8840", critical=True),
    Flaw("log4j", "1", "", "CVE-2019-17571", critical=True),
    Flaw("log4j-core", "2.0", "2.3.2", "CVE-2021-44228", critical=True),
    Flaw("log4j-core", "2.4", "2.12.4", "CVE-2021-44228", critical=True),
    Flaw("log4j-core", "2.13", "2.16.0", "CVE-2021-44228", critical=True),
    Flaw("log4j-core", "2.16.0", "2.17.1", "CVE-2021-45105"),
    Flaw("logback-classic", "0", "1.2.0", "CVE-2017-5929", critical=True),
    Flaw("logback-core", "0", "1.2.0", "CVE-2017-5929", critical=True),
    Flaw("netty", "3", "", "CVE-2019-20444", critical=True),
    Flaw("netty-all", "4", "4.1.44", "CVE-2019-20444", critical=True),
    Flaw("netty-codec-http", "4", "4.1.44", "CVE-2019-20444", critical=True),
    Flaw("netty-codec-http2", "4.1", "4.1.124", "CVE-2025-55163"),
    Flaw("netty-codec-http2", "4.2", "4.2.4", "CVE-2025-55163"),
    Flaw("netty-handler", "4.1.91", "4.1.118", "CVE-2025-24970"),
    Flaw("postgresql", "0", "42.2.28", "CVE-2024-1597", critical=True),
    Flaw("postgresql", "42.3.0", "42.3.9", "CVE-2024-1597", critical=True),
    Flaw("postgresql", "42.4.0", "42.4.4", "CVE-2024-1597", critical=True),
    Flaw("postgresql", "42.5.0", "42.5.5", "CVE-2024-1597", critical=True),
    Flaw("postgresql", "42.6.0", "42.6.1", "CVE-2024-1597", critical=True),
    Flaw("postgresql", "42.7.0", "42.7.2", "CVE-2024-1597", critical=True),
    Flaw("postgresql", "42.7.4", "42.7.7", "CVE-2025-49146"),
    Flaw("postgresql", "42.7.7", "42.7.12", "CVE-2026-54291"),
    Flaw("snakeyaml", "1", "2.0", "CVE-2022-1471"),
    Flaw("spring-beans", "3", "5.2.20", "CVE-2022-22965", critical=True),
    Flaw("spring-beans", "5.3", "5.3.18", "CVE-2022-22965", critical=True),
    Flaw("struts2-core", "2.0", "6.4.0", "CVE-2024-53677", critical=True),
    Flaw("xstream", "1", "1.4.16", "CVE-2021-21345", critical=True),
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
