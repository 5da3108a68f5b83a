from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.security.libraries import TABLE, Flaw, flaws


def test_each_row_of_the_table_catches_its_first_version_and_spares_its_fix() -> None:
    for row in TABLE:
        assert row in flaws(f"{row.artifact}-{row.affected}.jar")
        if row.fixed:
            assert row not in flaws(f"{row.artifact}-{row.fixed}.jar")
            assert row in flaws(f"{row.artifact}-{row.fixed}-rc1.jar")


def cves(jar: str) -> list[str]:
    return [flaw.cve for flaw in flaws(jar)]


@pytest.mark.parametrize(
    ("jar", "found"),
    [
        ("log4j-core-2.14.1.jar", ["CVE-2021-44228"]),
        ("LOG4J-CORE-2.14.1.JAR", ["CVE-2021-44228"]),
        ("log4j-core-2.16.0.jar", ["CVE-2021-45105"]),
        ("log4j-core-2.17.1.jar", []),
        ("log4j-core-2.0-beta9.jar", ["CVE-2021-44228"]),
        ("log4j-1.2.17.jar", ["CVE-2019-17571"]),
        ("log4j-api-2.14.1.jar", []),
        ("postgresql-42.2.5.jre7.jar", ["CVE-2024-1597"]),
        ("postgresql-42.2.28.jre7.jar", []),
        ("postgresql-9.4-1206-jdbc42.jar", ["CVE-2024-1597"]),
        ("commons-fileupload-1.5.jar", ["CVE-2025-48976"]),
        ("commons-fileupload-1.2.jar", ["CVE-2016-1000031"]),
        ("snakeyaml-1.33.jar", ["CVE-2022-1471"]),
        ("snakeyaml-2.0.jar", []),
        ("spring-beans-5.3.0.jar", ["CVE-2022-22965"]),
    ],
)
def test_a_library_is_known_by_the_name_and_version_of_its_file(jar: str, found: list[str]) -> None:
    assert cves(jar) == found


@pytest.mark.parametrize("jar", ["log4j-core.jar", "play-lkpp.jar", "log4j-core-2.14.1.txt", "", "-1.jar", "1.2.3.jar"])
def test_a_file_without_library_and_version_in_its_name_says_nothing(jar: str) -> None:
    assert cves(jar) == []


@pytest.mark.parametrize("short", ["2", "2.0", "2.0.0"])
def test_zeros_at_the_end_of_a_version_mean_nothing(short: str) -> None:
    assert cves(f"snakeyaml-{short}.jar") == []


@pytest.mark.parametrize("early", ["2.17.1-rc1", "2.17.1-SNAPSHOT", "2.17.1.beta2"])
def test_what_came_before_a_release_is_older_than_it(early: str) -> None:
    assert cves(f"log4j-core-{early}.jar") == ["CVE-2021-45105"]


def test_numbers_are_compared_as_numbers() -> None:
    assert cves("log4j-core-2.9.1.jar") == ["CVE-2021-44228"]
    assert cves("jackson-databind-2.18.2.jar") == []


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.artifact}-{row.affected}")
def test_a_row_is_whole_and_its_range_is_one(row: Flaw) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", row.artifact)
    assert re.fullmatch(r"\d+(\.\d+)*", row.affected)
    assert re.fullmatch(r"(\d+(\.\d+)*)?", row.fixed)
    assert re.fullmatch(r"CVE-20\d\d-\d{4,7}", row.cve)
    numbers = [[int(part) for part in version.split(".")] for version in (row.affected, row.fixed) if version]
    assert numbers == sorted(numbers)


def test_no_row_stands_twice() -> None:
    assert len({(row.artifact, row.affected, row.cve) for row in TABLE}) == len(TABLE)


@given(st.text(max_size=40), st.text(alphabet="0123456789.-_vrc", max_size=12))
def test_any_name_of_a_file_is_looked_up_without_failing(name: str, version: str) -> None:
    for jar in (name, f"log4j-core-{version}.jar", f"{name}-{version}.jar"):
        assert all(flaw in TABLE for flaw in flaws(jar))
