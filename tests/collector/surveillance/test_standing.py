from __future__ import annotations

from datetime import timedelta

import pytest

from checks.check import DAY, HOUR
from checks.standard import Standing, load
from checks.target import Target
from checks.verdict import Status
from collector.surveillance.standing import Shown, combine, shown, statuses, tallies
from collector.surveillance.state import Current, State
from tests.collector.surveillance.story import BEGIN, BOOK, CATALOGUE, book

CODE = "G-TST-01"
CHECK = CATALOGUE.checks[CODE]


def current(status: str, *, age: float = 0, finding: str | None = None, met: bool = False) -> Current:
    """A verdict; a failure has its finding unless `finding` says otherwise."""
    at = BEGIN - timedelta(seconds=age)
    held = finding if finding is not None else "f1" if status == "fail" else ""
    return Current(Status(status), at, at, 1, finding=held, met=met)


def show(status: str, *, age: float = 0, waived: tuple[tuple[str, str], ...] = (), subject: str = "") -> Shown:
    return shown(CODE, subject, current(status, age=age), CHECK, BOOK, waived, BEGIN)


def state(**found: str) -> State:
    return State(current={CODE: {subject: current(status) for subject, status in found.items()}})


@pytest.mark.parametrize("status", list(Status))
def test_a_fresh_verdict_is_shown_as_it_is(status: Status) -> None:
    assert show(status) == status.value


def test_a_verdict_is_stale_after_three_cadences_and_never_within_a_quarter_of_an_hour() -> None:
    assert show("pass", age=900) is Shown.PASS
    assert show("pass", age=901) is Shown.STALE
    patient = book(stale_after=100.0)
    assert shown(CODE, "", current("pass", age=6000), CHECK, patient, (), BEGIN) is Shown.PASS
    assert CHECK.every * 3 < 900 < HOUR < DAY


def test_a_verdict_of_a_check_that_is_no_more_is_stale() -> None:
    assert shown("G-OLD-01", "", current("pass"), None, BOOK, (), BEGIN) is Shown.STALE


def test_silence_is_never_stale() -> None:
    check = CATALOGUE.checks["L-AVL-12"]
    assert shown("L-AVL-12", "", current("fail", age=30 * DAY), check, BOOK, (), BEGIN) is Shown.FAIL


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        (current("fail", finding="", met=True), "warn"),
        (current("fail", finding="", met=False), "unknown"),
        (current("fail", finding="f1", met=True), "fail"),
        (current("pass", finding="f1", met=True), "fail"),
        (current("not_applicable", finding="f1", met=True), "fail"),
        (current("unknown", finding="f1", met=True), "unknown"),
        (current("pass", met=True), "pass"),
    ],
)
def test_a_check_counts_as_failed_exactly_while_its_finding_is_open(one: Current, counts: str) -> None:
    assert statuses(State(current={CODE: {"": one}}), Target.SERVER, BOOK, (), BEGIN)[CODE] == counts


def test_a_waived_finding_in_its_recovery_counts_as_waived() -> None:
    one = State(current={CODE: {"": current("pass", finding="f1", met=True)}})
    assert statuses(one, Target.SERVER, BOOK, ((CODE, ""),), BEGIN)[CODE] == "not_applicable"


def test_a_waiver_covers_a_failure_of_its_subject_or_of_all_and_nothing_else() -> None:
    assert show("fail", waived=((CODE, ""),), subject="/var") is Shown.WAIVED
    assert show("fail", waived=((CODE, "/var"),), subject="/var") is Shown.WAIVED
    assert show("fail", waived=((CODE, "/"),), subject="/var") is Shown.FAIL
    assert show("fail", waived=(("G-TST-02", ""),)) is Shown.FAIL
    assert show("unknown", waived=((CODE, ""),)) is Shown.UNKNOWN
    assert show("pass", waived=((CODE, ""),)) is Shown.PASS
    assert show("fail", age=DAY, waived=((CODE, ""),)) is Shown.STALE


@pytest.mark.parametrize(
    ("found", "worst"),
    [
        ({"a": "pass", "b": "fail", "c": "unknown"}, "fail"),
        ({"a": "pass", "b": "unknown", "c": "warn"}, "unknown"),
        ({"a": "pass", "b": "warn"}, "warn"),
        ({"a": "pass", "b": "not_applicable"}, "pass"),
        ({"a": "not_applicable"}, "not_applicable"),
    ],
)
def test_the_worst_subject_is_the_status_of_a_check(found: dict[str, str], worst: str) -> None:
    assert statuses(state(**found), Target.SERVER, BOOK, (), BEGIN) == {CODE: worst}


def test_waived_counts_as_not_applicable_and_stale_as_unknown_never_as_met() -> None:
    assert statuses(state(a="fail"), Target.SERVER, BOOK, ((CODE, "a"),), BEGIN) == {CODE: "not_applicable"}
    assert statuses(state(a="fail", b="pass"), Target.SERVER, BOOK, ((CODE, "a"),), BEGIN) == {CODE: "pass"}
    assert statuses(state(a="pass"), Target.SERVER, BOOK, (), BEGIN + timedelta(days=1)) == {CODE: "unknown"}


def test_one_server_that_fails_is_a_provider_that_does_not_meet() -> None:
    standards = load()
    letter = "k"
    codes = sorted(standards[letter].checks)
    good = dict.fromkeys(codes, "pass")
    assert tallies(standards, [good, good])[letter].standing is not Standing.NOT_MET
    assert tallies(standards, [good, {**good, codes[0]: "fail"}])[letter].standing is Standing.NOT_MET
    assert tallies(standards, [good, {**good, codes[0]: "unknown"}])[letter].coverage < 1
    assert combine([good, {**good, codes[0]: "fail"}])[codes[0]] == (Status.FAIL, Status.PASS)


def test_a_provider_without_servers_meets_nothing() -> None:
    assert {one.standing for one in tallies(load(), []).values()} == {Standing.UNDETERMINED}
