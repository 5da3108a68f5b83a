"""Findings as lists show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from django.core.paginator import Page
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest

from checks.check import Severity
from checks.text import Text, Words
from collector.console.names import tell_apart
from collector.console.paging import page_of
from collector.console.reference import About, about_code
from collector.surveillance.models import Finding

RANK = {severity.value: rank for rank, severity in enumerate(Severity)}
BY_RANK = Case(*(When(severity=name, then=Value(rank)) for name, rank in RANK.items()), default=Value(len(RANK)))


@dataclass(frozen=True)
class Line:
    """One finding with the words of its check. `check` is None where this release no longer has it."""

    finding: Finding
    check: About | None
    measured: Words
    expected: Words

    @property
    def title(self) -> Words:
        """What is not met."""
        code = self.finding.check_code
        return self.check.breach if self.check else Text(f"Tidak terpenuhi: {code}", f"Not met: {code}")


@dataclass(frozen=True)
class Listed:
    """One page of a list of findings."""

    page: Page[Finding]
    lines: list[Line]

    @property
    def count(self) -> int:
        """How many there are on all pages."""
        return self.page.paginator.count


def line(finding: Finding) -> Line:
    """`finding` as a line."""
    return Line(finding, about_code(finding.check_code), said(finding.measured), said(finding.expected))


def lines(findings: Iterable[Finding]) -> list[Line]:
    """`findings` as lines, in their order."""
    return [line(finding) for finding in findings]


def listed(request: HttpRequest, findings: QuerySet[Finding], name: str) -> Listed:
    """The page of `findings` that the address asks for with `name`."""
    page = page_of(request, findings.select_related("target"), name)
    tell_apart(finding.target for finding in page)
    return Listed(page, lines(page))


def worst_first(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """By severity, then check and subject."""
    return findings.order_by(BY_RANK, "check_code", "subject", "target__name", "pk")


def said(stored: object) -> Words:
    """Words as the judge stored them."""
    return msgspec.convert(stored, str | Text)
