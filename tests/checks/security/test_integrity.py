from __future__ import annotations

from datetime import timedelta

from checks.facts.integrity_tool import IntegrityRun, IntegrityTool
from checks.security import integrity
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


def status(said: object) -> Status:
    assert isinstance(said, Verdict)
    return said.status


def test_a_tool_needs_its_baseline() -> None:
    assert status(integrity.integrity_baseline(IntegrityTool("AIDE", NOW))) is Status.PASS
    assert status(integrity.integrity_baseline(IntegrityTool("AIDE"))) is Status.FAIL


def test_the_last_report_must_be_of_the_last_day() -> None:
    assert status(integrity.integrity_run_is_recent(IntegrityRun(NOW - timedelta(hours=20)), NOW)) is Status.PASS
    assert status(integrity.integrity_run_is_recent(IntegrityRun(NOW - timedelta(hours=30)), NOW)) is Status.FAIL


def test_no_tool_is_a_failure() -> None:
    assert integrity.integrity_baseline.absent is Status.FAIL
    assert integrity.integrity_run_is_recent.absent is Status.FAIL
