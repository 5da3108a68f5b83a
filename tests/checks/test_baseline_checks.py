"""Every check that compares with an approved baseline: what holds of all of them.

Such a check has facts of two vantages, so only the collector can judge it (`Catalogue.joined`).
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checks.baseline import Approved, Listed, listed
from checks.catalogue import catalogue
from checks.check import Check
from checks.evaluate import evaluate
from checks.fact import Snapshot, name_of, recipes, vantages
from checks.source import Register
from checks.target import Target
from checks.text import words
from checks.vantage import Vantage
from checks.verdict import Result, Status
from tests.checks.real import NOW

AT = datetime(2026, 11, 1, tzinfo=UTC)
CHECKS = tuple(check for check in catalogue() if any(issubclass(fact, Approved) for fact in check.facts))
BY_CODE = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
ONLY_NEW = {
    "J-ACC-04",
    "K-FS-05",
    "K-IOC-06",
    "K-NET-03",
    "K-PG-14",
    "K-TIME-04",
}  # where less than was approved needs no approval


def facts_of(check: Check) -> tuple[type[Listed], type[Approved]]:
    now, approved = check.facts
    assert issubclass(now, Listed)
    assert issubclass(approved, Approved)
    return now, approved


def judged(check: Check, now: tuple[str, ...], approved: tuple[str, ...] | None) -> Result:
    """The only result of `check` where these things are there, and those were approved (None: nothing ever was)."""
    kind, register = facts_of(check)
    snapshot = Snapshot({kind: listed(kind, now)}, absent={register: "nothing entered"})
    if approved is not None:
        held = listed(kind, approved)
        snapshot = Snapshot({**snapshot.facts, register: register(held.items, held.count, held.digest, AT)})
    (result,) = evaluate(check, check.thresholds, snapshot, NOW)
    return result


def test_these_are_all() -> None:
    assert {check.code for check in CHECKS} >= ONLY_NEW | {"F-CHG-04", "K-IOC-08", "K-IOC-11", "K-IOC-12", "K-NET-10"}


@BY_CODE
def test_the_register_is_called_as_its_own_fact_and_read_as_it_was_entered(check: Check) -> None:
    _, approved = facts_of(check)
    (recipe,) = recipes(approved)
    assert recipe.sources == (Register(name_of(approved), approved),)
    held = approved(("a",), 1, "0", AT)
    assert recipe.parse(held) is held


@BY_CODE
def test_host_or_prober_reads_one_side_and_only_the_collector_joins_both(check: Check) -> None:
    now, approved = facts_of(check)
    surveyor = Vantage.OUTSIDE if check.target is Target.INSTANCE else Vantage.HOST
    assert (vantages(now), vantages(approved)) == ({surveyor}, {Vantage.REGISTER})
    assert not check.vantages
    assert check in catalogue().joined


@BY_CODE
def test_what_was_approved_passes(check: Check) -> None:
    assert judged(check, ("a", "b"), ("a", "b")).status is Status.PASS


@BY_CODE
def test_one_thing_more_fails_and_is_named(check: Check) -> None:
    said = judged(check, ("a", "b", "zzz"), ("a", "b"))
    assert said.status is Status.FAIL
    assert "zzz" in words(said.measured, "id")


@BY_CODE
def test_one_thing_less_is_judged_as_its_kind_demands(check: Check) -> None:
    said = judged(check, ("a",), ("a", "b"))
    assert said.status is (Status.PASS if check.code in ONLY_NEW else Status.FAIL)


@BY_CODE
def test_nothing_approved_is_undetermined_and_says_where_to_approve(check: Check) -> None:
    said = judged(check, ("a",), None)
    assert said.status is Status.UNKNOWN
    assert "Baseline" in words(said.measured, "en")


@BY_CODE
def test_what_could_not_be_read_is_undetermined_whatever_was_approved(check: Check) -> None:
    kind, register = facts_of(check)
    held = register(("a",), 1, "0", AT)
    (said,) = evaluate(check, check.thresholds, Snapshot({register: held}, missing={kind: "no permission"}), NOW)
    assert (said.status, said.measured) == (Status.UNKNOWN, "no permission")


@BY_CODE
def test_the_remedy_ends_with_the_register_of_changes_and_the_approval(check: Check) -> None:
    for language, register, page in (("id", "register perubahan", "server"), ("en", "register of changes", "server")):
        text = words(check.remedy, "en" if language == "en" else "id")
        assert text.index(register) < text.index("Baseline")
        assert page in text
