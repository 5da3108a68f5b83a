from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from collector.enforcement.case import Action, Case, Item, Pause, Stage
from collector.enforcement.deadline import end_of
from collector.enforcement.ladder import after, allowed, unfounded
from collector.enforcement.ladder_acts import EndObjection, Issue, Object, Propose, Settle
from collector.enforcement.rules import Rules
from collector.enforcement.rungs import Form, Rung
from collector.enforcement.unlawful import Unlawful

NOW = datetime(2026, 5, 4, 3, tzinfo=UTC)
RULES = Rules()
ITEMS = (Item(1, "k", NOW - timedelta(days=90)), Item(2, "g", NOW - timedelta(days=90)))


def received(key: int, rung: Rung, *items: int, on: date = date(2026, 3, 9), **more: object) -> Action:
    made = Action(
        key, rung, frozenset(items or (1,)), 1, RULES, stage=Stage.RECEIVED, approved_by=frozenset({2, 3}), letter=f"{key}/D.2",
        issued_at=NOW - timedelta(days=80), received_on=on, window_ends=end_of(on + timedelta(days=7)),
        improve_by=end_of(on + timedelta(days=14)),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def proposed(case: Case, rung: Rung, *items: int, **more: object) -> Case:
    said = {"coverage": {"k": 1.0, "g": 1.0}, **more}
    return after(case, Propose(9, rung, frozenset(items), 1, **said), RULES, NOW)  # type: ignore[arg-type]


def test_a_rung_counts_only_for_the_items_it_was_about() -> None:
    case = Case(ITEMS, (received(1, Rung.RECOMMENDATION, 1),))
    assert proposed(case, Rung.WARNING, 1).action(9).stage is Stage.PROPOSED
    with pytest.raises(Unlawful, match="must follow"):
        proposed(case, Rung.WARNING, 1, 2)


def test_what_held_at_the_proposal_must_hold_again_at_issue() -> None:
    case = proposed(Case(ITEMS, (received(1, Rung.RECOMMENDATION),)), Rung.WARNING, 1)
    ready = case.with_action(replace(case.action(9), stage=Stage.APPROVED, approved_by=frozenset({2})))
    assert allowed(ready, Issue(9, "9/D.2"), RULES, NOW)
    objected = after(ready, Object(1), RULES, NOW)
    assert not allowed(objected, Issue(9, "9/D.2"), RULES, NOW)
    withdrawn = after(objected, EndObjection(1, withdraws=True), RULES, NOW)
    assert not allowed(withdrawn, Issue(9, "9/D.2"), RULES, NOW)
    gone = ready.with_item(replace(ready.item(1), found=False))
    assert not allowed(gone, Issue(9, "9/D.2"), RULES, NOW)
    assert not allowed(after(gone, Settle(1, True), RULES, NOW), Issue(9, "9/D.2"), RULES, NOW)


def test_a_revocation_is_of_one_standard() -> None:
    case = Case(ITEMS, (received(1, Rung.WARNING, 1, 2),))
    assert proposed(case, Rung.REVOCATION, 1)
    with pytest.raises(Unlawful, match="one standard"):
        proposed(case, Rung.REVOCATION, 1, 2)


def test_a_termination_names_its_form_and_only_the_sla_opens_it_from_below() -> None:
    case = Case(ITEMS)
    with pytest.raises(Unlawful, match="names its form"):
        proposed(case, Rung.TERMINATION, sla_clause="SLA pasal 4")
    assert proposed(case, Rung.TERMINATION, sla_clause="SLA pasal 4", form=Form.ACCESS_TAKEN)
    with pytest.raises(Unlawful, match="opens termination only"):
        proposed(case, Rung.WARNING, 1, sla_clause="SLA pasal 4")
    with pytest.raises(Unlawful, match="non-conformities"):
        proposed(case, Rung.TERMINATION, sla_clause=" ", form=Form.OTHER)


def test_the_time_an_objection_stopped_is_given_back_to_the_end_of_the_day() -> None:
    day = datetime(2026, 3, 12, 2, tzinfo=UTC)
    pause = Pause(day, day + timedelta(days=3, hours=1), True)
    assert received(1, Rung.WARNING).improve_until() == end_of(date(2026, 3, 23))
    assert received(1, Rung.WARNING, pauses=(pause,)).improve_until() == end_of(date(2026, 3, 27))
    assert received(1, Rung.WARNING, pauses=(replace(pause, stops=False),)).improve_until() == end_of(date(2026, 3, 23))
    assert received(1, Rung.WARNING, pauses=(replace(pause, until=None),)).improve_until() is None
    before = Pause(day - timedelta(days=9), day - timedelta(days=4), True)  # over before the notice was received
    assert received(1, Rung.WARNING, pauses=(before,)).improve_until() == end_of(date(2026, 3, 23))
    late = Pause(day + timedelta(days=40), day + timedelta(days=50), True)
    assert received(1, Rung.WARNING, pauses=(late,)).improve_until() == end_of(date(2026, 3, 23))


def test_an_act_whose_lower_rung_was_withdrawn_is_listed_for_a_person() -> None:
    case = Case(ITEMS, (received(1, Rung.RECOMMENDATION), received(2, Rung.WARNING)))
    assert unfounded(case) == ()
    case = after(after(case, Object(1), RULES, NOW), EndObjection(1, withdraws=True), RULES, NOW)
    assert [one.id for one in unfounded(case)] == [2]
