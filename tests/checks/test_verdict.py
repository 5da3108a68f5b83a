from __future__ import annotations

import msgspec
import pytest

from checks.text import Text
from checks.verdict import Result, Status, Verdict, at_most, judge, not_applicable, result, unknown, warned


def test_what_is_met_passes_and_what_is_not_fails() -> None:
    assert judge(True, "4", "<= 4", subject="sshd", value=4) == Verdict(Status.PASS, "4", "<= 4", "sshd", 4)
    assert judge(False, "6", "<= 4").status is Status.FAIL


def test_advice_ignorance_and_nothing_to_say_are_statuses_of_their_own() -> None:
    assert warned("6", "<= 4", subject="/", value=6) == Verdict(Status.WARN, "6", "<= 4", "/", 6)
    assert unknown("no permission", subject="/") == Verdict(Status.UNKNOWN, "no permission", subject="/")
    assert not_applicable("no swap") == Verdict(Status.NOT_APPLICABLE, "no swap")


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (0.0, Status.PASS), (69.99, Status.PASS), (70.0, Status.WARN), (89.99, Status.WARN), (90.0, Status.FAIL),
        (1e9, Status.FAIL), (float("inf"), Status.FAIL),
    ],
)  # fmt: skip
def test_a_threshold_counts_from_itself_on(value: float, status: Status) -> None:
    assert at_most(value, warn=70, fail=90, unit="%").status is status


def test_what_is_not_a_number_is_unknown() -> None:
    verdict = at_most(float("nan"), warn=70, fail=90, unit="%", subject="/home")
    assert (verdict.status, verdict.subject, verdict.value) == (Status.UNKNOWN, "/home", None)


def test_a_measure_is_said_with_its_unit_in_both_languages() -> None:
    verdict = at_most(83.25, warn=70, fail=90, unit="%", subject="/home")
    assert (verdict.measured, verdict.expected) == ("83.25%", Text("di bawah 90%", "below 90%"))
    assert (verdict.subject, verdict.value) == ("/home", 83.25)
    assert at_most(3, warn=1, fail=2, unit="ms").measured == "3 ms"
    assert at_most(3, warn=1, fail=2, unit="").measured == "3"
    assert at_most(3, warn=1, fail=2, unit="%", measured="three").measured == "three"


def test_a_result_is_the_verdict_with_the_code_of_its_check() -> None:
    verdict = Verdict(Status.FAIL, Text("enam", "six"), "<= 4", "sshd", 6)
    assert result("K-SSH-04", verdict) == Result("K-SSH-04", Status.FAIL, Text("enam", "six"), "<= 4", "sshd", 6)
    assert {field.name for field in msgspec.structs.fields(Result)} == {
        "check", *(field.name for field in msgspec.structs.fields(Verdict)),
    }  # fmt: skip


def test_a_result_travels_small_and_comes_back_the_same() -> None:
    small = Result("K-SSH-01", Status.PASS)
    assert msgspec.json.encode(small) == b'{"check":"K-SSH-01","status":"pass"}'
    whole = Result("K-SSH-04", Status.FAIL, Text("enam", "six"), "<= 4", "sshd", 6.0)
    for one in (small, whole):
        assert msgspec.json.decode(msgspec.json.encode(one), type=Result) == one


@pytest.mark.parametrize(
    "wrong",
    [
        b'{"check":"K-SSH-01"}',
        b'{"check":"K-SSH-01","status":"fine"}',
        b'{"check":"K-SSH-01","status":"PASS"}',
        b'{"check":"K-SSH-01","status":"pass","severity":"low"}',
        b'{"check":"K-SSH-01","status":"pass","value":"4"}',
    ],
)
def test_a_result_of_another_shape_is_refused(wrong: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(wrong, type=Result)


def test_verdicts_are_frozen() -> None:
    with pytest.raises(AttributeError):
        judge(False, "", "").status = Status.PASS  # type: ignore[misc]


def test_there_are_five_statuses_and_only_one_of_them_is_a_pass() -> None:
    assert [status.value for status in Status] == ["pass", "warn", "fail", "unknown", "not_applicable"]
