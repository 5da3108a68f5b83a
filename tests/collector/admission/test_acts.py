"""The acts, in the database: from a regency's letter to an active provider, and what is refused on the way."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from checks.calendar import today
from checks.facts.compliance_registers import Agreement as Row
from checks.facts.compliance_registers import SlaRegister
from checks.governance.compliance import agreement_with_lkpp
from checks.verdict import Status
from collector.accounts.audit import verify_acts
from collector.accounts.models import Act
from collector.admission import standing
from collector.admission.acts import activation, applications, slas
from collector.admission.acts.activation import Installed
from collector.admission.acts.units import set_unit
from collector.admission.agreement import Targets
from collector.admission.models import (
    Application,
    Breach,
    Document,
    Installation,
    Review,
    Signature,
    Sla,
    Transition,
    Unit,
)
from collector.admission.words import Kind, Purpose, Side, UnitKind
from collector.enforcement.unlawful import Overtaken, Unlawful
from collector.registry.models import Instance, Institution, Provider, Server
from collector.registry.registrar import enter, latest
from tests.collector.admission.conftest import URL, Office, paper


def register_of(provider: Provider) -> SlaRegister:
    held = latest(provider.itself, "sla_register")
    return msgspec.convert(held.content, SlaRegister) if held else SlaRegister()


def test_a_regency_becomes_an_active_system_provider(office: Office) -> None:
    row = office.installed(Installed("SPSE Kab Baru", URL, consent=True))
    assert not Provider.objects.filter(slug="lpse-kabupaten-baru").exists()
    row = activation.activate(office.said(office.approver), row.pk)
    provider = Provider.objects.get(slug="lpse-kabupaten-baru")
    assert (row.stage, row.provider, provider.kind) == ("active", provider, "system")
    assert str(provider.institution) == "Pemerintah Kabupaten Baru"
    instance = Instance.objects.get(provider=provider)
    assert (instance.name, instance.public_url, instance.ports_may_be_tried) == ("SPSE Kab Baru", URL, True)
    assert Unit.objects.get(provider=provider).name == "Bagian Pengadaan"
    assert standing.enrolment_problem(provider) is None
    acts = [one.act for one in Transition.objects.filter(machine="application", subject=row.pk).order_by("pk")]
    assert acts == ["draft", "attach", "submit", "take", "complete", "agree", "install", "activate"]
    assert {"provider.register", "instance.register", "application.activate", "register.enter"} <= set(
        Act.objects.values_list("verb", flat=True)
    )
    assert verify_acts().problems == []


def test_the_agreement_of_the_active_provider_is_what_the_check_reads(office: Office) -> None:
    provider = office.active().provider
    assert provider is not None
    [entered] = register_of(provider).rows
    assert (entered.number, entered.availability, entered.signed) == ("12/SLA/2026", 99.0, today(office.now))
    assert "Siti Aminah (K/L/Pemda)" in entered.signed_by
    assert agreement_with_lkpp(register_of(provider), office.now).status is Status.PASS
    held = standing.sla_in_force(provider, today(office.now))
    assert held is not None
    assert (held.rto_minutes, held.rpo_minutes, held.support_hours) == (240, 1440, "Senin-Jumat 08.00-16.00 WIB")


def test_a_service_provider_is_active_without_servers_or_instances(office: Office) -> None:
    provider = office.active(Kind.SERVICE).provider
    assert provider is not None
    assert (provider.kind, Instance.objects.filter(provider=provider).count()) == ("service", 0)
    problem = standing.enrolment_problem(provider)
    assert problem is not None
    assert "no servers of its own" in problem.en


def test_what_was_incomplete_is_amended_and_submitted_again(office: Office) -> None:
    row = office.submitted()
    applications.take(office.said(office.officer), row.pk)
    with pytest.raises(Unlawful, match="Say what is incomplete"):
        applications.find_incomplete(office.said(office.officer), row.pk, [" "])
    applications.find_incomplete(office.said(office.officer), row.pk, ["SK pengelola belum ada"])
    applications.attach(office.said(office.clerk), row.pk, Purpose.SUPPORTING, paper("sk.pdf"))
    applications.submit(office.said(office.clerk), row.pk)
    applications.take(office.said(office.second_officer), row.pk)
    row = applications.find_complete(office.said(office.second_officer), row.pk)
    found = [(one.outcome, one.reasons, len(one.documents)) for one in Review.objects.order_by("pk")]
    assert (row.stage, found) == (
        "complete", [("incomplete", ["SK pengelola belum ada"], 1), ("complete", [], 2)],
    )  # fmt: skip


def test_a_document_that_is_taken_back_stays_but_counts_no_more(office: Office) -> None:
    row = office.drafted()
    letter = Document.objects.get()
    assert (letter.sha256, letter.stored, letter.size) == (
        paper("permohonan.pdf").sha256,
        "evidence/permohonan.pdf",
        1000,
    )
    applications.take_back(office.said(office.clerk), row.pk, letter.pk)
    with pytest.raises(Unlawful, match="letter of application"):
        applications.submit(office.said(office.clerk), row.pk)
    assert Document.objects.get().taken_back_at is not None
    applications.attach(office.said(office.clerk), row.pk, Purpose.LETTER, paper("besok.pdf", date(2026, 3, 10)))
    with pytest.raises(Unlawful, match="in the future"):
        applications.submit(office.said(office.clerk), row.pk)


def test_names_of_files_lose_their_folders_and_bad_digests_are_refused(office: Office) -> None:
    row = office.drafted()
    found = applications.attach(office.said(office.clerk), row.pk, Purpose.SUPPORTING, paper("..\\..\\etc/x\x00.pdf"))
    assert found.name == "x .pdf"
    with pytest.raises(Unlawful, match="cannot be taken"):
        applications.attach(
            office.said(office.clerk), row.pk, Purpose.SUPPORTING, msgspec.structs.replace(paper("y.pdf"), sha256="x")
        )


def test_the_applicant_does_not_review_and_roles_hold(office: Office) -> None:
    row = office.submitted()
    with pytest.raises(Unlawful, match="Who applied"):
        applications.take(office.said(office.clerk), row.pk)
    for who in (office.auditor, office.head):
        with pytest.raises(PermissionDenied):
            applications.take(office.said(who), row.pk)
    with pytest.raises(PermissionDenied):
        activation.activate(office.said(office.officer), row.pk)
    assert Application.objects.get().stage == "submitted"


def test_an_sla_is_drafted_for_what_is_complete_only_and_signed_by_both(office: Office) -> None:
    row = office.submitted()
    with pytest.raises(Unlawful, match="found complete"):
        slas.draft_for_application(office.said(office.officer), row.pk, office.terms())
    applications.take(office.said(office.officer), row.pk)
    applications.find_complete(office.said(office.officer), row.pk)
    sla = slas.draft_for_application(office.said(office.officer), row.pk, office.terms())
    day = today(office.now)
    with pytest.raises(Unlawful, match="waits for signatures"):
        slas.draft_for_application(office.said(office.officer), row.pk, office.terms("13"))
    with pytest.raises(PermissionDenied):
        slas.sign(office.said(office.officer), sla.pk, Side.LKPP, "Budi", "", day)
    slas.sign(office.said(office.approver), sla.pk, Side.LKPP, "Budi", "Deputi II", day)
    assert Application.objects.get().stage == "complete"
    with pytest.raises(Unlawful, match="dated in the future"):
        slas.sign(office.said(office.clerk), sla.pk, Side.PROVIDER, "Siti", "Sekda", day + timedelta(days=1))
    slas.sign(office.said(office.clerk), sla.pk, Side.PROVIDER, "Siti", "Sekda", day)
    assert (Application.objects.get().stage, Sla.objects.get().stage) == ("signed", "signed")
    assert Signature.objects.count() == 2


def test_targets_and_clauses_are_looked_at(office: Office) -> None:
    row = office.complete()
    for targets in (Targets(101.0), Targets(float("nan")), Targets(rto_minutes=-1)):
        with pytest.raises(Unlawful, match="cannot be taken"):
            slas.draft_for_application(office.said(office.officer), row.pk, office.terms(targets=targets))
    assert not Sla.objects.exists()


def test_installation_is_recorded_anew_until_the_provider_is_active(office: Office) -> None:
    row = office.installed(Installed("SPSE", "https://other.go.id/eproc4"))
    day = today(office.now)
    for url in (
        "ftp://a.go.id",
        "https://u:p@a.go.id",
        "https://a.go.id/?x",
        "https://a.go.id/\x00",
        "https://a.go.id/a b",
        "localhost",
        "http://[x",
    ):
        with pytest.raises(Unlawful, match="no public URL"):
            activation.install(office.said(office.officer), row.pk, day, paper("ba.pdf", day), [Installed("SPSE", url)])
    with pytest.raises(Unlawful, match="on or after the day the SLA was signed"):
        activation.install(
            office.said(office.officer), row.pk, day - timedelta(days=1), paper("ba.pdf", day), [Installed("SPSE", URL)]
        )
    activation.install(office.said(office.officer), row.pk, day, paper("ba2.pdf", day), [Installed("SPSE", URL)])
    activation.activate(office.said(office.approver), row.pk)
    assert Installation.objects.count() == 2
    assert Instance.objects.get().public_url == URL


def test_a_url_that_another_provider_has_leaves_nothing_behind(office: Office) -> None:
    Instance.objects.create(provider=office.lpse, name="SPSE", public_url=URL)
    row = office.installed()
    acts = Act.objects.count()
    with pytest.raises(Unlawful, match="Correct the record"):
        activation.activate(office.said(office.approver), row.pk)
    row.refresh_from_db()
    assert (row.stage, row.provider, Act.objects.count()) == ("installed", None, acts)
    assert not Provider.objects.filter(slug=row.slug).exists()


def test_a_service_provider_applies_to_become_a_system_provider(office: Office) -> None:
    form = office.form(Kind.SYSTEM, name="ignored", institution="ignored")
    row = applications.draft(office.said(office.admin), form)
    assert (row.provider, row.name, row.institution) == (office.lpse, "LPSE Kota Contoh", office.lpse.institution)
    problem = standing.enrolment_problem(office.lpse)
    assert problem is not None
    assert "under way" in problem.en
    applications.attach(office.said(office.admin), row.pk, Purpose.LETTER, paper())
    with pytest.raises(PermissionDenied):
        applications.submit(office.said(office.admin), row.pk)
    applications.submit(office.said(office.head), row.pk)
    applications.take(office.said(office.officer), row.pk)
    applications.find_complete(office.said(office.officer), row.pk)
    sla = slas.draft_for_application(office.said(office.officer), row.pk, office.terms())
    day = today(office.now)
    slas.sign(office.said(office.head), sla.pk, Side.PROVIDER, "Kepala LPSE", "", day)
    slas.sign(office.said(office.approver), sla.pk, Side.LKPP, "Deputi II", "", day)
    assert len(register_of(office.lpse).rows) == 1
    held = Instance.objects.create(provider=office.lpse, name="Lama", public_url=URL)
    activation.install(office.said(office.officer), row.pk, day, paper("ba.pdf", day), [Installed("Baru", URL)])
    activation.activate(office.said(office.approver), row.pk)
    office.lpse.refresh_from_db()
    held.refresh_from_db()
    assert (office.lpse.kind, held.name, Instance.objects.count()) == ("system", "Baru", 1)
    assert len(register_of(office.lpse).rows) == 1  # entered once
    assert Unit.objects.get(provider=office.lpse).name == "Bagian Pengadaan"


def test_a_provider_with_servers_does_not_become_a_service_provider(office: Office) -> None:
    other = office.stranger.provider
    Server.objects.create(provider=other, name="spse1")
    row = applications.draft(office.said(office.stranger), office.form(Kind.SERVICE))
    applications.attach(office.said(office.stranger), row.pk, Purpose.LETTER, paper())
    applications.submit(office.said(office.stranger), row.pk)
    applications.take(office.said(office.officer), row.pk)
    applications.find_complete(office.said(office.officer), row.pk)
    office.sign(slas.draft_for_application(office.said(office.officer), row.pk, office.terms()))
    with pytest.raises(Unlawful, match="retire them first"):
        activation.activate(office.said(office.approver), row.pk)


def test_a_renewal_is_a_row_of_its_own_and_what_people_typed_stays(office: Office) -> None:
    day = today(office.now)
    typed = Row("1/2020", date(2020, 1, 1), date(2022, 1, 1), date(2019, 12, 30), "lama")
    with transaction.atomic():
        enter(office.lpse.itself, SlaRegister((typed,)), by=office.head, reason="awal", now=office.now)
    first = office.sign(slas.draft_for_provider(office.said(office.officer), office.lpse.pk, office.terms()))
    later = office.terms("12-A/SLA/2026", valid_from=day + timedelta(days=30), targets=Targets(99.5))
    second = slas.draft_for_provider(office.said(office.officer), office.lpse.pk, later, follows=first.pk)
    assert [row.number for row in register_of(office.lpse).rows] == ["1/2020", "12/SLA/2026"]
    office.sign(second)
    assert register_of(office.lpse).rows[0] == typed
    assert [row.availability for row in register_of(office.lpse).rows] == [None, 99.0, 99.5]
    held = [standing.sla_in_force(office.lpse, day + timedelta(days=days)) for days in (0, 30)]
    assert held == [first, second]
    with pytest.raises(Unlawful, match="make an amendment"):
        slas.drop(office.said(office.officer, "salah"), first.pk)
    with pytest.raises(Unlawful, match="is used already"):
        slas.draft_for_provider(office.said(office.officer), office.lpse.pk, office.terms())


def test_a_dropped_agreement_gives_its_number_free(office: Office) -> None:
    first = slas.draft_for_provider(office.said(office.officer), office.lpse.pk, office.terms())
    with pytest.raises(Unlawful, match="reason"):
        slas.drop(office.said(office.officer), first.pk)
    slas.drop(office.said(office.officer, "salah ketik"), first.pk)
    office.sign(slas.draft_for_provider(office.said(office.officer), office.lpse.pk, office.terms()))
    assert sorted(Sla.objects.values_list("stage", flat=True)) == ["dropped", "signed"]


def test_a_breach_names_a_clause_and_opens_the_door_until_it_is_retracted(office: Office) -> None:
    sla = office.sign(slas.draft_for_provider(office.said(office.officer), office.lpse.pk, office.terms()))
    day = today(office.now)
    said = office.said(office.officer, "server dipindah\x00\nke luar negeri")
    with pytest.raises(Unlawful, match="it has: Pasal 5, Pasal 9"):
        slas.record_breach(said, sla.pk, "Pasal 7", day)
    with pytest.raises(Unlawful, match="outside the term"):
        slas.record_breach(said, sla.pk, "Pasal 9", day + timedelta(days=1))
    row = slas.record_breach(said, sla.pk, "pasal 9", day, [paper("foto.png")])
    assert row.description == "server dipindah\nke luar negeri"
    assert standing.door_of(row) == "SLA 12/SLA/2026, Pasal 9 (2026-03-09): Data dipindahkan."
    assert list(Breach.objects.visible_to(office.head)) == standing.breaches(office.lpse) == [row]
    assert not Breach.objects.visible_to(office.stranger).exists()
    slas.retract_breach(office.said(office.approver, "ternyata cermin di Batam"), row.pk)
    assert standing.breaches(office.lpse) == []
    assert Breach.objects.count() == 1


def test_a_withdrawn_application_ends_its_review_and_its_draft_of_an_sla(office: Office) -> None:
    row = office.complete()
    slas.draft_for_application(office.said(office.officer), row.pk, office.terms())
    with pytest.raises(Unlawful, match="reason"):
        applications.withdraw(office.said(office.clerk), row.pk)
    with pytest.raises(Unlawful, match="Who reviewed"):
        applications.withdraw(office.said(office.officer, "surat pemohon"), row.pk)
    applications.withdraw(office.said(office.clerk, "surat pemohon"), row.pk)
    assert (Application.objects.get().stage, Sla.objects.get().stage) == ("withdrawn", "dropped")
    assert office.drafted().stage == "draft"  # the name is free again


def test_one_application_at_a_time_and_none_for_a_name_that_is_taken(office: Office) -> None:
    office.drafted()
    with pytest.raises(Unlawful, match="under way"):
        office.drafted()
    with pytest.raises(Unlawful, match="registered already"):
        office.drafted(name="LPSE Kota Contoh")
    with pytest.raises(Unlawful, match="slug"):
        office.drafted(name="LPSE Lain", slug="Salah Besar")
    assert Institution.objects.filter(name="Pemerintah Kabupaten Baru").count() == 1


def test_others_see_nothing_of_an_application(office: Office) -> None:
    ours = applications.draft(office.said(office.admin), office.form())
    theirs = office.signed()
    for model in (Application, Unit, Transition, Sla, Signature, Document, Review):
        assert not model.objects.visible_to(office.stranger).exists(), model  # type: ignore[attr-defined]
        assert model.objects.visible_to(office.auditor).exists(), model  # type: ignore[attr-defined]
    assert [one.pk for one in Application.objects.visible_to(office.head)] == [ours.pk]
    for act in (applications.submit, applications.withdraw):
        with pytest.raises(Application.DoesNotExist):
            act(office.said(office.head, "x"), theirs.pk)
    with pytest.raises(Application.DoesNotExist):
        applications.edit(office.said(office.stranger), ours.pk, office.form())
    with pytest.raises(Sla.DoesNotExist):
        slas.sign(office.said(office.head), Sla.objects.get().pk, Side.PROVIDER, "x", "", today(office.now))


def test_an_edit_keeps_before_and_after_and_a_second_tab_is_told(office: Office) -> None:
    row = office.drafted()
    seen = Application.objects.get().version
    changed = office.form(applicant="Sekretaris Daerah", unit_kind=UnitKind.SEPARATE)
    applications.edit(office.said(office.clerk, seen=seen), row.pk, changed)
    last = Transition.objects.filter(machine="application").first()
    assert last is not None
    assert (last.before, last.after) == (
        {"applicant": "Bupati Kabupaten Baru", "unit_kind": "ukpbj"},
        {"applicant": "Sekretaris Daerah", "unit_kind": "separate"},
    )
    with pytest.raises(Overtaken, match="edit"):
        applications.edit(office.said(office.clerk, seen=seen), row.pk, office.form())


def test_a_form_that_is_sent_twice_is_done_once(office: Office) -> None:
    said = office.said(office.clerk, key="form-1")
    assert applications.draft(said, office.form()).pk == applications.draft(said, office.form()).pk
    row = Application.objects.get()
    again = office.said(office.clerk, key="form-2")
    letter = paper("permohonan.pdf")
    found = [applications.attach(again, row.pk, Purpose.LETTER, letter).pk for _ in range(2)]
    assert found[0] == found[1]
    for _ in range(2):
        applications.submit(office.said(office.clerk, key="form-3"), row.pk)
        applications.take(office.said(office.officer, key="form-4"), row.pk)
        applications.find_complete(office.said(office.officer, key="form-5"), row.pk)
        sla = slas.draft_for_application(office.said(office.officer, key="form-6"), row.pk, office.terms())
        day = today(office.now)
        slas.sign(office.said(office.clerk, key="form-7"), sla.pk, Side.PROVIDER, "Siti", "", day)
        slas.sign(office.said(office.approver, key="form-8"), sla.pk, Side.LKPP, "Budi", "", day)
        minutes = paper("ba.pdf", day)
        activation.install(office.said(office.officer, key="form-9"), row.pk, day, minutes, [Installed("SPSE", URL)])
        activation.activate(office.said(office.approver, key="form-10"), row.pk)
    assert Transition.objects.filter(machine="application").count() == 8
    with pytest.raises(PermissionDenied):
        applications.draft(office.said(office.officer, key="form-6"), office.form())


def test_a_separate_unit_is_flagged_and_corrected_with_a_reason(office: Office) -> None:
    with pytest.raises(Unlawful, match="reason"):
        set_unit(office.said(office.officer), office.lpse.pk, "Dinas Kominfo", UnitKind.SEPARATE)
    set_unit(office.said(office.officer, "SK 5/2021"), office.lpse.pk, "Dinas Kominfo", UnitKind.SEPARATE)
    [warned] = standing.unit_warnings(office.lpse, today(office.now))
    assert "31 Desember 2023" in warned.id
    set_unit(office.said(office.officer, "SK 9/2024"), office.lpse.pk, "UKPBJ", UnitKind.UKPBJ)
    assert standing.unit_warnings(office.lpse, today(office.now)) == []
    assert [one.act for one in Transition.objects.filter(machine="unit")] == ["change", "register"]


def test_transitions_are_appended_only(office: Office) -> None:
    office.drafted()
    last = Transition.objects.latest("pk")
    with pytest.raises(ValueError, match="never changed"):
        last.save()
    with pytest.raises(ValueError, match="never deleted"):
        last.delete()
