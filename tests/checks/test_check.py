from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import datetime
from typing import Any, ClassVar

import pytest

from checks.check import CODE, CRITICAL, HOUR, INTEGRITY, MINUTE, Check, check
from checks.fact import Fact, Missing
from checks.target import Target
from checks.text import Text
from checks.verdict import Status, Verdict, judge
from tests.checks.real import NOW


class Door(Fact, frozen=True):
    locked: bool = True


class Window(Fact, frozen=True):
    locked: bool = True


class Lease(Fact, frozen=True):
    about: ClassVar[Target] = Target.PROVIDER


SAID = {
    "severity": CRITICAL,
    "aspect": INTEGRITY,
    "every": HOUR,
    "source": "Pantau default",
    "title": Text("Terkunci", "Locked"),
    "why": Text("Karena", "Because"),
    "remedy": Text("`kunci`", "`lock`"),
}


def declare(rule: Callable[..., Any], **changed: object) -> Check:
    """A check as a topic file declares it, with some of it changed."""
    said: dict[str, Any] = {"code": "K-TST-01", **SAID, **changed}
    return check(said.pop("code"), **said)(rule)


def locked(door: Door, window: Window | None, now: datetime, *, times: int = 2, names: tuple[str, ...] = ()) -> Verdict:
    return judge(door.locked, f"{times} {window} {now:%H} {names}", "")


def refused(rule: Callable[..., Any]) -> str:
    with pytest.raises(TypeError) as caught:
        declare(rule)
    said = str(caught.value)
    assert said.startswith("K-TST-01: "), "the sentence must name the check"
    return said


def test_a_declaration_becomes_a_check_that_knows_its_facts_and_thresholds() -> None:
    made = declare(locked, grace=3 * MINUTE, recovery=MINUTE, absent=Status.NOT_APPLICABLE)

    assert made.facts == (Door, Window)
    assert [need and need.optional for need in made.arguments] == [False, True, None]
    assert dict(made.thresholds) == {"times": 2, "names": ()}
    assert made.types == {"times": int, "names": tuple[str, ...]}
    assert (made.grace, made.recovery, made.absent) == (180, 60, Status.NOT_APPLICABLE)


def test_absence_is_unknown_and_nothing_is_waited_for_unless_the_check_says_so() -> None:
    made = declare(locked)
    assert (made.absent, made.grace, made.recovery) == (Status.UNKNOWN, 0, 0)


def test_a_check_can_be_called_like_its_rule() -> None:
    verdict = declare(locked)(Door(), None, NOW, times=5)
    assert isinstance(verdict, Verdict)
    assert verdict.measured == "5 None 03 ()"


def test_a_failure_is_named_so_that_it_cannot_be_read_as_the_title_which_states_what_should_be() -> None:
    assert declare(locked).breach == Text("Tidak terpenuhi: Terkunci", "Not met: Locked")


def test_a_check_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        declare(locked).severity = CRITICAL  # type: ignore[misc]


@pytest.mark.parametrize(
    "code",
    ["", "K-SSH-1", "K-SSH-001", "k-ssh-01", "R-SSH-01", "K_SSH_01", "K-S-01", "K-SSHDX-01", "K-SSH-01 ", "SSH-01"],
)
def test_a_code_of_another_form_is_refused(code: str) -> None:
    assert not CODE.fullmatch(code)
    with pytest.raises(ValueError, match="is not a check code such as K-SSH-01") as caught:
        declare(locked, code=code)
    assert repr(code) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("source", ""), ("source", " \n"),
        *((name, text) for name in ("title", "why", "remedy") for text in (Text("", "x"), Text("x", ""), Text(" ", "x"))),
    ],
)  # fmt: skip
def test_an_empty_text_in_either_language_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"K-TST-01: {name} is empty"):
        declare(locked, **{name: value})


@pytest.mark.parametrize("wrong", [{"every": 0}, {"every": -60}, {"grace": -1}, {"recovery": -1}])
def test_times_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="K-TST-01: every must be positive"):
        declare(locked, **wrong)


def test_absence_can_never_mean_pass() -> None:
    with pytest.raises(ValueError, match="K-TST-01: what is absent was not seen"):
        declare(locked, absent=Status.PASS)


