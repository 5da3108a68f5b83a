from __future__ import annotations

import hashlib
from datetime import date

import msgspec
import pytest

from checks.catalogue import Catalogue, catalogue
from checks.check import HOUR, INTEGRITY, LOW, MINUTE, Check, check
from checks.fact import Fact, Snapshot
from checks.policy import Policy, PolicyError, read_policy, rulebook
from checks.text import Text
from checks.verdict import Status, Verdict, judge
from tests.checks.real import NOW

TEXT = Text("a", "b")


class Gauge(Fact, frozen=True):
    level: float = 0.0


@check(
    "K-TST-01", severity=LOW, aspect=INTEGRITY, every=MINUTE, source="Pantau default", grace=60, recovery=120,
    title=TEXT, why=TEXT, remedy=TEXT,
)  # fmt: skip
def level(
    gauge: Gauge,
    *,
    most: float = 5.0,
    times: int = 3,
    strict: bool = False,
    name: str = "x",
    words: tuple[str, ...] = ("a",),
    version: tuple[int, ...] = (2, 9),
) -> Verdict:
    return judge(gauge.level <= most, f"{times} {strict} {name} {words} {version}", f"<= {most:g}", value=gauge.level)


@check(
    "K-TST-02", severity=LOW, aspect=INTEGRITY, every=HOUR, source="Pantau default", title=TEXT, why=TEXT, remedy=TEXT
)
def plain(gauge: Gauge) -> Verdict:
    return judge(gauge.level == 0, "", "")


BOOK = Catalogue({check.code: check for check in (level, plain)})
FULL = catalogue()


def problems(policy: Policy) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        rulebook(BOOK, policy)
    return caught.value.problems


def bound(value: object, name: str) -> object:
    """What `name` of K-TST-01 becomes when a policy says `value` in JSON."""
    raw = msgspec.json.encode({"thresholds": {"K-TST-01": {name: value}}})
    return rulebook(BOOK, read_policy(raw)).thresholds["K-TST-01"][name]


# What a policy may say


def test_without_a_policy_the_defaults_hold() -> None:
    book = rulebook(BOOK, Policy())
    assert dict(book.thresholds["K-TST-01"]) == dict(level.thresholds)
    assert (book.grace(level), book.recovery(level), book.grace(plain)) == (60, 120, 0)
    assert book.digest == Policy().digest


@pytest.mark.parametrize(
    ("name", "said", "meant"),
    [
        ("most", 7.5, 7.5), ("most", 7, 7.0), ("times", 4, 4), ("strict", True, True), ("name", "y", "y"),
        ("words", ["b", "c"], ("b", "c")), ("words", [], ()), ("version", [3, 0], (3, 0)),
    ],
)  # fmt: skip
def test_a_threshold_is_overridden_by_a_value_of_its_type(name: str, said: object, meant: object) -> None:
    value = bound(said, name)
    assert value == meant
    assert type(value) is type(meant)


def test_an_override_changes_the_verdict_and_nothing_else() -> None:
    seen = Snapshot({Gauge: Gauge(6.0)})
    (before,) = rulebook(BOOK, Policy()).evaluate(level, seen, NOW)
    (after,) = rulebook(BOOK, Policy(thresholds={"K-TST-01": {"most": 7}})).evaluate(level, seen, NOW)
    assert (before.status, after.status) == (Status.FAIL, Status.PASS)
    assert dict(level.thresholds)["most"] == 5.0


def test_grace_and_recovery_are_overridden_by_code() -> None:
    book = rulebook(BOOK, Policy(grace={"K-TST-01": 0}, recovery={"K-TST-02": 300}))
    assert (book.grace(level), book.recovery(level), book.recovery(plain)) == (0, 120, 300)


def test_a_result_is_stale_after_some_cadences_but_not_within_a_quarter_of_an_hour() -> None:
    book = rulebook(BOOK, Policy())
    assert (book.stale(level), book.stale(plain)) == (900.0, 3 * HOUR)
    assert rulebook(BOOK, Policy(stale_after=30)).stale(level) == 1800.0


def test_results_come_in_the_order_of_the_codes_and_only_of_those_asked_for() -> None:
    book, seen = rulebook(BOOK, Policy()), Snapshot({Gauge: Gauge()})
    assert [one.check for one in book.results(seen, NOW)] == ["K-TST-01", "K-TST-02"]
    assert [one.check for one in book.results(seen, NOW, {"K-TST-02", "K-OTHER"})] == ["K-TST-02"]
    assert book.results(seen, NOW, set()) == ()


# What it may not


def test_a_code_that_does_not_exist_is_named() -> None:
    for section in ("thresholds", "grace", "recovery"):
        value = {"K-TST-99": {"most": 1}} if section == "thresholds" else {"K-TST-99": 1}
        policy = msgspec.convert({section: value}, Policy)
        assert problems(policy) == [f"{section}.K-TST-99: there is no such check"]


