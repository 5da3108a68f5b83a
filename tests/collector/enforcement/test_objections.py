from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from checks.calendar import WIB
from collector.accounts.audit import verify_acts
from collector.enforcement.acts import objections, offers, settings
from collector.enforcement.acts.objections import Proposed
from collector.enforcement.assembling import action_of, case_of, zone_of
from collector.enforcement.calendar import Effect
from collector.enforcement.deadlines import holding
from collector.enforcement.models import Action, Deadline, Examination, Objection, Offer, RulesVersion
from collector.enforcement.objection import Outcome
from collector.enforcement.offer import Act as OfferAct
from collector.enforcement.rules import Improvement, Rules
from collector.enforcement.rungs import Rung
from collector.enforcement.unlawful import Overtaken, Unlawful
from collector.enforcement.zones import Zone
from tests.collector.enforcement.conftest import Office, paper

DUE = datetime(2026, 3, 27, 23, 59, 59, tzinfo=WIB)


@pytest.fixture
def action(office: Office) -> Action:
    """Received on Saturday 2026-03-14, as in domain.md 4: the window ends on 2026-03-27."""
    office.wait(days=2)
    return office.received(office.case())


def filed(office: Office, action: Action) -> Objection:
    return objections.file(office.said(office.head), action.pk, "Kami keberatan", paper(), [paper("bukti.pdf")])


def test_on_the_fifth_working_day_across_joint_leave_it_is_in_time_and_a_second_later_it_is_late(
    office: Office, action: Action
) -> None:
    assert holding(action)["objection"].due_at == DUE
    office.now = DUE + timedelta(seconds=1)
    late = filed(office, action)
    assert (late.stage, late.late, late.opened_at) == ("late", True, None)
    objections.take_back(office.said(office.head), late.pk)
    office.now = DUE
    assert (filed(office, action).stage, action.objections.count()) == ("filed", 2)


def test_a_late_one_is_recorded_and_an_officer_decides(office: Office, action: Action) -> None:
    office.now = DUE + timedelta(days=3)
    late = filed(office, action)
    with pytest.raises(Unlawful, match="reason"):
        objections.take(office.said(office.officer, ""), late.pk)
    with pytest.raises(PermissionDenied):
        objections.take(office.said(office.head), late.pk)
    taken = objections.take(office.said(office.officer, "banjir"), late.pk)
    assert (taken.stage, taken.opened_at) == ("filed", office.now)
    assert case_of(action.case).action(action.pk).objected


def test_while_it_is_open_the_ladder_stands_still_and_the_time_is_given_back(office: Office, action: Action) -> None:
    office.wait(days=4)
    row = filed(office, action)
    office.wait(days=60)
    with pytest.raises(Unlawful, match="must follow"):
        office.proposed(action.case, Rung.WARNING)
    with pytest.raises(Unlawful, match="cannot be done"):
        objections.propose(office.said(office.officer), row.pk, Proposed(Outcome.UPHELD))
    objections.examine(
        office.said(office.officer), row.pk, Examination.Kind.CLARIFICATION, "Penyedia hosting", "PT Awan"
    )
    assert not Examination.objects.visible_to(office.head).exists()
    objections.propose(office.said(office.officer, "bukti tidak cukup"), row.pk, Proposed(Outcome.UPHELD))
    with pytest.raises(PermissionDenied):
        objections.decide(office.said(office.officer), row.pk)
    decided = objections.decide(office.said(office.approver), row.pk)
    assert (decided.stage, decided.outcome, decided.decided_by) == ("decided", "upheld", office.approver)
    assert Examination.objects.visible_to(office.head).count() == 1
    until = action_of(Action.objects.get(pk=action.pk)).improve_until()
    assert until == datetime(2026, 6, 12, 23, 59, 59, tzinfo=WIB)  # 2026-04-13 and sixty days
    with pytest.raises(Unlawful, match="must follow"):
        office.proposed(action.case, Rung.WARNING)
    office.now = until + timedelta(seconds=1)
    assert office.proposed(action.case, Rung.WARNING).rung == "warning"
    assert verify_acts().problems == []


def test_whether_the_clock_stops_is_lkpps_rule_and_an_act_keeps_the_rules_of_its_proposal(office: Office) -> None:
    office.wait(days=2)
    rules = Rules(version="2", objection_suspends=False, improvement=Improvement(recommendation=10))
    with pytest.raises(PermissionDenied):
        settings.publish(office.said(office.officer), rules)
    first = settings.publish(office.said(office.approver), rules)
    action = office.received(office.case())
    office.wait(hours=1)
    settings.publish(office.said(office.approver), Rules(version="3"))
    with pytest.raises(Overtaken):
        settings.publish(office.said(office.second_approver, seen=first.pk), Rules(version="4"))
    assert RulesVersion.objects.count() == 2
    filed(office, action)
    office.wait(days=30)
    assert office.proposed(action.case, Rung.WARNING).rung == "warning"


