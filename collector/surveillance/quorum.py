"""What several vantage points together say of one instance. Pure.

Laws:
- One vantage point alone decides nothing: its own network may be at fault. A status counts when at least `quorum` of those
  that can tell say it, and they are more than those who say otherwise.
- Who could not tell does not vote. Where no status has a quorum, the answer is UNKNOWN, with what each of them saw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.text import Text, Words, words
from checks.verdict import BADNESS, Result, Status

MEETING = (Status.WARN, Status.PASS, Status.NOT_APPLICABLE)  # the first that anybody saw stands for them


def agreed(code: str, seen: Mapping[str, Sequence[Result]], quorum: int) -> tuple[Result, ...]:
    """The results of check `code`, one per subject; `seen` has those of every vantage point, by its name."""
    subjects = dict.fromkeys(one.subject for results in seen.values() for one in results)
    if len(subjects) > 1:  # who could not tell names no subject; the others do
        told = {one.subject for results in seen.values() for one in results if one.status is not Status.UNKNOWN}
        subjects = {subject: None for subject in subjects if subject or subject in told}
    return tuple(_agreed(code, subject, _votes(seen, subject), quorum) for subject in subjects)


def _votes(seen: Mapping[str, Sequence[Result]], subject: str) -> dict[str, Result]:
    """What each vantage point says of `subject`, the worst where it says several things."""
    votes = {}
    for name, results in sorted(seen.items()):
        about = [one for one in results if one.subject == subject]
        if about:
            votes[name] = max(about, key=lambda one: BADNESS[one.status])
    return votes


def _agreed(code: str, subject: str, votes: Mapping[str, Result], quorum: int) -> Result:
    failing = [one for one in votes.values() if one.status is Status.FAIL]
    meeting = [one for one in votes.values() if one.status in MEETING]
    if len(failing) >= quorum and len(failing) > len(meeting):
        return _said(code, subject, failing[0], votes)
    if len(meeting) >= quorum and len(meeting) > len(failing):
        return _said(code, subject, min(meeting, key=lambda one: MEETING.index(one.status)), votes)
    return Result(code, Status.UNKNOWN, _undecided(votes, len(failing) + len(meeting), quorum), subject=subject)


def _said(code: str, subject: str, one: Result, votes: Mapping[str, Result]) -> Result:
    """`one`, with the names of those who saw it."""
    where = ", ".join(name for name, vote in votes.items() if vote.status is one.status)
    measured = Text(f"{words(one.measured, 'id')} (dari {where})", f"{words(one.measured, 'en')} (from {where})")
    return Result(code, one.status, measured, one.expected, subject, one.value)


def _undecided(votes: Mapping[str, Result], telling: int, quorum: int) -> Words:
    each_id = "; ".join(f"{name}: {vote.status} {words(vote.measured, 'id')}".strip() for name, vote in votes.items())
    each_en = "; ".join(f"{name}: {vote.status} {words(vote.measured, 'en')}".strip() for name, vote in votes.items())
    if telling < quorum:
        return Text(
            f"terlihat dari {telling} titik pantau, dibutuhkan {quorum}; {each_id}",
            f"seen from {telling} vantage points, {quorum} are needed; {each_en}",
        )
    return Text(f"titik pantau tidak sepakat; {each_id}", f"the vantage points disagree; {each_en}")
