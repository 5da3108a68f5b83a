from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checks.baseline import MOST_ITEMS, Approved, Listed, drift, listed
from checks.text import words
from checks.verdict import Status

AT = datetime(2026, 11, 1, tzinfo=UTC)


def now(*items: str) -> Listed:
    return listed(Listed, items)


def approved(*items: str) -> Approved:
    held = now(*items)
    return Approved(held.items, held.count, held.digest, AT)


def test_the_same_items_in_any_order_pass() -> None:
    assert drift(now("b", "a", "a"), approved("a", "b")).status is Status.PASS


def test_nothing_approved_is_undetermined_and_says_what_to_do() -> None:
    verdict = drift(now("a"), None)
    assert verdict.status is Status.UNKNOWN
    assert "Baseline" in words(verdict.measured, "id")


def test_what_is_new_and_what_is_gone_is_named() -> None:
    verdict = drift(now("a", "c"), approved("a", "b"))
    assert verdict.status is Status.FAIL
    assert words(verdict.measured, "en") == "new: c; gone: b"
    assert verdict.value == 1.0


def test_what_is_gone_may_be_allowed_while_what_is_new_is_not() -> None:
    assert drift(now("a"), approved("a", "b"), removed=False).status is Status.PASS
    verdict = drift(now("c"), approved("a", "b"), removed=False)
    assert (verdict.status, words(verdict.measured, "en")) == (Status.FAIL, "new: c")


def test_an_approved_nothing_is_a_baseline_too() -> None:
    assert drift(now(), approved()).status is Status.PASS
    assert drift(now("a"), approved()).status is Status.FAIL


@pytest.mark.parametrize("removed", [True, False])
def test_a_change_beyond_what_is_listed_is_seen_by_the_digest(removed: bool) -> None:
    many = [f"{number:05}" for number in range(MOST_ITEMS + 5)]
    changed = [*many[:-1], "99999"]
    assert drift(now(*many), approved(*many), removed=removed).status is Status.PASS
    one_more = drift(now(*many, "99999"), approved(*many), removed=removed)
    assert one_more.status is Status.FAIL
    assert drift(now(*changed), approved(*many), removed=removed).status is Status.FAIL


def test_of_a_long_list_that_only_lost_items_something_is_said_too() -> None:
    many = [f"{number:05}" for number in range(MOST_ITEMS + 5)]
    verdict = drift(now(*many[1:]), approved(*many), removed=False)
    assert verdict.status is Status.FAIL
    assert words(verdict.measured, "en")


def test_many_changes_are_cut_with_their_number() -> None:
    verdict = drift(now(*(f"{n:02}" for n in range(12))), approved())
    assert words(verdict.measured, "en").endswith("(+7)")
