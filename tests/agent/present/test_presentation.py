from __future__ import annotations

import pytest

from agent.present import exit_code
from checks.verdict import Result, Status
from tests.agent.present.hostile import most, shown

FAIL, WARN, PASS, UNKNOWN, NOT = Status.FAIL, Status.WARN, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ((PASS,), 0),
        ((PASS, WARN, NOT), 0),
        ((FAIL,), 1),
        ((FAIL, UNKNOWN), 1),
        ((UNKNOWN,), 3),
        ((UNKNOWN, PASS), 3),
        ((), 3),
    ],
)
def test_the_exit_code_is_one_where_something_fails_and_three_where_nothing_is_certain(
    statuses: tuple[Status, ...], code: int
) -> None:
    assert exit_code(Result("K-SSH-01", status) for status in statuses) == code


def test_results_stand_under_their_standard_worst_first() -> None:
    results = [
        Result("K-SSH-04", PASS), Result("J-LOG-01", UNKNOWN), Result("K-SSH-03", UNKNOWN), Result("K-NET-02", FAIL, subject="b"),
        Result("K-NET-02", FAIL, subject="a"), Result("K-SSH-02", WARN),
    ]  # fmt: skip
    of = shown(*results)
    assert list(of.by_standard) == ["j", "k"]
    assert [(one.check, one.subject) for one in of.by_standard["k"]] == [
        ("K-NET-02", "a"), ("K-NET-02", "b"), ("K-SSH-03", ""), ("K-SSH-02", ""), ("K-SSH-04", ""),
    ]  # fmt: skip


def test_a_standard_with_an_unknown_check_is_not_met_by_the_others() -> None:
    of = shown(Result("K-SSH-02", UNKNOWN), whole="k")
    assert of.tallies["k"].standing.value != "met"
    assert of.tallies["k"].coverage < 1


@pytest.mark.parametrize("left_out", ["J-ACC-08", "J-LOG-01"])
def test_a_standard_of_which_one_check_did_not_run_has_no_standing(left_out: str) -> None:
    whole = shown(Result("J-ACC-01", PASS), whole="j")
    assert (whole.filtered, list(whole.tallies)) == (False, ["j"])
    part = shown(*(one for one in whole.audit.results if one.check != left_out))
    assert (part.filtered, list(part.tallies)) == (True, [])
    assert part.standing("j") == "filtered; no standing"


def test_a_coverage_says_what_it_is_a_share_of() -> None:
    assert (
        shown(Result("J-ACC-01", FAIL), whole="j").standing("j")
        == f"not met, coverage {most('j')} of applicable checks"
    )


def test_checks_are_counted_by_their_worst_result_and_the_results_beside() -> None:
    of = shown(Result("K-SSH-01", PASS), *(Result("K-WEB-01", one, subject=one.value) for one in (PASS, WARN, UNKNOWN)))
    assert of.counts == {FAIL: 0, UNKNOWN: 1, WARN: 0, PASS: 1, NOT: 0}
    assert of.counted == "2 checks, 4 results; checks by their worst result"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (FAIL, "Not met: SSH root login is disabled"), (UNKNOWN, "Unknown: SSH root login is disabled"),
        (WARN, "Warn: SSH root login is disabled"), (PASS, "SSH root login is disabled"), (NOT, "SSH root login is disabled"),
    ],
)  # fmt: skip
def test_a_title_never_stands_alone_where_it_does_not_hold(status: Status, said: str) -> None:
    of = shown(Result("K-SSH-01", status))
    assert of.headline(of.audit.results[0]) == said
