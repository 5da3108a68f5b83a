"""Settles results into what is known of a server: since when, how long failing, and when a finding opens and closes. Pure.

Laws:
- UNKNOWN neither opens nor closes a finding. A finding opens after the check's grace and closes after its recovery.
- One verdict per check and subject, the worst; subjects beyond `MOST_SUBJECTS` are one.
- A subject that is gone counts as meeting: its finding closes after the recovery, like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import msgspec

from checks.check import Check
from checks.policy import Rulebook
from checks.text import Text, Words
from checks.verdict import BADNESS, Result, Status
from collector.surveillance.state import Current

MOST_SUBJECT, MOST_TEXT = 300, 1000  # characters
MOST_SUBJECTS = 200  # of one check of one server; the rest is judged as one, by the worst of it
MORE = "…"
REST_SHARE, LONGEST_REST = 4, 900  # passing for a quarter of the grace, at most so many seconds, forgets a failure
MEETING = frozenset({Status.PASS, Status.WARN, Status.NOT_APPLICABLE})
GONE = Text("tidak ada lagi di server", "no longer on the server")


@dataclass(frozen=True)
class Opened:
    """A finding begins."""

    id: str
    check: Check
    subject: str
    since: datetime
    at: datetime
    measured: Words
    expected: Words
    entry: int


@dataclass(frozen=True)
class Closed:
    """A finding ends."""

    id: str
    at: datetime
    entry: int


Transition: TypeAlias = Opened | Closed


def finding_id(target: str, code: str, subject: str, since: datetime) -> str:
    """The address of a finding: what it is about and since when."""
    return hashlib.sha256(f"{target}|{code}|{subject}|{since.isoformat()}".encode()).hexdigest()[:20]


@dataclass
class Settlement:
    """Settles results into what is `known` of a server (changed in place) and collects the transitions of findings."""

    target: str
    known: dict[str, dict[str, Current]]
    transitions: list[Transition]

    def check(self, rulebook: Rulebook, check: Check, results: Iterable[Result], at: datetime, entry: int) -> None:
        """Settle all results of one check, read at `at` in `entry`."""
        before = self.known.get(check.code, {})
        results = _one_each([_storable(result) for result in results])
        if len(results) == 1 and results[0].status is Status.UNKNOWN and not results[0].subject and before:
            # the thing could not be read: every subject of it is unknown now, none of them is gone
            results = [msgspec.structs.replace(results[0], subject=subject) for subject in before]
        after = {one.subject: self._one(rulebook, check, one, before.get(one.subject), at, entry) for one in results}
        for subject, held in before.items():
            if subject not in after:
                gone = Result(check.code, Status.NOT_APPLICABLE, GONE, subject=subject)
                settled = self._one(rulebook, check, gone, held, at, entry)
                if settled.finding or settled.failing_since:  # there is still something to remember of it
                    after[subject] = settled
        self.known[check.code] = after

    def _one(
        self, rulebook: Rulebook, check: Check, result: Result, before: Current | None, at: datetime, entry: int
    ) -> Current:
        status = result.status
        since = before.since if before is not None and before.status is status else at
        failing = before.failing_since if before is not None else None
        passing = before.passing_since if before is not None else None
        finding = before.finding if before is not None else ""
        if status is Status.FAIL:
            failing, passing = failing or at, None
            if not finding and (at - failing).total_seconds() >= rulebook.grace(check):
                finding = finding_id(self.target, check.code, result.subject, failing)
                self.transitions.append(
                    Opened(finding, check, result.subject, failing, at, result.measured, result.expected, entry)
                )
        elif status in MEETING:
            passing = passing or at
            if not finding:  # one pass among failures does not begin the grace anew
                rest = min(rulebook.grace(check) / REST_SHARE, LONGEST_REST)
                failing = failing if failing and (at - passing).total_seconds() < rest else None
            elif (at - passing).total_seconds() >= rulebook.recovery(check):
                self.transitions.append(Closed(finding, at, entry))
                failing, finding = None, ""
        else:
            passing = None
        met = status in MEETING or (before is not None and before.met)
        return Current(
            status, since, at, entry, result.measured, result.expected, result.value, failing, passing, finding, met
        )


def _storable(result: Result) -> Result:
    """What fits a row, whatever the facts held: no NUL in the subject, texts of bounded length, a value that is a float."""
    if (
        len(result.subject) <= MOST_SUBJECT
        and "\0" not in result.subject
        and _fits(result.measured)
        and _fits(result.expected)
        and (result.value is None or isinstance(result.value, float))
    ):
        return result
    subject = result.subject.replace("\0", "?")[:MOST_SUBJECT]
    measured, expected = _cut(result.measured), _cut(result.expected)
    try:
        value = float(result.value) if result.value is not None else None
    except OverflowError:
        value = None
    return Result(result.check, result.status, measured, expected, subject, value)


def _fits(said: Words) -> bool:
    return len(said) <= MOST_TEXT if isinstance(said, str) else max(len(said.id), len(said.en)) <= MOST_TEXT


def _cut(said: Words) -> Words:
    if _fits(said):
        return said
    if isinstance(said, str):
        return said[:MOST_TEXT] + MORE
    return Text(said.id[:MOST_TEXT] + MORE, said.en[:MOST_TEXT] + MORE)


def _one_each(results: Sequence[Result]) -> Sequence[Result]:
    """One result per subject, the worst: a finding is about a subject, and cannot be open and closed at once."""
    if len(results) == 1:
        return results
    worst: dict[str, Result] = {}
    for result in results:
        held = worst.get(result.subject)
        if held is None or BADNESS[result.status] > BADNESS[held.status]:
            worst[result.subject] = result
    if len(worst) <= MOST_SUBJECTS:
        return list(worst.values())
    ranked = sorted(worst.values(), key=lambda one: BADNESS[one.status], reverse=True)
    kept, rest = ranked[: MOST_SUBJECTS - 1], ranked[MOST_SUBJECTS - 1 :]
    more = Text(f"{len(rest)} subjek lain", f"{len(rest)} more subjects")
    return [*kept, Result(rest[0].check, rest[0].status, more, rest[0].expected, MORE)]
