from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.rootkit_scan import chkrootkit, rkhunter
from checks.source import FileStat
from tests.checks.real import NOW, real

RKHUNTER, CHKROOTKIT = real("debian12/rkhunter.log"), real("debian12/chkrootkit.txt")
LOG = (FileStat("/var/log/rkhunter.log", "file", 0o640, 0, 4, 9000, (NOW - timedelta(days=1)).timestamp()),)


def test_rkhunter_on_a_clean_host_warns_without_rootkits() -> None:
    seen = rkhunter(RKHUNTER, LOG)

    assert (seen.tool, seen.at, seen.rootkits) == ("rkhunter", NOW - timedelta(days=1), 0)
    assert seen.warnings == 8


def test_rkhunter_that_finds_something_says_so() -> None:
    assert rkhunter(RKHUNTER.replace("Possible rootkits: 0", "Possible rootkits: 2"), LOG).rootkits == 2


def test_chkrootkit_on_a_clean_host_warns_without_infections() -> None:
    seen = chkrootkit(CHKROOTKIT, LOG)

    assert (seen.tool, seen.rootkits) == ("chkrootkit", 0)
    assert seen.warnings > 0


def test_chkrootkit_that_finds_something_says_so() -> None:
    assert chkrootkit(CHKROOTKIT + "Checking `ls'...      INFECTED\n", LOG).rootkits == 1


@pytest.mark.parametrize("text", ["", "[08:55:05] Running Rootkit Hunter version 1.4.6 on vm\n"])
def test_a_scan_that_did_not_end_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        rkhunter(text, LOG)
    with pytest.raises(Missing):
        chkrootkit(text, LOG)


@given(st.text())
def test_any_text_gives_a_fact_or_is_missing(text: str) -> None:
    for parse in (rkhunter, chkrootkit):
        with contextlib.suppress(Missing, Absent):
            parse(text, LOG)
