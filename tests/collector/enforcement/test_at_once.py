"""Two people at once, on two connections (real threads; on PostgreSQL too, see .ci/test.py)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from collector.accounts.audit import verify_acts
from collector.enforcement.acts import actions, cases, objections
from collector.enforcement.acts.actions import Proposal
from collector.enforcement.models import Action, Case, Objection, Transition
from collector.enforcement.rungs import Rung
from collector.enforcement.unlawful import Overtaken, Unlawful
from tests.collector.enforcement.conftest import office_of, paper
from tests.collector.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each gave or raised, all begun at the same moment."""
    ready = threading.Barrier(len(deeds))
    found: list[object] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], object]) -> None:
        try:
            ready.wait()
            found[place] = deed()
        except (Overtaken, Unlawful) as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_two_approvers_at_once_one_wins_and_the_other_is_told() -> None:
    office = office_of(World.create())
    action = office.proposed(office.case(), Rung.TERMINATION, sla_clause="SLA pasal 4")
    one, two = (office.said(by, seen=action.version) for by in (office.approver, office.second_approver))
    found = at_once(lambda: actions.approve(one, action.pk), lambda: actions.approve(two, action.pk))
    assert sorted(type(result).__name__ for result in found) == ["Action", "Overtaken"]
    told = next(result for result in found if isinstance(result, Overtaken))
    winner = action.approvals.get().by
    assert told.who == str(winner)
    assert Action.objects.get().stage == "proposed"
    assert verify_acts().problems == []


def test_of_an_approval_and_a_rejection_at_once_one_holds() -> None:
    office = office_of(World.create())
    action = office.proposed(office.case())
    yes, no = office.said(office.approver), office.said(office.second_approver)
    found = at_once(lambda: actions.approve(yes, action.pk), lambda: actions.reject(no, action.pk))
    stage = Action.objects.get().stage
    refused = [result for result in found if isinstance(result, Unlawful)]
    assert (stage, len(refused)) in {("rejected", 1), ("rejected", 0)}


def test_a_double_click_opens_one_case_and_files_one_objection() -> None:
    office = office_of(World.create())
    rows = office.confirmed("K-SSH-01")
    said = office.said(office.officer, key="form-1")
    found = at_once(*[lambda: cases.open_case(said, office.provider.pk, "Kasus", [rows[0].pk])] * 3)
    assert {result.pk for result in found} == {Case.objects.get().pk}  # type: ignore[attr-defined]
    action = office.received(Case.objects.get())
    again = office.said(office.head, key="form-2")
    found = at_once(*[lambda: objections.file(again, action.pk, "Keberatan", paper(), [paper("bukti")])] * 3)
    assert {result.pk for result in found} == {Objection.objects.get().pk}  # type: ignore[attr-defined]
    assert Transition.objects.filter(machine="objection").count() == 1


def test_of_two_officers_who_propose_the_same_one_wins() -> None:
    office = office_of(World.create())
    case = office.case()
    wish = Proposal(Rung.RECOMMENDATION, [case.items.get().pk])
    one, two = office.said(office.officer), office.said(office.second_officer)
    found = at_once(lambda: actions.propose(one, case.pk, wish), lambda: actions.propose(two, case.pk, wish))
    assert sorted(type(result).__name__ for result in found) == ["Action", "Unlawful"]
    assert Action.objects.count() == 1
