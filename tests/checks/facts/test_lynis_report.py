from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given

from agent.history import History
from agent.hosts.local import LocalHost
from agent.hosts.remembering import RememberingHost, remember, series
from agent.survey import Survey
from checks.fact import Missing, Snapshot
from checks.facts.lynis_report import REPORT, LynisReport, lynis_report_alone
from checks.source import FileStat
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import NOW, real
from tests.checks.trees import plant

TEXT = real("debian12/lynis-report.dat")
FOUND = (FileStat(REPORT, "file", 0o640, 0, 0, len(TEXT), NOW.timestamp()),)


def test_index_and_tests_of_a_real_report_are_read() -> None:
    assert lynis_report_alone(TEXT, FOUND) == LynisReport(63, NOW, 265)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("finish=true", ""),
        ("hardening_index=63", "hardening_index=163"),
        ("hardening_index=63", ""),
        ("lynis_tests_done=265", "lynis_tests_done=12"),
        ("test_group=all", "test_group=ssh"),
    ],
)
def test_a_scan_that_was_cut_short_or_of_some_tests_only_is_missing(was: str, becomes: str) -> None:
    with pytest.raises(Missing):
        lynis_report_alone(TEXT.replace(was, becomes), FOUND)


def test_an_agent_remembers_the_best_index_of_its_host(tmp_path: Path) -> None:
    plant(tmp_path, REPORT, TEXT)
    memory = History(tmp_path / "history.db", 400)
    for day, index in enumerate((71, 80, 64)):
        at = datetime(2026, 11, 1 + day, tzinfo=UTC)
        remember(memory, series([LynisReport]), Snapshot({LynisReport: LynisReport(index, at, 265)}), at)
    fact = Survey(RememberingHost(LocalHost(str(tmp_path)), memory, NOW.timestamp)).outcome(LynisReport).fact
    assert isinstance(fact, LynisReport)
    assert (fact.index, fact.best) == (63, 80)


def test_without_a_memory_the_report_alone_is_read(tmp_path: Path) -> None:
    assert Survey(LocalHost(str(tmp_path))).outcome(LynisReport).absent is not None
    plant(tmp_path, REPORT, TEXT)
    fact = Survey(LocalHost(str(tmp_path))).outcome(LynisReport).fact
    assert isinstance(fact, LynisReport)
    assert fact.best is None


@given(mixed("hardening_index=", "lynis_tests_done=", "finish=true", "\n", "70", "265"))
def test_any_text_gives_a_report_or_says_why(text: str) -> None:
    gives_or_says_why(lynis_report_alone, text, FOUND)