def test_a_check_without_any_fact_is_refused() -> None:
    def nothing() -> Verdict:
        return judge(True, "", "")

    def only_the_clock(now: datetime) -> Verdict:
        return judge(True, str(now), "")

    assert refused(nothing) == refused(only_the_clock) == "K-TST-01: takes no fact"


def test_a_parameter_that_is_no_fact_is_refused_by_name() -> None:
    def number(door: Door, times: int) -> Verdict:
        return judge(door.locked, str(times), "")

    def untyped(door) -> Verdict:  # type: ignore[no-untyped-def]  # noqa: ANN001
        return judge(door.locked, "", "")

    def either(door: Door | Window) -> Verdict:
        return judge(door.locked, "", "")

    def either_or_none(door: Door | Window | None) -> Verdict:
        return judge(door is not None, "", "")

    def maybe_number(door: int | None) -> Verdict:
        return judge(bool(door), "", "")

    def a_verdict(door: Verdict) -> Verdict:
        return door

    assert "'times' must be a Fact, a Fact | None, a Fact | Missing or a datetime, not <class 'int'>" in refused(number)
    for rule in (untyped, either, either_or_none, maybe_number, a_verdict):
        assert "parameter 'door' must be a Fact" in refused(rule)


def test_a_rule_may_ask_to_be_told_what_was_not_read() -> None:
    def told(door: Door, window: Window | Missing, both: Window | Missing | None) -> Verdict:
        return judge(door.locked, f"{window} {both}", "")

    needs = [need for need in declare(told).arguments if need is not None]
    assert [(need.fact, need.optional, need.spared) for need in needs] == [
        (Door, False, False), (Window, False, True), (Window, True, True)
    ]  # fmt: skip


def test_any_number_of_facts_or_thresholds_is_refused() -> None:
    def all_of(*doors: Door) -> Verdict:
        return judge(True, str(doors), "")

    def whatever(door: Door, **thresholds: int) -> Verdict:
        return judge(door.locked, str(thresholds), "")

    assert "'doors' must be one fact" in refused(all_of)
    assert "'thresholds' must be one fact" in refused(whatever)


def test_a_threshold_without_type_or_default_is_refused_by_name() -> None:
    def no_default(door: Door, *, times: int) -> Verdict:
        return judge(door.locked, str(times), "")

    def no_type(door: Door, *, times=4) -> Verdict:  # type: ignore[no-untyped-def]  # noqa: ANN001
        return judge(door.locked, str(times), "")

    for rule in (no_default, no_type):
        assert "threshold 'times' needs a type and a default" in refused(rule)


def test_a_threshold_that_policy_could_not_say_is_refused() -> None:
    def listed(door: Door, *, times: list[int] = []) -> Verdict:  # noqa: B006
        return judge(door.locked, str(times), "")

    def moment(door: Door, *, times: datetime = NOW) -> Verdict:
        return judge(door.locked, str(times), "")

    def maybe(door: Door, *, times: int | None = None) -> Verdict:
        return judge(door.locked, str(times), "")

    for rule in (listed, moment, maybe):
        assert "threshold 'times' must be bool, int, float, str, or a tuple of str or int" in refused(rule)


def test_a_default_of_another_type_is_refused() -> None:
    def text(door: Door, *, times: int = "4") -> Verdict:  # type: ignore[assignment]
        return judge(door.locked, str(times), "")

    def parts(door: Door, *, times: tuple[str, ...] = (1,)) -> Verdict:  # type: ignore[assignment]
        return judge(door.locked, str(times), "")

    def single(door: Door, *, times: tuple[str, ...] = ("ab")) -> Verdict:  # type: ignore[assignment]
        return judge(door.locked, str(times), "")

    for rule in (text, parts, single):
        assert "the default of threshold 'times' does not fit its type" in refused(rule)


def test_a_check_is_about_what_its_facts_are_about() -> None:
    def leased(lease: Lease) -> Verdict:
        return judge(True, "", "")

    def mixed(door: Door, lease: Lease) -> Verdict:
        return judge(True, "", "")

    assert declare(locked).target is Target.SERVER
    assert declare(leased).target is Target.PROVIDER
    with pytest.raises(ValueError, match=r"K-TST-01: its facts are about several targets: provider, server"):
        declare(mixed)
