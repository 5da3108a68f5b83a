from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.text import Text, words
from checks.verdict import Result, Status
from collector.surveillance.quorum import MEETING, agreed

CODE = "L-AVL-01"
FAIL, PASS, WARN, UNKNOWN, NOT_APPLICABLE = Status.FAIL, Status.PASS, Status.WARN, Status.UNKNOWN, Status.NOT_APPLICABLE

Seen = Mapping[str, Sequence[Result]]

statuses = st.sampled_from(list(Status))
votes = st.dictionaries(st.text("abcdef-1", min_size=1, max_size=4), statuses, max_size=7)
quorums = st.integers(1, 5)


def said(status: Status, subject: str = "", measured: str = "m") -> Result:
    return Result(CODE, status, measured, "e", subject)


def seen_as(votes: Mapping[str, Status]) -> Seen:
    return {name: (said(status),) for name, status in votes.items()}


def decided(votes: Mapping[str, Status], quorum: int) -> Status | None:
    (one,) = agreed(CODE, seen_as(votes), quorum) or (None,)
    return one.status if one is not None else None


def counts(votes: Mapping[str, Status]) -> tuple[int, int]:
    failing = sum(status is FAIL for status in votes.values())
    return failing, sum(status in MEETING for status in votes.values())


@given(votes, quorums)
def test_a_status_counts_when_a_quorum_says_it_and_more_than_say_otherwise(
    votes: dict[str, Status], quorum: int
) -> None:
    failing, meeting = counts(votes)
    found = decided(votes, quorum)
    assert (found is FAIL) is (failing >= quorum and failing > meeting)
    assert (found in MEETING) is (bool(votes) and meeting >= quorum and meeting > failing)
    assert found in {None, FAIL, UNKNOWN, *MEETING}


@given(statuses, st.integers(2, 5))
def test_one_vantage_point_alone_decides_nothing(status: Status, quorum: int) -> None:
    assert decided({"jakarta-1": status}, quorum) is UNKNOWN


@given(votes.filter(bool), quorums)
def test_who_could_not_tell_does_not_vote(votes: dict[str, Status], quorum: int) -> None:
    assert decided({**votes, "zzz": UNKNOWN, "zzy": UNKNOWN}, quorum) is decided(votes, quorum)


@given(votes, quorums)
def test_who_looks_first_does_not_matter(votes: dict[str, Status], quorum: int) -> None:
    backwards = dict(reversed(list(votes.items())))
    assert agreed(CODE, seen_as(votes), quorum) == agreed(CODE, seen_as(backwards), quorum)


@given(votes, quorums, st.sampled_from([FAIL, *MEETING]))
def test_one_more_who_sees_the_same_changes_nothing_that_was_decided(
    votes: dict[str, Status], quorum: int, more: Status
) -> None:
    before = decided(votes, quorum)
    after = decided({**votes, "zzz": more}, quorum)
    if before is FAIL and more is FAIL:
        assert after is FAIL
    if before in MEETING and more in MEETING:
        assert after in MEETING


@given(votes.filter(lambda votes: len(votes) > 1), quorums)
def test_a_tie_is_no_majority(votes: dict[str, Status], quorum: int) -> None:
    failing, meeting = counts(votes)
    if failing == meeting:
        assert decided(votes, quorum) is UNKNOWN


subjects = st.dictionaries(st.sampled_from(["", "a", "b", "c"]), statuses, min_size=1, max_size=4)


@given(st.dictionaries(st.sampled_from(["j", "m", "s"]), subjects, max_size=3), quorums)
def test_every_subject_that_anybody_told_of_has_one_result(seen: dict[str, dict[str, Status]], quorum: int) -> None:
    results = agreed(CODE, {name: [said(s, about) for about, s in of.items()] for name, of in seen.items()}, quorum)
    found = [one.subject for one in results]
    assert len(found) == len(set(found))
    told = {about for of in seen.values() for about, status in of.items() if status is not UNKNOWN}
    assert told <= set(found) <= {about for of in seen.values() for about in of}
    assert bool(found) is any(seen.values())


def test_the_worst_of_what_one_vantage_point_says_of_a_subject_is_its_vote() -> None:
    seen = {"j": [said(PASS), said(FAIL)], "m": [said(FAIL)]}
    (one,) = agreed(CODE, seen, 2)
    assert one.status is FAIL


def test_nothing_seen_gives_nothing() -> None:
    assert agreed(CODE, {}, 2) == ()


@pytest.mark.parametrize(
    ("said_", "status"),
    [((WARN, PASS), WARN), ((PASS, NOT_APPLICABLE), PASS), ((PASS, PASS), PASS), ((NOT_APPLICABLE,) * 2, NOT_APPLICABLE)],
)  # fmt: skip
def test_where_it_is_met_the_first_advice_anybody_saw_stands(said_: tuple[Status, ...], status: Status) -> None:
    assert decided({f"p{number}": one for number, one in enumerate(said_)}, 2) is status


def test_the_result_says_who_saw_it_and_what() -> None:
    seen = {
        "medan-1": (Result(CODE, FAIL, Text("koneksi ditolak", "refused"), "200"),),
        "jakarta-1": (Result(CODE, FAIL, Text("koneksi ditolak", "refused"), "200"),),
        "bogor-1": (said(UNKNOWN, measured="403"),),
    }
    (one,) = agreed(CODE, seen, 2)
    assert words(one.measured, "id") == "koneksi ditolak (dari jakarta-1, medan-1)"
    assert words(one.measured, "en") == "refused (from jakarta-1, medan-1)"
    assert one.expected == "200"


def test_where_nothing_is_decided_each_of_them_is_quoted() -> None:
    (few,) = agreed(CODE, {"jakarta-1": (said(FAIL, measured="refused"),)}, 2)
    assert words(few.measured, "en") == "seen from 1 vantage points, 2 are needed; jakarta-1: fail refused"
    (torn,) = agreed(CODE, {"a": (said(FAIL),), "b": (said(PASS),), "c": (said(FAIL),), "d": (said(PASS),)}, 2)
    assert words(torn.measured, "en").startswith("the vantage points disagree; a: fail m; b: pass m")
