from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.local import LocalHost
from checks.fact import Absent, Missing
from checks.facts.waf import WafEngine, debian, red_hat, rules
from checks.source import FileStat


def test_packages_of_both_families_tell_their_version() -> None:
    assert debian("ii libapache2-mod-security2 2.9.7-1+deb12u2\n") == WafEngine("libapache2-mod-security2", "2.9.7")
    assert red_hat("mod_security 2.9.6-2.el9\npackage libmodsecurity is not installed\n").version == "2.9.6"
    assert red_hat("package mod_security is not installed\nlibmodsecurity 3.0.14-1.el9\n").package == "libmodsecurity"


def test_this_debian_says_whether_it_has_one() -> None:
    with contextlib.suppress(Absent):
        assert debian(LocalHost().read(debian.sources[0])).version[0] in "23"  # type: ignore[arg-type]


def test_no_package_is_absent() -> None:
    for read, printed in (
        (debian, ""),
        (debian, "rc libapache2-mod-security2 2.9.7-1\n"),
        (red_hat, "package x is not installed\n"),
    ):
        with pytest.raises(Absent):
            read(printed)


def test_the_newest_rule_counts() -> None:
    stats = tuple(FileStat(f"/r/{day}.conf", "file", 0o644, 0, 0, 1, day * 86400.0) for day in (10, 20000))

    assert rules(stats).newest == datetime(2024, 10, 4, tzinfo=UTC)
    assert rules(stats).files == 2


@given(st.text())
def test_any_output_gives_a_version_or_says_why_not(printed: str) -> None:
    for read, text in ((debian, f"ii {printed}"), (red_hat, printed)):
        with contextlib.suppress(Absent, Missing):
            assert read(text).version[0].isdigit()
