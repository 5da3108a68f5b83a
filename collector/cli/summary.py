"""What the collector says of all servers, on a terminal: standards, breaches, what to do."""

from __future__ import annotations

from collections import Counter

from checks.catalogue import catalogue
from checks.standard import Standing, load
from checks.text import Language, Text, words
from collector.ledger.models import Entry, Kind
from collector.surveillance.models import Finding, ServerState, StandardState

SIGNS = {"met": "✓", "not_met": "✗", "undetermined": "?", "not_applicable": "–"}
STANDING_WORDS = {
    Standing.MET: Text("memenuhi", "met"),
    Standing.NOT_MET: Text("tidak memenuhi", "not met"),
    Standing.UNDETERMINED: Text("belum dapat ditentukan", "undetermined"),
    Standing.NOT_APPLICABLE: Text("tidak berlaku", "not applicable"),
}
WORST_FIRST = ("critical", "high", "medium", "low")


def show(language: Language) -> dict[str, object]:
    """Print it in `language`; returns the same as plain JSON values."""
    standards, found = load(), catalogue()
    summary: dict[str, object] = {}
    letters: dict[str, dict[str, object]] = {}
    for row in StandardState.objects.select_related("provider").order_by("provider__name", "letter"):
        if row.letter == "a":
            print(f"\n{row.provider}")
        standing = words(STANDING_WORDS[Standing(row.standing)], language)
        title = standards[row.letter].title.in_(language)
        line = f"  {SIGNS[row.standing]} {row.letter}  {title:<48} {standing:<24}"
        coverage = Text("cakupan", "coverage").in_(language)
        print(f"{line} {coverage} {row.coverage:.0%}")
        letters[row.letter] = {
            "standing": row.standing, "met": row.met, "not_met": row.not_met, "undetermined": row.undetermined,
            "coverage": round(row.coverage, 4),
        }  # fmt: skip
    findings = sorted(
        Finding.objects.filter(closed_at__isnull=True).select_related("server"),
        key=lambda one: (WORST_FIRST.index(one.severity), one.check_code, one.subject),
    )
    label = Text(f"\nTemuan terbuka: {len(findings)}", f"\nOpen findings: {len(findings)}")
    print(label.in_(language))
    for finding in findings:
        check = found.checks[finding.check_code]
        subject = f" ({finding.subject})" if finding.subject else ""
        print(
            f"  ✗ {finding.check_code} [{finding.severity}] {check.title.in_(language)}{subject}: {_said(finding.measured, language)}"
        )
        print(f"      → {check.remedy.in_(language)}")
    results: Counter[str] = Counter()
    for state in ServerState.objects.all():
        results.update(one.status.value for one in state.host_state().current.values())
    summary["reports_accepted"] = Entry.objects.filter(kind=Kind.REPORT).count()
    summary["results"] = dict(sorted(results.items()))
    summary["open_findings"] = len(findings)
    summary["standards"] = letters
    return summary


def _said(stored: object, language: Language) -> str:
    if isinstance(stored, dict):
        return str(stored.get(language, ""))
    return str(stored)
