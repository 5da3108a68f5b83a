"""What the collector says of all servers, on a terminal: standards, breaches, what to do."""

from __future__ import annotations

from collections import Counter

from checks.catalogue import Catalogue, catalogue
from checks.check import Severity
from checks.standard import Standing, load
from checks.text import Language, Text, words
from checks.verdict import Status
from checks.words import SEVERITIES, SEVERITY_WORDS, STANDING_SIGNS, STANDING_WORDS, coverage
from collector.ledger.models import Entry, Kind
from collector.surveillance.models import Finding, StandardState, TargetState


def show(language: Language) -> dict[str, object]:
    """Print it in `language`; returns the same as plain JSON values."""
    standards, found = load(), catalogue()
    summary: dict[str, object] = {}
    letters: dict[str, dict[str, object]] = {}
    width = max(len(standard.title.in_(language)) for standard in standards.values())
    for row in StandardState.objects.select_related("provider").order_by("provider__name", "letter"):
        if row.letter == "a":
            print(f"\n{row.provider}")
        standing = words(STANDING_WORDS[Standing(row.standing)], language)
        title = standards[row.letter].title.in_(language)
        line = f"  {STANDING_SIGNS[Standing(row.standing)]} {row.letter}  {title:<{width}} {standing:<24}"
        print(f"{line} {coverage(row.coverage).in_(language)}")
        letters[row.letter] = {
            "standing": row.standing, "met": row.met, "not_met": row.not_met, "undetermined": row.undetermined,
            "coverage": round(row.coverage, 4),
        }  # fmt: skip
    used = {"target__retired_at__isnull": True}
    findings = list(Finding.objects.filter(closed_at__isnull=True, **used).order_by("check_code", "subject"))
    states = [row.remembered() for row in TargetState.objects.filter(**used)]
    _findings(findings, found, language)
    failing = sum(one.status is Status.FAIL for state in states for _, _, one in state.verdicts())
    if failing > len(findings):
        print(
            Text(
                f"\n{failing - len(findings)} hasil lagi gagal, tetapi masih dalam masa tenggang: belum menjadi temuan.",
                f"\n{failing - len(findings)} more results fail, but are within their grace: not findings yet.",
            ).in_(language)
        )
    results: Counter[str] = Counter()
    for state in states:
        results.update(one.status.value for _, _, one in state.verdicts())
    summary["reports_accepted"] = Entry.objects.filter(kind=Kind.REPORT).count()
    summary["results"] = dict(sorted(results.items()))
    summary["open_findings"] = len(findings)
    summary["standards"] = letters
    return summary


def _findings(findings: list[Finding], found: Catalogue, language: Language) -> None:
    """Worst first; what to do stands once per check, however many subjects fail."""
    print(Text(f"\nTemuan terbuka: {len(findings)}", f"\nOpen findings: {len(findings)}").in_(language))
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.check_code, []).append(finding)
    for code, group in sorted(
        by_code.items(), key=lambda item: (SEVERITIES.index(Severity(item[1][0].severity)), item[0])
    ):
        check = found.checks[code]
        severity = SEVERITY_WORDS[check.severity].in_(language)
        print(f"  ✗ {code} [{severity}] {check.breach.in_(language)}")
        for finding in group[:6]:
            subject = f"{finding.subject}: " if finding.subject else ""
            print(f"      {subject}{_said(finding.measured, language)}"[:200])
        if len(group) > 6:
            print(f"      … +{len(group) - 6}")
        print(f"      → {check.remedy.in_(language)}")


def _said(stored: object, language: Language) -> str:
    if isinstance(stored, dict):
        return str(stored.get(language, ""))
    return str(stored)
