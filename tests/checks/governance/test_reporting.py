from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from checks.check import Check
from checks.evaluate import evaluate
from checks.fact import Snapshot
from checks.facts.reporting import Agreement, Coverage, Heartbeat, ReportChain
from checks.governance import reporting
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


def verdict(said: object) -> Verdict:
    assert isinstance(said, Verdict)
    return said


def before(**ago: float) -> datetime:
    return NOW - timedelta(**ago)


@pytest.mark.parametrize(
    ("silent", "expected"), [(0, Status.PASS), (600, Status.PASS), (601, Status.FAIL), (86400, Status.FAIL)]
)
def test_a_server_is_heard_until_policy_calls_it_silent(silent: float, expected: Status) -> None:
    assert verdict(reporting.heartbeat(Heartbeat(before(seconds=silent), 600), NOW)).status is expected


def test_the_last_report_is_named_in_western_indonesian_time() -> None:
    said = verdict(reporting.heartbeat(Heartbeat(before(hours=5), 600), NOW))
    assert words(said.measured, "id") == "terakhir terdengar 2026-11-23 05:00:00 WIB"
    assert "600" in words(said.expected, "en")


def test_a_clock_that_runs_behind_the_report_is_no_silence() -> None:
    assert verdict(reporting.heartbeat(Heartbeat(NOW + timedelta(seconds=3), 600), NOW)).status is Status.PASS


def test_an_unbroken_chain_passes() -> None:
    assert verdict(reporting.chain(ReportChain(), NOW)).status is Status.PASS


@pytest.mark.parametrize(
    ("event", "word"), [("equivocation_at", "one sequence"), ("cloned_at", "cloned"), ("broken_at", "predecessor")]
)
def test_forgery_fails_for_as_long_as_policy_remembers_it(event: str, word: str) -> None:
    def said(**ago: float) -> Verdict:
        return verdict(reporting.chain(ReportChain(**{event: before(**ago)}), NOW))

    assert said(minutes=5).status is Status.FAIL
    assert word in words(said(minutes=5).measured, "en")
    assert said(days=6.9).status is Status.FAIL
    assert said(days=7).status is Status.PASS
    later = reporting.chain(ReportChain(**{event: before(days=8)}), NOW, remember_days=30)
    assert verdict(later).status is Status.FAIL


def test_the_worst_that_happened_is_told_first() -> None:
    all_at_once = ReportChain(3, 2, *([before(hours=1)] * 4))
    said = verdict(reporting.chain(all_at_once, NOW))
    assert "two different reports" in words(said.measured, "en")


@pytest.mark.parametrize(
    ("chain", "expected", "word"),
    [
        (ReportChain(missing=3), Status.FAIL, "3 reports have not arrived"),
        (ReportChain(missing=3, lost=1), Status.FAIL, "3 reports have not arrived"),
        (ReportChain(lost=4), Status.WARN, "4 reports declared lost"),
        (ReportChain(restarted_at=before(days=2)), Status.WARN, "48 hours ago"),
        (ReportChain(restarted_at=before(days=2), abandoned=5), Status.FAIL, "5 reports of the old one never arrived"),
        (ReportChain(restarted_at=before(days=7)), Status.PASS, "unbroken"),
        (ReportChain(restarted_at=before(days=7), abandoned=5), Status.PASS, "unbroken"),
    ],
)
def test_holes_fail_and_what_the_agent_owned_up_to_warns(chain: ReportChain, expected: Status, word: str) -> None:
    said = verdict(reporting.chain(chain, NOW))
    assert said.status is expected
    assert word in words(said.measured, "en")


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        ({"seconds": 59}, "0 minutes ago"), ({"minutes": 119}, "119 minutes ago"), ({"minutes": 120}, "2 hours ago"),
        ({"hours": 71}, "71 hours ago"), ({"hours": 72}, "3 days ago"),
    ],
)  # fmt: skip
def test_how_long_ago_is_said_in_the_unit_a_person_would_use(ago: dict[str, float], said: str) -> None:
    assert reporting.ago(before(**ago), NOW).en == said


def test_agent_and_collector_must_agree() -> None:
    assert verdict(reporting.agreement(Agreement())).status is Status.PASS
    said = verdict(reporting.agreement(Agreement(tuple(f"K-SSH-0{number}" for number in range(1, 8)))))
    assert (said.status, said.value) == (Status.FAIL, 7)
    assert words(said.measured, "en").endswith("K-SSH-05 …")


def test_what_could_not_be_compared_is_unknown_but_a_difference_that_was_seen_counts() -> None:
    assert verdict(reporting.agreement(Agreement(compared=False))).status is Status.UNKNOWN
    assert verdict(reporting.agreement(Agreement(("K-SSH-01",), compared=False))).status is Status.FAIL


@pytest.mark.parametrize(
    ("determined", "applicable", "expected"),
    [(90, 100, Status.PASS), (89, 100, Status.FAIL), (0, 0, Status.FAIL), (5, 5, Status.PASS)],
)
def test_coverage_below_the_minimum_fails_and_nothing_applicable_is_no_pass(
    determined: int, applicable: int, expected: Status
) -> None:
    assert verdict(reporting.coverage(Coverage(determined, applicable))).status is expected


def test_policy_may_ask_for_more_coverage() -> None:
    assert verdict(reporting.coverage(Coverage(90, 100), minimum=0.95)).status is Status.FAIL


@pytest.mark.parametrize(
    "check",
    [reporting.heartbeat, reporting.chain, reporting.agreement, reporting.coverage],
    ids=lambda check: check.code,
)
def test_what_the_collector_does_not_know_is_unknown(check: Check) -> None:
    (result,) = evaluate(check, check.thresholds, Snapshot(), NOW)
    assert result.status is Status.UNKNOWN


def test_coverage_is_explained_where_it_is_shown() -> None:
    said = verdict(reporting.coverage(Coverage(45, 90)))

    assert words(said.measured, "en") == "50%: 45 of 90 checks that apply could be determined"
    assert "share of the checks that apply" in reporting.coverage.why.en
