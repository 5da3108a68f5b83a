from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest

from checks.check import HOUR, INTEGRITY, LOW, Threshold, check
from checks.evaluate import NOTHING, evaluate
from checks.fact import Fact, Missing, Snapshot
from checks.text import Text, words
from checks.verdict import Result, Status, Verdict, judge, unknown
from tests.checks.real import NOW


class Door(Fact, frozen=True):
    locked: bool = True


class Window(Fact, frozen=True):
    open: tuple[str, ...] = ()


HERE = Snapshot({Door: Door(), Window: Window(("east", "west"))})


def said(
    rule: Callable[..., Any],
    snapshot: Snapshot = HERE,
    thresholds: Mapping[str, Threshold] | None = None,
    absent: Status = Status.UNKNOWN,
) -> tuple[Result, ...]:
    text = Text("a", "b")
    made = check(
        "K-TST-01", severity=LOW, aspect=INTEGRITY, every=HOUR, source="Pantau default", absent=absent,
        title=text, why=text, remedy=text,
    )(rule)  # fmt: skip
    return evaluate(made, made.thresholds if thresholds is None else thresholds, snapshot, NOW)


def locked(door: Door) -> Verdict:
    return judge(door.locked, "locked", "locked", value=1)


def with_window(door: Door, window: Window | None) -> Verdict:
    return judge(window is not None, "no window" if window is None else ", ".join(window.open), "")


def test_a_fact_that_was_read_is_judged_under_the_code_of_the_check() -> None:
    assert said(locked) == (Result("K-TST-01", Status.PASS, "locked", "locked", value=1),)


def test_a_missing_fact_is_unknown_with_the_reason_it_was_not_read() -> None:
    reason = Text("ditolak", "refused")
    for absent in (Status.UNKNOWN, Status.FAIL, Status.NOT_APPLICABLE):
        (result,) = said(locked, Snapshot(missing={Door: reason}), absent=absent)
        assert result == Result("K-TST-01", Status.UNKNOWN, reason)


def test_a_fact_that_nobody_tried_is_unknown_and_named() -> None:
    (result,) = said(locked, Snapshot())
    assert result == Result("K-TST-01", Status.UNKNOWN, Text("door tidak dibaca", "door was not read"))


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.NOT_APPLICABLE, Status.FAIL, Status.WARN])
def test_an_absent_fact_means_what_the_check_says_it_means(status: Status) -> None:
    assert said(locked, Snapshot(absent={Door: "no door"}), absent=status) == (Result("K-TST-01", status, "no door"),)


def test_an_optional_fact_that_is_absent_is_given_as_none() -> None:
    (result,) = said(with_window, Snapshot({Door: Door()}, absent={Window: "no window"}))
    assert (result.status, result.measured) == (Status.FAIL, "no window")
    assert said(with_window)[0].measured == "east, west"


def test_an_optional_fact_that_is_missing_is_still_unknown() -> None:
    (result,) = said(with_window, Snapshot({Door: Door()}, missing={Window: "dark"}))
    assert (result.status, result.measured) == (Status.UNKNOWN, "dark")


def each_for_itself(door: Door, window: Window | Missing | None) -> Iterator[Verdict]:
    yield judge(door.locked, "locked", "locked", subject="door")
    if isinstance(window, Missing):
        yield unknown(window.reason, subject="window")
    elif window is not None:
        yield judge(not window.open, ", ".join(window.open), "shut", subject="window")


def test_a_rule_that_asks_to_be_told_what_is_missing_says_what_it_can_without_it() -> None:
    read, absent = Snapshot({Door: Door(), Window: Window()}), Snapshot({Door: Door()}, absent={Window: "no window"})
    missing, never = Snapshot({Door: Door()}, missing={Window: "dark"}), Snapshot({Door: Door()})

    assert [(one.subject, one.status) for one in said(each_for_itself, read)] == [
        ("door", Status.PASS), ("window", Status.PASS)
    ]  # fmt: skip
    assert [one.subject for one in said(each_for_itself, absent)] == ["door"]
    for snapshot, reason in ((missing, "dark"), (never, Text("window tidak dibaca", "window was not read"))):
        door, window = said(each_for_itself, snapshot)
        assert (door.status, window.status, window.measured) == (Status.PASS, Status.UNKNOWN, reason)


def test_it_is_told_of_no_other_fact() -> None:
    (result,) = said(each_for_itself, Snapshot({Window: Window()}, missing={Door: "stuck"}))
    assert (result.status, result.measured, result.subject) == (Status.UNKNOWN, "stuck", "")


def test_what_is_missing_or_absent_first_decides_and_the_rule_is_not_asked() -> None:
    def never(door: Door, window: Window) -> Verdict:
        raise AssertionError

    first_absent = Snapshot(absent={Door: "no door"}, missing={Window: "dark"})
    assert said(never, first_absent, absent=Status.NOT_APPLICABLE)[0].status is Status.NOT_APPLICABLE
    first_missing = Snapshot(missing={Door: "dark"}, absent={Window: "no window"})
    assert said(never, first_missing, absent=Status.NOT_APPLICABLE)[0].status is Status.UNKNOWN


def test_a_rule_is_told_the_time_and_reads_no_clock() -> None:
    def at(now: datetime, door: Door) -> Verdict:
        return judge(door.locked, now.isoformat(), "")

    assert said(at)[0].measured == NOW.isoformat()


def test_thresholds_are_those_that_were_given() -> None:
    def most(window: Window, *, maximum: int = 1) -> Verdict:
        return judge(len(window.open) <= maximum, str(len(window.open)), f"<= {maximum}")

    assert said(most)[0].status is Status.FAIL
    assert said(most, thresholds={"maximum": 2})[0].status is Status.PASS


def test_several_subjects_give_several_results_in_the_order_of_the_rule() -> None:
    def each(window: Window) -> Iterator[Verdict]:
        for name in window.open:
            yield judge(name == "east", name, "", subject=name)

    assert [(one.subject, one.status) for one in said(each)] == [("east", Status.PASS), ("west", Status.FAIL)]


def test_a_check_that_says_nothing_has_seen_nothing() -> None:
    def silent(window: Window) -> Iterator[Verdict]:
        yield from ()

    def empty(window: Window) -> list[Verdict]:
        return []

    for rule in (silent, empty):
        assert said(rule) == (Result("K-TST-01", Status.UNKNOWN, NOTHING),)


def test_a_check_that_raises_is_unknown_with_its_text() -> None:
    def broken(door: Door) -> Verdict:
        raise KeyError("maxauthtries")

    def wrong_type(door: Door) -> None:
        return None

    (result,) = said(broken)
    assert (result.status, result.measured) == (Status.UNKNOWN, "K-TST-01: KeyError: 'maxauthtries'")
    assert said(wrong_type)[0].status is Status.UNKNOWN


def test_what_a_check_said_before_it_raised_does_not_count() -> None:
    def half(window: Window) -> Iterator[Verdict]:
        yield judge(True, "east", "", subject="east")
        raise ValueError("west is stuck")

    (result,) = said(half)
    assert result.status is Status.UNKNOWN
    assert "west is stuck" in words(result.measured, "en")


def test_the_same_snapshot_gives_the_same_results() -> None:
    assert said(with_window) == said(with_window)
