"""Findings as lists show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from checks.check import Severity
from checks.text import Text, Words
from collector.console.reference import About, about_code
from collector.surveillance.models import Finding

RANK = {severity.value: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Line:
    """One finding with the words of its check. `check` is None where this release no longer has it."""

    finding: Finding
    check: About | None
    measured: Words
    expected: Words

    @property
    def title(self) -> Words:
        """What it is about."""
        return self.check.title if self.check else self.finding.check_code

    @property
    def rank(self) -> int:
        """0 for the worst severity."""
        return RANK.get(self.finding.severity, len(RANK))


def line(finding: Finding) -> Line:
    """`finding` as a line."""
    return Line(finding, about_code(finding.check_code), said(finding.measured), said(finding.expected))


def lines(findings: Iterable[Finding]) -> list[Line]:
    """`findings` as lines, in their order."""
    return [line(finding) for finding in findings]


def said(stored: object) -> Words:
    """Words as the judge stored them."""
    return msgspec.convert(stored, str | Text)
