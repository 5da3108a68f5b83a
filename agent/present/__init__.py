"""Ways to show one audit: a table, JSON, JUnit, HTML, a Nagios line, an explanation. All show the same `Presentation`.

Laws:
- What the audited host says is text, for the terminal as for a browser. `Presentation` gives it out made harmless.
- A title states what should be. Where something else is the case, it never stands without saying so (`headline`).
- Figures count checks, each by its worst result; how many results they gave stands beside.
- A standard of which not every check ran has no standing and no coverage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.audit import Audit
from agent.present.plain import plain
from checks.check import Check
from checks.policy import Rulebook
from checks.standard import Standard, Tally, tally
from checks.text import Language, Text, Words, words
from checks.verdict import Result, Status
from checks.words import (
    COVERAGE,
    SERIOUS,
    SEVERITIES,
    STANDING_WORDS,
    STATUS_WORDS,
    STATUSES,
    by_check,
    counted,
    coverage,
)

FILTERED = Text("disaring; tanpa penilaian", "filtered; no standing")
ELSEWHERE = Text(
    "Yang hanya dapat dinilai collector terhitung belum.", "What only the collector can judge counts as not."
)
BEGIN = Text("Mulai dari sini:", "Begin here:")
MOST_URGENT = 7


def more_urgent(number: int) -> Text:
    """That there are so many more than those that were named."""
    return Text(f"dan {number} lagi yang kritis atau tinggi", f"and {number} more of critical or high severity")


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

    def headline(self, result: Result) -> str:
        """The title of the check that gave `result`, with what became of it where it does not simply hold."""
        check = self.check(result)
        if result.status is Status.FAIL:
            return self.say(check.breach)
        if result.status in {Status.WARN, Status.UNKNOWN}:
            return f"{self.say(STATUS_WORDS[result.status]).capitalize()}: {self.say(check.title)}"
        return self.say(check.title)

    @cached_property
    def worst(self) -> Mapping[str, Status]:
        """The codes of the checks that ran, each with its worst status."""
        return by_check(self.audit.results)

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """How many checks have each status as their worst."""
        return self.tallied(self.worst)

    def tallied(self, codes: Iterable[str]) -> Mapping[Status, int]:
        """How many of the checks with these codes have each status as their worst."""
        seen = [self.worst[code] for code in codes]
        return {status: seen.count(status) for status in STATUSES}

    @property
    def counted(self) -> str:
        """How many checks ran, how many results they gave, and what the figures beside count."""
        said = counted(len(self.worst), len(self.audit.results))
        how = Text("pemeriksaan menurut hasil terburuknya", "checks by their worst result")
        return f"{self.say(said)}; {self.say(how)}"

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
        """How this host alone stands towards each standard of which every check ran that a host can answer."""
        statuses: dict[str, list[Status]] = {}
        for result in self.audit.results:
            statuses.setdefault(result.check, []).append(result.status)
        here = {check.code for check in self.rulebook.catalogue.answerable}
        return {
            letter: tally(self.standards[letter], statuses)
            for letter in self.by_standard
            if letter and self.standards[letter].checks & here <= statuses.keys()
        }

    @cached_property
    def urgent(self) -> Sequence[Check]:
        """The checks of critical or high severity that fail, worst first."""
        failed = sorted((one for one in self.audit.results if one.status is Status.FAIL), key=self.rank)
        return [
            found for code in by_check(failed) if (found := self.rulebook.catalogue.checks[code]).severity in SERIOUS
        ]

    @property
    def filtered(self) -> bool:
        """Did some standard that was audited not run whole?"""
        return any(letter and letter not in self.tallies for letter in self.by_standard)

    @property
    def legend(self) -> str:
        """What a coverage is; empty where none is shown."""
        return f"{self.say(COVERAGE)} {self.say(ELSEWHERE)}" if self.tallies else ""

    def standing(self, letter: str) -> str:
        """How this host stands towards a standard and how much of that was determined, or that this run cannot say."""
        if letter not in self.tallies:
            return self.say(FILTERED)
        found = self.tallies[letter]
        return f"{self.say(STANDING_WORDS[found.standing])}, {self.say(coverage(found.coverage))}"

    def rank(self, result: Result) -> tuple[int, int, str, str]:
        """Worst first."""
        check = self.check(result)
        return STATUSES.index(result.status), SEVERITIES.index(check.severity), result.check, result.subject


def exit_code(results: Iterable[Result]) -> int:
    """0 all pass, 1 something fails, 3 nothing fails but something could not be determined (or nothing was seen at all)."""
    seen = {result.status for result in results}
    if Status.FAIL in seen:
        return 1
    if Status.UNKNOWN in seen or not seen:
        return 3
    return 0