def test_an_objection_can_change_an_act_to_the_milder_or_withdraw_it(office: Office, action: Action) -> None:
    row = filed(office, action)
    objections.examine(office.said(office.officer), row.pk, Examination.Kind.EXAMINATION, "Dilihat di tempat")
    items = [item.pk for item in action.items.all()]
    for wrong in (
        Proposed(Outcome.CHANGED), Proposed(Outcome.CHANGED, items), Proposed(Outcome.UPHELD, more_days=3),
        Proposed(Outcome.CHANGED, more_days=-3),
    ):  # fmt: skip
        with pytest.raises(Unlawful):
            objections.propose(office.said(office.officer), row.pk, wrong)
    objections.propose(office.said(office.officer), row.pk, Proposed(Outcome.CHANGED, more_days=10))
    objections.send_back(office.said(office.approver), row.pk)
    objections.propose(office.said(office.officer), row.pk, Proposed(Outcome.CHANGED, more_days=7))
    objections.decide(office.said(office.approver), row.pk)
    changed = Action.objects.get(pk=action.pk)
    assert changed.more_days == 7
    assert [one.days for one in Deadline.objects.filter(kind="improvement").order_by("pk")] == [30, 37]
    with pytest.raises(Unlawful, match="already"):
        filed(office, action)


def test_an_act_that_an_objection_withdraws_is_no_rung(office: Office, action: Action) -> None:
    row = filed(office, action)
    objections.examine(office.said(office.officer), row.pk, Examination.Kind.EXAMINATION, "Dilihat di tempat")
    objections.propose(office.said(office.officer), row.pk, Proposed(Outcome.WITHDRAWN))
    objections.decide(office.said(office.approver), row.pk)
    assert Action.objects.get(pk=action.pk).stage == "withdrawn"
    office.wait(days=90)
    with pytest.raises(Unlawful, match="must follow"):
        office.proposed(action.case, Rung.WARNING)
    assert office.proposed(action.case).rung == "recommendation"


def test_a_holiday_decreed_later_moves_the_window_and_both_are_shown(office: Office, action: Action) -> None:
    before = holding(action)["objection"]
    settings.set_day(office.said(office.officer, "SKB revisi"), date(2026, 3, 26), Effect.OFF)
    after = holding(action)["objection"]
    assert after.due_at == datetime(2026, 3, 30, 16, 59, 59, tzinfo=UTC)
    assert [one.reason for one in after.overrides.all()] == ["SKB revisi"]
    old = Deadline.objects.get(pk=before.pk)
    assert (old.due_at, old.replaced_at, old.lines) == (DUE, office.now, before.lines)
    off = next(line for line in after.lines if line["day"] == "2026-03-26")
    assert (off["working"], off["count"], off["why"]["id"]) == (False, None, "libur, ditetapkan LKPP: SKB revisi")
    settings.set_day(office.said(office.officer, "SKB dicabut"), date(2026, 3, 26), Effect.AS_LIBRARY)
    assert holding(action)["objection"].due_at == DUE
    assert Deadline.objects.filter(kind="objection").count() == 3
    settings.set_day(office.said(office.officer, "lain"), date(2026, 12, 30), Effect.OFF)
    assert Deadline.objects.filter(kind="objection").count() == 3


def test_an_objection_that_was_in_time_stays_so_when_a_day_becomes_one_of_work(office: Office, action: Action) -> None:
    office.now = DUE
    row = filed(office, action)
    settings.set_day(office.said(office.officer, "SKB revisi"), date(2026, 3, 18), Effect.WORKING)
    assert holding(action)["objection"].due_at < DUE
    assert (Objection.objects.get(pk=row.pk).late, row.window_ended_at) == (False, DUE)


def test_a_provider_can_be_offered_a_system_while_an_act_is_in_force(office: Office) -> None:
    with pytest.raises(Unlawful, match="under an act"):
        offers.draft(office.said(office.officer), office.provider.pk, "SPSE terpusat")
    office.issued(office.case())
    row = offers.draft(office.said(office.officer, key="f"), office.provider.pk, "SPSE terpusat")
    assert offers.draft(office.said(office.officer, key="f"), office.provider.pk, "SPSE terpusat") == row
    with pytest.raises(Unlawful, match="under way"):
        offers.draft(office.said(office.officer), office.provider.pk, "SPSE terpusat")
    with pytest.raises(Offer.DoesNotExist):
        offers.act_on(office.said(office.head), row.pk, OfferAct.ACCEPT)
    for by, act in (
        (office.approver, OfferAct.OFFER), (office.head, OfferAct.ACCEPT), (office.officer, OfferAct.MIGRATE),
        (office.officer, OfferAct.RETURN),
    ):  # fmt: skip
        row = offers.act_on(office.said(by), row.pk, act)
    assert row.stage == "returned"
    with pytest.raises(Unlawful):
        offers.act_on(office.said(office.officer), row.pk, OfferAct.MIGRATE)


def test_a_providers_zone_is_kept(office: Office) -> None:
    assert zone_of(office.provider.pk) is Zone.WIB
    settings.set_zone(office.said(office.head), office.provider.pk, Zone.WIT)
    assert zone_of(office.provider.pk) is Zone.WIT
