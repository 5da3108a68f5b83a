from __future__ import annotations

import pytest

from agent.present import exit_code
from checks.verdict import Result, Status
from tests.agent.present.hostile import shown

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
    of = shown(Result("K-SSH-01", PASS), Result("K-SSH-02", UNKNOWN))
    assert of.tallies["k"].standing.value != "met"
    assert of.tallies["k"].coverage < 1