def test_a_threshold_that_does_not_exist_is_named_with_those_that_do() -> None:
    said = problems(Policy(thresholds={"K-TST-01": {"maximum": 4}, "K-TST-02": {"most": 4}}))
    assert said == [
        "thresholds.K-TST-01.maximum: K-TST-01 has no such threshold (it has: most, times, strict, name, words, version)",
        "thresholds.K-TST-02.most: K-TST-02 has no such threshold (it has: none)",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("most", "5"), ("most", True), ("most", [5]),
        ("times", "3"), ("times", 3.5), ("times", True), ("times", [3]),
        ("strict", 1), ("strict", "true"),
        ("name", 5), ("name", ["x"]),
        ("words", "a"), ("words", [1]), ("words", ["a", 1]),
        ("version", ["2", "9"]), ("version", 2),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused_and_its_line_named(name: str, value: object) -> None:
    policy = msgspec.convert({"thresholds": {"K-TST-01": {name: value}}}, Policy)
    (said,) = problems(policy)
    assert said.startswith(f"thresholds.K-TST-01.{name}: Expected ")


@pytest.mark.parametrize(
    "wrong",
    [{"silence_after": 0}, {"silence_after": -1}, {"stale_after": 0.5}, {"stale_after": 0.0}, {"stale_after": -3.0}],
)
def test_times_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    assert problems(msgspec.convert(wrong, Policy)) == ["silence_after must be positive and stale_after at least 1"]


def test_negative_grace_and_recovery_are_refused() -> None:
    assert problems(Policy(grace={"K-TST-01": -1}, recovery={"K-TST-02": -60})) == [
        "grace.K-TST-01: must not be negative, is -1",
        "recovery.K-TST-02: must not be negative, is -60",
    ]


def test_every_wrong_line_is_named_at_once_and_the_policy_is_refused_whole() -> None:
    policy = Policy(
        thresholds={"K-TST-01": {"most": "5", "times": 4, "maximum": 1}, "K-TST-99": {"most": 1}},
        grace={"K-TST-02": -1, "K-TST-98": 1},
        recovery={"K-TST-97": 1},
        silence_after=0,
    )
    with pytest.raises(PolicyError) as caught:
        rulebook(BOOK, policy)
    lines = [problem.partition(":")[0] for problem in caught.value.problems[:-1]]
    assert lines == [
        "thresholds.K-TST-01.most", "thresholds.K-TST-01.maximum", "thresholds.K-TST-99", "grace.K-TST-02",
        "grace.K-TST-98", "recovery.K-TST-97",
    ]  # fmt: skip
    assert len(caught.value.problems) == 7
    assert all(problem in str(caught.value) for problem in caught.value.problems)


# As bytes


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (b"", "truncated"), (b"[]", "object"), (b"null", "object"), (b"\xff", "JSON"), (b"[" * 100_000, ""),
        (b'{"threshold":{}}', "threshold"), (b'{"version":1}', "$.version"), (b'{"effective":"tomorrow"}', "$.effective"),
        (b'{"grace":{"K-TST-01":"60"}}', "$.grace"), (b'{"grace":{"K-TST-01":1.5}}', "$.grace"),
        (b'{"thresholds":{"K-TST-01":{"most":null}}}', "$.thresholds"), (b'{"thresholds":{"K-TST-01":{"most":{}}}}', ""),
        (b'{"thresholds":{"K-TST-01":{"most":1e999}}}', "range"), (b'{"thresholds":{"K-TST-01":{"most":NaN}}}', ""),
        (b'{"stale_after":1e999}', "range"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_policy_are_refused_with_the_place(raw: bytes, where: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_policy(raw)
    assert where in str(caught.value)


@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        Policy(
            "2026-11", date(2026, 11, 1), {"K-TST-01": {"most": 7.5, "words": ["a"], "strict": True}}, {"K-TST-01": 1}
        ),
    ],
)
def test_a_policy_comes_back_from_its_bytes_with_the_same_digest(policy: Policy) -> None:
    back = read_policy(policy.encode())
    assert back == policy
    assert back.digest == policy.digest == hashlib.sha256(policy.encode()).hexdigest()


def test_the_digest_does_not_depend_on_the_order_of_lines_but_on_everything_else() -> None:
    one = Policy(grace={"K-TST-01": 1, "K-TST-02": 2})
    assert one.digest == Policy(grace={"K-TST-02": 2, "K-TST-01": 1}).digest
    others = {Policy().digest, Policy(version="b").digest, Policy(effective=date(2026, 1, 1)).digest, one.digest}
    assert len(others) == 4


def test_the_digest_of_the_default_policy_stays_what_reports_in_ledgers_name() -> None:
    assert Policy().encode() == (
        b'{"effective":"2022-09-30","grace":{},"quorum":2,"recovery":{},"silence_after":600,"stale_after":3.0,"thresholds":{},'
        b'"version":"default"}'
    )


# The catalogue


def test_the_default_policy_fits_the_catalogue() -> None:
    book = rulebook(FULL, Policy())
    assert all(dict(book.thresholds[check.code]) == dict(check.thresholds) for check in FULL)


@pytest.mark.parametrize("check", [one for one in FULL if one.thresholds], ids=lambda check: check.code)
def test_every_threshold_can_be_overridden_by_its_own_default_in_json(check: Check) -> None:
    raw = msgspec.json.encode({"thresholds": {check.code: dict(check.thresholds)}})
    book = rulebook(FULL, read_policy(raw))
    assert dict(book.thresholds[check.code]) == dict(check.thresholds)
    assert [type(value) for value in book.thresholds[check.code].values()] == [
        type(value) for value in check.thresholds.values()
    ]


def test_the_whole_catalogue_can_be_written_down_as_one_policy() -> None:
    said = {
        "thresholds": {check.code: dict(check.thresholds) for check in FULL if check.thresholds},
        "grace": {check.code: check.grace for check in FULL},
        "recovery": {check.code: check.recovery for check in FULL},
    }
    book, plain_book = rulebook(FULL, read_policy(msgspec.json.encode(said))), rulebook(FULL, Policy())
    assert book.thresholds == plain_book.thresholds
    assert all(book.grace(check) == plain_book.grace(check) for check in FULL)
    assert book.digest != plain_book.digest
