"""What each auditor said, as one of pass, fail, or nothing. Pure.

Laws:
- Lynis has no verdicts: a test that was performed and neither warns nor suggests counts as passed. Where a test asks about
  several things, or tells its finding only in its log, the table names the words that count as a failure.
- Of several rules that ask one thing together, the worst counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

BADNESS = ("not_applicable", "pass", "warn", "unknown", "fail")
PASS, FAIL = "pass", "fail"


def ours(results: Iterable[Mapping[str, object]], check: str, subject: str) -> str | None:
    """The worst status of `check`, of what `check --json` calls results; of one `subject`, if it is not empty."""
    found = [
        str(one["status"]) for one in results if one["check"] == check and (not subject or _subject(one) == subject)
    ]
    return max(found, key=BADNESS.index, default=None)


def _subject(result: Mapping[str, object]) -> str:
    subject = result["subject"]
    return str(subject.get("en")) if isinstance(subject, Mapping) else str(subject)


@dataclass(frozen=True)
class Lynis:
    """The log of one run, by test: the lines of each that was performed."""

    tests: Mapping[str, str]

    @classmethod
    def read(cls, log: str) -> Lynis:
        """Of the text of a lynis.log."""
        tests: dict[str, str] = {}
        for section in re.split(r"^.{19} ====$", log, flags=re.MULTILINE):
            if named := re.search(r"Performing test ID ([A-Z0-9]+-\d+) ", section):
                tests[named[1]] = tests.get(named[1], "") + section
        return cls(tests)

    def verdict(self, test: str, fault: str) -> str | None:
        """Of one test; `fault`: a regular expression of the words that mean failure, if not just any suggestion."""
        section = self.tests.get(test)
        if section is None:
            return None
        return FAIL if re.search(fault or rf"(Suggestion|Warning): .*\[test:{test}\]", section) else PASS


def openscap(printed: str) -> dict[str, str]:
    """The result of each rule, of what `oscap xccdf eval` prints."""
    return dict(re.findall(r"^Rule\n\t\S+content_rule_(\S+)\nResult\n\t(\w+)$", printed, flags=re.MULTILINE))


def of_rules(results: Sequence[Mapping[str, str]], rules: Iterable[str]) -> str | None:
    """The worst of `rules`, each in the first of `results` that judged it."""
    found = []
    for rule in rules:
        judged = (one[rule] for one in results if one.get(rule) in {PASS, FAIL})
        if first := next(judged, None):
            found.append(first)
    return max(found, key=BADNESS.index, default=None)
