"""Ways to show one audit: a table, JSON, JUnit, HTML, a Nagios line, an explanation. All show the same `Presentation`.

Law: what the audited host says is text, for the terminal as for a browser. `Presentation` gives it out made harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from agent.audit import Audit
from agent.present.plain import plain
from checks.check import Check, Severity
from checks.policy import Rulebook
from checks.standard import Standard, Tally, tally
from checks.text import Language, Text, Words, words
from checks.verdict import Result, Status

ORDER = (Status.FAIL, Status.UNKNOWN, Status.WARN, Status.PASS, Status.NOT_APPLICABLE)
SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
SERIOUS = frozenset({Severity.CRITICAL, Severity.HIGH})

STATUS_WORDS = {
    Status.PASS: Text("lulus", "pass"),
    Status.WARN: Text("waspada", "warn"),
    Status.FAIL: Text("gagal", "fail"),
    Status.UNKNOWN: Text("tidak diketahui", "unknown"),
    Status.NOT_APPLICABLE: Text("tidak berlaku", "not applicable"),
}
SEVERITY_WORDS = {
    Severity.CRITICAL: Text("kritis", "critical"),
    Severity.HIGH: Text("tinggi", "high"),
    Severity.MEDIUM: Text("sedang", "medium"),
    Severity.LOW: Text("rendah", "low"),
}
STANDING_WORDS = {
    "met": Text("memenuhi", "met"),
    "not_met": Text("tidak memenuhi", "not met"),
    "undetermined": Text("belum dapat ditentukan", "undetermined"),
    "not_applicable": Text("tidak berlaku", "not applicable"),
}


@dataclass(frozen=True)
class Presentation:
    """One audit, with what is needed to show it to a person in `language`."""

    hostname: str
    provider: str
    rulebook: Rulebook
    standards: Mapping[str, Standard]
    audit: Audit
    language: Language

    def say(self, said: Words) -> str:
        """`said` in the reader's language, in one line, harmless to a terminal."""
        return plain(words(said, self.language))

    def subject(self, result: Result) -> str:
        """The subject of `result`, likewise."""
        return plain(result.subject)

    @property
    def host(self) -> str:
        """The name of the host, likewise."""
        return plain(self.hostname)

    @property
    def policy(self) -> str:
        """Version and digest of the policy the results were judged under."""
        return plain(f"{self.rulebook.policy.version} ({self.rulebook.digest[:12]})")

    def check(self, result: Result) -> Check:
        """The check that gave `result`."""
        return self.rulebook.catalogue.checks[result.check]

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """How many results of each status."""
        return {status: sum(one.status is status for one in self.audit.results) for status in ORDER}

    @cached_property
    def by_standard(self) -> Mapping[str, tuple[Result, ...]]:
        """Results by the letter of the standard they stand under, worst first. What stands nowhere is last, under ""."""
        letter_of = {code: letter for letter, standard in self.standards.items() for code in standard.checks}
        grouped: dict[str, list[Result]] = {}
        for result in self.audit.results:
            grouped.setdefault(letter_of.get(result.check, ""), []).append(result)
        return {
            letter: tuple(sorted(grouped[letter], key=self.rank))
            for letter in sorted(grouped, key=lambda one: (not one, one))
        }

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """How this host alone stands towards each standard that was audited."""
        statuses: dict[str, list[Status]] = {}
        for result in self.audit.results:
            statuses.setdefault(result.check, []).append(result.status)
        return {letter: tally(self.standards[letter], statuses) for letter in self.by_standard if letter}

    def rank(self, result: Result) -> tuple[int, int, str, str]:
        """Worst first."""
        check = self.check(result)
        return ORDER.index(result.status), SEVERITIES.index(check.severity), result.check, result.subject


def exit_code(results: Iterable[Result]) -> int:
    """0 all pass, 1 something fails, 3 nothing fails but something could not be determined (or nothing was seen at all)."""
    seen = {result.status for result in results}
    if Status.FAIL in seen:
        return 1
    if Status.UNKNOWN in seen or not seen:
        return 3
    return 0
