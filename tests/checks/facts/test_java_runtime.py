from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts.java_runtime import from_release_file
from checks.facts.spse_process import SpseProcess, SpseProcesses
from checks.source import FileText
from tests.checks.real import real
from tests.checks.trees import plant


def release(text: str) -> tuple[FileText, ...]:
    return (FileText("/usr/lib/jvm/java/release", text),)


def test_java_17_of_debian_tells_its_version_and_day() -> None:
    java = from_release_file(release(real("debian12/java-17-release")), ())

    assert (java.version, java.feature, java.released, java.vendor) == ("17.0.15", 17, date(2025, 4, 15), "Debian")


@pytest.mark.parametrize(
    ("version", "quarter"),
    [
        ("1.8.0_191", (2020, 1)),
        ("1.8.0_252", (2020, 4)),
        ("1.8.0_402", (2024, 1)),
        ("1.8.0_432", (2024, 10)),
        ("1.8.0_441", (2025, 1)),
        ("1.8.0_482", (2026, 1)),
    ],
)
def test_java_8_tells_its_quarter_by_its_update_number(version: str, quarter: tuple[int, int]) -> None:
    java = from_release_file((), release(f'JAVA_VERSION="{version}"\nOS_ARCH="amd64"\n'))

    assert java.feature == 8
    assert java.released is not None
    assert (java.released.year, java.released.month) == quarter


def test_the_release_file_beside_the_running_java_is_read(tmp_path: Path) -> None:
    plant(tmp_path, "/usr/local/src/jdk1.8.0/release", 'JAVA_VERSION="1.8.0_60"\n')
    host = LocalHost(str(tmp_path))
    running = SpseProcesses((SpseProcess(1, "root", "", "/usr/local/src/jdk1.8.0/jre/bin/java"),))
    own, above = (host.read(source.make(running)) for source in from_release_file.sources)

    assert from_release_file(own, above).version == "1.8.0_60"


def test_without_a_release_file_it_is_missing() -> None:
    for own in ((), release(""), release("JAVA_VERSION=best")):
        with pytest.raises(Missing):
            from_release_file(own, ())
    with pytest.raises(Missing):
        from_release_file.sources[0].make(SpseProcesses((SpseProcess(1, "spse", ""),)))


@pytest.mark.parametrize(
    ("java", "confirmed"), [("/tmp/*/bin/java", True), ("/a/../b/bin/java", True), ("/tmp/jdk/bin/java", False)]
)
def test_the_java_of_nobody_and_patterns_are_not_read(java: str, confirmed: bool) -> None:
    for source in from_release_file.sources:
        with pytest.raises(Missing):
            source.make(SpseProcesses((SpseProcess(1, "nobody", "", java, confirmed=confirmed),)))


@given(st.text())
def test_any_text_gives_a_version_or_missing(text: str) -> None:
    for content in (text, f'JAVA_VERSION="{text}"\nJAVA_VERSION_DATE="{text}"'):
        with contextlib.suppress(Missing):
            assert from_release_file(release(content), ()).feature > 0
