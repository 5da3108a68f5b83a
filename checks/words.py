"""How the product's words are said, signed and ordered: statuses, severities and standings. One place for agent and collector.

Laws:
- Every order is worst first.
- A sign never stands for a colour alone; every sign has its word.
- The keys are `StrEnum`s: the plain strings of a database row or of JSON find the same entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checks.check import Severity
from checks.standard import Standing
from checks.text import Text
from checks.verdict import BADNESS, Result, Status

STATUSES = tuple(sorted(Status, key=BADNESS.__getitem__, reverse=True))
STATUS_SIGNS: Mapping[Status, str] = {
    Status.FAIL: "✗",
    Status.UNKNOWN: "?",
    Status.WARN: "!",
    Status.PASS: "✓",
    Status.NOT_APPLICABLE: "–",
}
STATUS_WORDS: Mapping[Status, Text] = {
    Status.FAIL: Text("gagal", "fail"),
    Status.UNKNOWN: Text("tidak diketahui", "unknown"),
    Status.WARN: Text("waspada", "warn"),  # not "peringatan": that is an act of the decree's ladder
    Status.PASS: Text("lulus", "pass"),
    Status.NOT_APPLICABLE: Text("tidak berlaku", "not applicable"),
}

SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
SERIOUS = frozenset({Severity.CRITICAL, Severity.HIGH})
SEVERITY_WORDS: Mapping[Severity, Text] = {
    Severity.CRITICAL: Text("kritis", "critical"),
    Severity.HIGH: Text("tinggi", "high"),
    Severity.MEDIUM: Text("sedang", "medium"),
    Severity.LOW: Text("rendah", "low"),
}

STANDINGS = (Standing.NOT_MET, Standing.UNDETERMINED, Standing.MET, Standing.NOT_APPLICABLE)
STANDING_SIGNS: Mapping[Standing, str] = {
    Standing.NOT_MET: "✗",
    Standing.UNDETERMINED: "?",
    Standing.MET: "✓",
    Standing.NOT_APPLICABLE: "–",
}
STANDING_WORDS: Mapping[Standing, Text] = {
    Standing.NOT_MET: Text("tidak terpenuhi", "not met"),
    Standing.UNDETERMINED: Text("belum dapat ditentukan", "undetermined"),
    Standing.MET: Text("terpenuhi", "met"),
    Standing.NOT_APPLICABLE: Text("tidak berlaku", "not applicable"),
}

TITLE = Text("Ketentuan", "Requirement")
"""What the column of checks' titles is called: a title states what should be, not what is."""

COVERAGE = Text(
    "Cakupan: bagian dari pemeriksaan yang berlaku pada suatu standar yang hasilnya dapat ditentukan.",
    "Coverage: the share of a standard's applicable checks whose result could be determined.",
)


def coverage(share: float) -> Text:
    """A coverage (0 to 1) with what it is a share of."""
    return Text(f"cakupan {share:.0%} dari pemeriksaan yang berlaku", f"coverage {share:.0%} of applicable checks")


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of `statuses`; UNKNOWN where there is none."""
    return max(statuses, key=BADNESS.__getitem__, default=Status.UNKNOWN)


def by_check(results: Iterable[Result]) -> Mapping[str, Status]:
    """The codes of the checks that gave `results`, in their order, each with its worst status."""
    found: dict[str, Status] = {}
    for one in results:
        found[one.check] = worst((found.get(one.check, one.status), one.status))
    return found


def counted(checks: int, results: int) -> Text:
    """How many checks there were, and how many results they gave: "121 checks, 160 results"."""
    ending = "" if checks == 1 else "s", "" if results == 1 else "s"
    return Text(f"{checks} pemeriksaan, {results} hasil", f"{checks} check{ending[0]}, {results} result{ending[1]}")
