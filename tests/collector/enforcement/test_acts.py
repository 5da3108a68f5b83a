"""The acts, in the database: the story of the decree from a finding to termination, and what is refused on the way."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from checks.calendar import today
from checks.standard import load
from collector.accounts.audit import verify_acts
from collector.accounts.models import Act, Role
from collector.enforcement.acts import actions, cases, nonconformities, notices
from collector.enforcement.acts.actions import Proposal
from collector.enforcement.models import Action, Case, NonConformity, Statement, Transition
from collector.enforcement.notice import Channel
from collector.enforcement.rungs import Form, Rung
from collector.enforcement.unlawful import Overtaken, Unlawful
from collector.registry.models import Provider
from collector.registry.registrar import latest
from collector.surveillance.models import Finding
from tests.collector.enforcement.conftest import Office, paper
from tests.collector.world import World


def test_from_a_finding_to_termination_no_rung_is_skipped(office: Office) -> None:
    case = office.case()
    for rung in Rung:
        action = office.received(case, rung)
        assert (action.stage, action.standards) == ("received", "k")
        if following := next((other for other in Rung if other.before is rung), None):
            with pytest.raises(Unlawful, match="must follow"):
                office.proposed(case, following)
            office.wait(days=31)
    assert [one.rung for one in case.actions.order_by("pk")] == list(Rung)
    assert verify_acts().problems == []
    verbs = set(Act.objects.values_list("verb", flat=True))
    assert {
        "non_conformity.confirm",
        "case.open",
        "action.propose",
        "action.approve",
        "action.issue",
        "action.receive",
    } <= verbs


def test_no_rung_is_skipped_but_a_breach_of_the_sla_opens_termination(office: Office) -> None:
    case = office.case()
    for rung in (Rung.WARNING, Rung.REVOCATION, Rung.TERMINATION):
        with pytest.raises(Unlawful, match="must follow"):
            office.proposed(case, rung)
    action = office.issued(case, Rung.TERMINATION, sla_clause="SLA 12/2025 pasal 4 ayat (2)")
    assert (action.stage, action.form, action.sla_clause) == ("issued", "revoked", "SLA 12/2025 pasal 4 ayat (2)")


def test_who_proposes_never_approves_and_the_upper_rungs_need_two(office: Office, world: World) -> None:
    case = office.case()
    with pytest.raises(PermissionDenied):
        actions.approve(office.said(office.officer), office.proposed(case).pk)
    actions.retract(office.said(office.officer), Action.objects.get().pk)
    action = office.proposed(case, Rung.TERMINATION, sla_clause="SLA pasal 4")
    assert actions.approve(office.said(office.approver), action.pk).stage == "proposed"
    with pytest.raises(Unlawful, match="approved it already"):
        actions.approve(office.said(office.approver), action.pk)
    with pytest.raises(Unlawful, match="proposed"):
        actions.issue(office.said(office.officer), action.pk, "1/D.2")
    assert actions.approve(office.said(office.second_approver), action.pk).stage == "approved"
    office.officer.role = Role.APPROVER  # promoted meanwhile: still the proposer
    office.officer.save()
    other = actions.propose(
        office.said(office.second_officer), case.pk, Proposal(Rung.RECOMMENDATION, [case.items.get().pk])
    )
    assert actions.approve(office.said(office.officer), other.pk).stage == "approved"
    with pytest.raises(Unlawful, match="does not decide"):
        actions.reject(office.said(office.officer), action.pk)


def test_below_the_coverage_floor_machine_evidence_bears_no_act_but_a_persons_does(office: Office) -> None:
    office.covered(0.79)
    case = office.case()
    with pytest.raises(Unlawful, match="79% of the checks of standard k"):
        office.proposed(case)
    person = nonconformities.report(
        office.said(office.officer), office.provider.pk, "k", "Diagram jaringan tidak ada", [paper()]
    )
    nonconformities.confirm(office.said(office.officer), person.pk)
    cases.add(office.said(office.officer), case.pk, [person.pk])
    assert actions.propose(office.said(office.officer), case.pk, Proposal(Rung.RECOMMENDATION, [person.pk])).pk


def test_the_provider_answers_before_any_act(office: Office) -> None:
    office.finding()
    assert nonconformities.propose_found(office.provider, load(), office.now) == 1
    assert nonconformities.propose_found(office.provider, load(), office.now) == 0
    row = NonConformity.objects.visible_to(office.head).get()
    assert (row.stage, row.check_code, row.standard, row.measured) == ("proposed", "K-SSH-01", "k", "yes")
    nonconformities.confirm(office.said(office.officer), row.pk)
    case = cases.open_case(office.said(office.officer), office.provider.pk, "Kasus", [row.pk])
    action = office.approved(case)
    with pytest.raises(Unlawful, match="time to answer"):
        actions.issue(office.said(office.officer), action.pk, "1/D.2/2026")
    nonconformities.answer(office.said(office.head), row.pk, "Sudah kami perbaiki hari ini.", [paper("bukti.png")])
    assert Statement.objects.visible_to(office.head).get().files == [paper("bukti.png").told()]
    assert not Statement.objects.visible_to(office.stranger).exists()
    assert actions.issue(office.said(office.officer), action.pk, "1/D.2/2026").stage == "issued"


def test_a_dismissed_finding_is_not_proposed_again_but_a_new_one_is(office: Office) -> None:
    finding = office.finding()
    nonconformities.propose_found(office.provider, load(), office.now)
    nonconformities.dismiss(office.said(office.officer, "alat uji sendiri"), NonConformity.objects.get().pk)
    assert nonconformities.propose_found(office.provider, load(), office.now) == 0
    Finding.objects.filter(pk=finding.pk).update(closed_at=office.now)
    office.wait(days=1)
    office.finding()
    assert nonconformities.propose_found(office.provider, load(), office.now) == 1


def test_an_item_is_closed_by_a_person_and_not_while_machines_find_it(office: Office) -> None:
    case = office.case()
    action = office.received(case)
    item = case.items.get()
    with pytest.raises(Unlawful, match="still find it"):
        cases.correct(office.said(office.officer), item.pk)
    Finding.objects.update(closed_at=office.now)
    assert NonConformity.objects.get().stage == "in_case"
    notices.follow_up(office.said(office.head), action.pk, "Login root dimatikan", [paper("bukti.png")])
    with pytest.raises(Unlawful, match="still open"):
        cases.close(office.said(office.officer), case.pk)
    assert cases.correct(office.said(office.second_officer), item.pk).stage == "corrected"
    with pytest.raises(Unlawful, match="may still be objected to"):
        cases.close(office.said(office.officer), case.pk)
    office.wait(days=31)
    assert cases.close(office.said(office.officer), case.pk).stage == "closed"
    with pytest.raises(Unlawful, match="closed"):
        office.proposed(case)
    again = cases.open_case(office.said(office.officer), office.provider.pk, "Dibuka kembali", [], previous=case.pk)
    assert (again.previous, Case.objects.count()) == (case, 2)


def test_the_register_of_recommendations_follows_the_acts(office: Office) -> None:
    case = office.case()
    action = office.issued(case)

    def row() -> dict[str, object]:
        entry = latest(office.provider.itself, "recommendations")
        assert entry
        return dict(entry.content["rows"][0])

    assert row() == {
        "number": action.letter,
        "standard": "k",
        "given": "2026-03-12",
        "due": None,
        "followed": None,
        "note": "",
    }
    notices.send(office.said(office.officer), action.pk, Channel.COURIER, office.now)
    notices.receive(office.said(office.officer), action.pk, today(office.now), "kurir 123", paper())
    assert row()["due"] == "2026-04-11"
    Finding.objects.update(closed_at=office.now)
    office.wait(days=9)
    cases.correct(office.said(office.officer), case.items.get().pk)
    assert row()["followed"] == "2026-03-21"
    actions.ask_withdrawal(office.said(office.officer), action.pk)
    actions.withdraw(office.said(office.approver), action.pk)
    entry = latest(office.provider.itself, "recommendations")
    assert entry
    assert entry.content["rows"] == []


def test_receipt_before_the_notice_or_in_the_future_is_refused(office: Office) -> None:
    action = office.issued(office.case())
    with pytest.raises(Unlawful, match="not sent yet"):
        notices.acknowledge(office.said(office.head), action.pk)
    notices.send(office.said(office.officer), action.pk, Channel.LETTER, office.now)
    for days in (-1, 1):
        on = today(office.now).replace(day=today(office.now).day + days)
        with pytest.raises(Unlawful):
            notices.receive(office.said(office.officer), action.pk, on, "tanda terima", paper())
    office.wait(days=2)
    row = notices.acknowledge(office.said(office.head), action.pk)
    assert (row.received_on, row.stage) == (today(office.now), "received")


def test_another_person_corrects_a_receipt_and_the_deadlines_follow(office: Office) -> None:
    action = office.received(office.case())
    office.wait(days=2)
    with pytest.raises(Unlawful, match="Another person"):
        notices.correct_receipt(office.said(office.officer), action.pk, today(office.now), "tanda terima", paper())
    row = notices.correct_receipt(
        office.said(office.approver), action.pk, today(office.now), "tanda terima asli", paper()
    )
    assert row.received_on == today(office.now)
    assert [one.replaced_at is None for one in row.deadlines.filter(kind="objection").order_by("pk")] == [False, True]
    change = Transition.objects.get(act="correct_receipt")
    assert (change.before["received_on"], change.after["received_on"]) == ("2026-03-12", "2026-03-14")


def test_a_letter_number_is_used_once_and_never_blank(office: Office) -> None:
    action = office.issued(office.case())
    other = office.approved(office.case("G-CPU-01"))
    for letter in ("", "  ", action.letter):
        with pytest.raises(Unlawful):
            actions.issue(office.said(office.officer), other.pk, letter)
    assert Action.objects.get(pk=other.pk).stage == "approved"


def test_who_acts_on_what_another_changed_is_told_who_and_when(office: Office) -> None:
    action = office.proposed(office.case(), Rung.TERMINATION, sla_clause="SLA pasal 4")
    shown = action.version
    actions.approve(office.said(office.approver, seen=shown), action.pk)
    before = (Transition.objects.count(), Act.objects.count())
    with pytest.raises(Overtaken) as told:
        actions.approve(office.said(office.second_approver, seen=shown), action.pk)
    assert (told.value.who, told.value.when, told.value.act) == (str(office.approver), office.now, "approve")
    assert str(office.approver) in told.value.text.id
    assert (Transition.objects.count(), Act.objects.count()) == before


def test_a_form_that_is_sent_twice_is_performed_once(office: Office) -> None:
    rows = office.confirmed("K-SSH-01")
    said = office.said(office.officer, key="form-1")
    one = cases.open_case(said, office.provider.pk, "Kasus", [rows[0].pk])
    assert cases.open_case(said, office.provider.pk, "Kasus", [rows[0].pk]) == one
    wish = Proposal(Rung.RECOMMENDATION, [rows[0].pk])
    action = actions.propose(office.said(office.officer, key="form-2"), one.pk, wish)
    assert actions.propose(office.said(office.officer, key="form-2"), one.pk, wish) == action
    for _ in range(2):
        assert actions.approve(office.said(office.approver, seen=1, key="form-3"), action.pk).stage == "approved"
    assert (Case.objects.count(), Action.objects.count(), action.approvals.count()) == (1, 1, 1)
    assert Transition.objects.filter(key="form-1").count() == 1


def test_a_provider_sees_its_own_and_no_drafts(office: Office) -> None:
    case = office.case()
    action = office.approved(case)
    assert not Action.objects.visible_to(office.head).exists()
    assert not Transition.objects.visible_to(office.head).filter(machine="action").exists()
    assert Action.objects.visible_to(office.auditor).exists()
    actions.issue(office.said(office.officer), action.pk, "1/D.2/2026")
    assert Action.objects.visible_to(office.head).get() == action
    for model in (Case, NonConformity, Action, Transition):
        assert not model.objects.visible_to(office.stranger).exists()
    with pytest.raises(Action.DoesNotExist):
        notices.acknowledge(office.said(office.stranger), action.pk)
    with pytest.raises(NonConformity.DoesNotExist):
        nonconformities.answer(office.said(office.stranger), case.items.get().pk, "x")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OFFICER])
def test_only_officers_open_cases_and_propose(office: Office, world: World, role: Role) -> None:
    account = world.account(role, office.provider)
    with pytest.raises(PermissionDenied):
        cases.open_case(office.said(account), office.provider.pk, "Kasus")
    with pytest.raises(PermissionDenied):
        actions.propose(office.said(account), 1, Proposal(Rung.TERMINATION, [], "SLA", Form.REVOKED))


def test_what_belongs_to_another_provider_is_no_part_of_a_case(office: Office, world: World) -> None:
    other: Provider = world.provider("LPSE Ketiga")
    row = office.confirmed("K-SSH-01")[0]
    with pytest.raises(Unlawful, match="provider"):
        cases.open_case(office.said(office.officer), other.pk, "Kasus", [row.pk])
    assert not Case.objects.exists()


def test_transitions_are_never_changed(office: Office) -> None:
    office.case()
    row = Transition.objects.all()[0]
    for attempt in (row.save, row.delete):
        with pytest.raises(ValueError, match="transitions"):
            attempt()
