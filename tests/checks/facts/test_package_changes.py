from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.package_changes import dpkg, rpm
from checks.source import FileText
from tests.checks.real import real

DPKG = real("debian12/dpkg.log")
QUIET = "2026-11-23 08:50:05 status installed libc-bin:amd64 2.36-9+deb12u14\n"


def test_debian_12_days_with_changes_are_counted_by_package() -> None:
    days = dpkg(DPKG, ()).days

    assert days
    assert all(day.packages >= len(day.names) > 0 for day in days)


def test_only_changes_count_not_states() -> None:
    assert dpkg(QUIET, ()).days == ()


def test_the_rotated_log_is_read_too() -> None:
    rotated = FileText("/var/log/dpkg.log.1", "2026-11-20 10:00:00 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1\n")

    assert dpkg("", (rotated,)).days[0].day == date(2026, 11, 20)
    assert dpkg("", (rotated,)).days[0].names == ("nginx",)


def test_el_9_and_el_10_print_different_dates() -> None:
    assert [(one.day, one.packages) for one in rpm(real("el9/rpm-qa-last.txt")).days] == [(date(2024, 9, 30), 4)]
    assert rpm(real("el10/rpm-qa-last.txt")).days[0].names == ("wazuh-dashboard", "wazuh-manager")


@pytest.mark.parametrize("text", ["", "\n", "hello"])
def test_a_log_that_is_empty_or_strange_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        dpkg(text, ())
    with pytest.raises(Missing):
        rpm(text)


@given(st.text())
def test_any_text_gives_a_fact_or_is_missing(text: str) -> None:
    for parse in (lambda: dpkg(f"2026-13-45 00:00:00 install {text}", ()), lambda: rpm(text)):
        with contextlib.suppress(Missing, Absent):
            parse()
