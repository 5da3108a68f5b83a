from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Absent, Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.time_zone import java_time_zones, time_zone
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real


def java(*argv: str) -> ProcessTable:
    return ProcessTable((Process(9, 1, "java", "spse", "/usr/bin/java", False, argv, 0.0),))


@pytest.mark.parametrize(("name", "rule"), [("jakarta", "WIB-7"), ("utc", "UTC0"), ("bangkok", "<+07>-7")])
def test_the_rule_stands_at_the_end_of_the_zone_file(name: str, rule: str) -> None:
    assert time_zone(real(f"debian12/localtime-{name}")).rule == rule


@pytest.mark.parametrize("text", ["", "TZif2", "WIB-7\n", "TZif2...\nnonsense\n"])
def test_what_is_no_zone_file_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        time_zone(text)


def test_java_may_be_given_a_zone_of_its_own() -> None:
    assert java_time_zones(java("java", "-Xmx4g", "-Duser.timezone=UTC", "play.Main")).zones == ("UTC",)
    assert java_time_zones(java("java", "-Xmx4g", "play.Main")).zones == ("",)


def test_a_command_line_that_cannot_be_seen_is_missing() -> None:
    with pytest.raises(Missing):
        java_time_zones(java())


def test_a_host_without_java_is_absent() -> None:
    with pytest.raises(Absent):
        java_time_zones(ProcessTable(()))


@given(mixed("TZif", "2", "\n", "WIB-7", "<+07>-7", "\x00"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(time_zone, text)
