"""Where an agent's results differ from what its own rulebook says of its own facts (Q-AGT-05). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from checks.fact import Snapshot
from checks.policy import Rulebook
from checks.verdict import Result
from collector.surveillance.own_facts import OWN
from evidence.report import Report


def judged(rulebook: Rulebook, snapshot: Snapshot, at: datetime) -> dict[str, tuple[Result, ...]]:
    """Results of every check whose facts this snapshot covers, by code."""
    return {check.code: rulebook.evaluate(check, snapshot, at) for check in rulebook.catalogue.covered(snapshot)}


def compare(
    report: Report, agents: Rulebook, ours: Mapping[str, tuple[Result, ...]], disputed: Mapping[str, str]
) -> dict[str, str]:
    """`disputed` after `report`; `ours` is what `agents`, the rulebook it was judged under, says of its facts."""
    left = dict(disputed)
    theirs: dict[str, list[Result]] = {}
    for result in report.results:
        theirs.setdefault(result.check, []).append(result)
    for code, results in theirs.items():
        if code not in agents.catalogue.checks or code in OWN:
            continue
        claimed = _said(results)
        found = _said(ours[code]) if code in ours else "no facts"
        if claimed == found:
            left.pop(code, None)
        else:
            left[code] = f"{code}: agent {claimed}, collector {found}"[:200]
    return left


def told(report: Report, ours: Collection[str], rulebook: Rulebook) -> bool:
    """Did the agent claim a result for every check that was due with this report?"""
    claimed = {result.check for result in report.results}
    return all(code in claimed for code in ours if rulebook.catalogue.checks[code].every == report.every)


def _said(results: Iterable[Result]) -> str:
    return ", ".join(sorted(f"{result.subject} {result.status}".strip() for result in results))
