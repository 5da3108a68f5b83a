"""Applications: drafted and submitted by the applicant (or for it, from paper), reviewed by LKPP, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import slugify

from collector.admission import machine
from collector.admission.acts.performing import (
    APPLICANTS,
    HEADS,
    REVIEWERS,
    Deed,
    FileSaid,
    Machine,
    doing,
    needed,
    tidy,
)
from collector.admission.assembling import standing_of
from collector.admission.models import Application, Document, Review, Sla, Unit
from collector.admission.words import FINAL, Kind, Purpose, UnitKind
from collector.enforcement.acts.performing import Said
from collector.enforcement.unlawful import demand
from collector.registry.models import Institution, Provider

MOST_DOCUMENTS = 50


@dataclass(frozen=True)
class Form:
    """What an application says. `institution`, its kind and `name`, `slug` are taken from the provider where it has one."""

    kind: Kind
    unit: str
    unit_kind: UnitKind
    applicant: str
    letter_number: str
    institution: str = ""
    institution_kind: str = Institution.Kind.REGENCY.value
    name: str = ""
    slug: str = ""


def draft(said: Said, form: Form, provider: int | None = None) -> Application:
    """A new application: of a provider's own people for theirs, of an officer for a provider, or for a new one (None)."""
    with doing(said, *APPLICANTS) as deed:
        own = said.account.provider_id if not said.account.sees_all else provider
        of = Provider.objects.visible_to(said.account).get(pk=own) if own is not None else None
        institution = of.institution if of is not None else _institution(form)
        Institution.objects.select_for_update().get(pk=institution.pk)
        if (made := deed.repeated(Machine.APPLICATION)) is not None:
            return Application.objects.get(pk=made)
        name = of.name if of is not None else needed(form.name, 200, "nama LPSE", "name of the LPSE")
        slug = of.slug if of is not None else form.slug.strip() or slugify(name)[:80]
        _check_free(of, name, slug)
        row = Application(
            institution=institution, provider=of, name=name, slug=slug, drafted_by=said.account, drafted_at=said.now,
            changed_at=said.now, unit=Unit(institution=institution),
        )  # fmt: skip
        after = _fill(row, form)
        _moved(deed, row, "draft", {}, {"stage": row.stage, "name": name, "slug": slug, **after})
    return row


def edit(said: Said, key: int, form: Form) -> Application:
    """Change kind, unit, applicant or letter of a draft, or of what was found incomplete."""
    with doing(said, *APPLICANTS) as deed:
        row = deed.lock(Application, key)
        if not deed.fresh(Machine.APPLICATION, row):
            return row
        before = _told(row)
        machine.after(standing_of(row), machine.Edit(said.account.pk), said.now)
        row.changed_at = said.now
        _moved(deed, row, "edit", before, _fill(row, form))
    return row


def attach(said: Said, key: int, purpose: Purpose, file: FileSaid) -> Document:
    """Add a document."""
    with doing(said, *APPLICANTS) as deed:
        row = deed.lock(Application, key)
        if not deed.fresh(Machine.APPLICATION, row):
            return row.documents.filter(sha256=file.sha256).latest("pk")
        machine.after(standing_of(row), machine.Edit(said.account.pk), said.now)
        held = row.documents.filter(taken_back_at__isnull=True)
        demand(
            held.count() < MOST_DOCUMENTS,
            f"Paling banyak {MOST_DOCUMENTS} dokumen.",
            f"{MOST_DOCUMENTS} documents at most.",
        )
        demand(
            not held.filter(sha256=file.sha256).exists(),
            "Dokumen itu sudah dilampirkan.",
            "That document is attached already.",
        )
        row.changed_at = said.now
        made = Document.objects.create(
            application=row, purpose=purpose.value, added_by=said.account, added_at=said.now, **file.told()
        )
        _moved(deed, row, "attach", {}, {"document": made.name, "dated": file.dated, "purpose": purpose.value}, (file,))
    return made


def take_back(said: Said, key: int, document: int) -> Application:
    """A document counts no more; it stays in the history."""
    with doing(said, *APPLICANTS) as deed:
        row = deed.lock(Application, key)
        if not deed.fresh(Machine.APPLICATION, row):
            return row
        machine.after(standing_of(row), machine.Edit(said.account.pk), said.now)
        held = row.documents.get(pk=document, taken_back_at__isnull=True)
        held.taken_back_at = row.changed_at = said.now
        held.save()
        _moved(deed, row, "take_back", {"document": held.name}, {"document": ""})
    return row


def submit(said: Said, key: int) -> Application:
    """Submit, or submit again. Needs the letter among the documents."""
    with doing(said, *HEADS) as deed:
        row = deed.lock(Application, key)
        if deed.fresh(Machine.APPLICATION, row):
            held = list(row.documents.filter(taken_back_at__isnull=True))
            letters = tuple(one.dated for one in held if one.purpose == Purpose.LETTER)
            demand(bool(row.letter_number), "Isikan nomor surat permohonan.", "Fill in the number of the letter.")
            act = machine.Submit(said.account.pk, letters, tuple(one.dated for one in held))
            act_on(deed, row, "submit", act, {"documents": [one.sha256 for one in held]})
    return row


def take(said: Said, key: int) -> Application:
    """Take up for review. Who comes second is told."""
    with doing(said, *REVIEWERS) as deed:
        row = deed.lock(Application, key)
        if deed.fresh(Machine.APPLICATION, row):
            act_on(deed, row, "take", machine.Take(said.account.pk))
            held = list(row.documents.filter(taken_back_at__isnull=True).values_list("sha256", flat=True))
            Review.objects.create(application=row, taken_by=said.account, taken_at=said.now, documents=held)
    return row


def find_incomplete(said: Said, key: int, reasons: Sequence[str]) -> Application:
    """The review finds it incomplete, for these reasons: the applicant sees them."""
    with doing(said, *REVIEWERS) as deed:
        row = deed.lock(Application, key)
        if deed.fresh(Machine.APPLICATION, row):
            told = [tidy(reason, 1000) for reason in reasons]
            act_on(deed, row, "return", machine.Return(said.account.pk, tuple(told)), {"reasons": told})
            _decide(deed, row, Review.Outcome.INCOMPLETE, told)
    return row


def find_complete(said: Said, key: int) -> Application:
    """The review finds it complete: the SLA is next."""
    with doing(said, *REVIEWERS) as deed:
        row = deed.lock(Application, key)
        if deed.fresh(Machine.APPLICATION, row):
            act_on(deed, row, "complete", machine.Complete(said.account.pk))
            _decide(deed, row, Review.Outcome.COMPLETE, [])
    return row


def withdraw(said: Said, key: int) -> Application:
    """The applicant takes it back, with a reason. Agreements that both sides have not signed are dropped."""
    with doing(said, *HEADS) as deed:
        row = deed.lock(Application, key)
        if deed.fresh(Machine.APPLICATION, row):
            act_on(deed, row, "withdraw", machine.Withdraw(said.account.pk, said.reason))
            _decide(deed, row, Review.Outcome.ENDED, [])
            unsigned = Sla.objects.select_for_update().filter(
                application=row, stage__in=[Sla.Stage.DRAFTED, Sla.Stage.HALF_SIGNED]
            )
            for sla in unsigned:
                before, sla.stage = sla.stage, Sla.Stage.DROPPED
                deed.moved(
                    Machine.SLA, sla, "drop", provider=row.provider_id, application=row, before={"stage": before},
                    after={"stage": sla.stage},
                )  # fmt: skip
    return row


def act_on(
    deed: Deed, row: Application, name: str, act: machine.Act, told: dict[str, object] | None = None,
    files: tuple[FileSaid, ...] = (), *, standing: machine.Application | None = None,
) -> None:  # fmt: skip
    """Ask the machine, and write what comes of it. Hold the lock. `standing`: None: as the rows have it. Raises Unlawful."""
    before = row.stage
    then = machine.after(standing or standing_of(row), act, deed.said.now)
    row.stage, row.changed_at = then.stage.value, then.changed_at
    row.completed_by_id, row.completed_on = then.completed_by, then.completed_on
    _moved(deed, row, name, {"stage": before}, {"stage": row.stage, **(told or {})}, files)


def _moved(
    deed: Deed, row: Application, act: str, before: dict[str, object], after: dict[str, object], files: tuple[FileSaid, ...] = ()
) -> None:  # fmt: skip
    deed.moved(
        Machine.APPLICATION,
        row,
        act,
        provider=row.provider_id,
        application=row,
        before=before,
        after=after,
        evidence=files,
    )


def _decide(deed: Deed, row: Application, outcome: Review.Outcome, reasons: list[str]) -> None:
    Review.objects.filter(application=row, outcome="").update(
        outcome=outcome, reasons=reasons, decided_by=deed.said.account, decided_at=deed.said.now
    )


def _institution(form: Form) -> Institution:
    name = needed(form.institution, 200, "nama K/L/Pemda", "name of the institution")
    demand(
        form.institution_kind in Institution.Kind.values, "Pilih jenis K/L/Pemda.", "Choose the kind of institution."
    )
    return Institution.objects.get_or_create(name=name, defaults={"kind": form.institution_kind})[0]


def _check_free(of: Provider | None, name: str, slug: str) -> None:
    """Raises Unlawful."""
    demand(slug == slugify(slug)[:80] and bool(slug), "Nama pendek: huruf kecil, angka, dan tanda hubung.",
           "A slug has small letters, digits and hyphens.")  # fmt: skip
    if of is None:
        taken = Provider.objects.filter(Q(slug=slug) | Q(name=name)).exists()
        demand(not taken, f"{name} sudah terdaftar.", f"{name} is registered already.")
    running = Application.objects.filter(Q(slug=slug) | Q(name=name)).exclude(stage__in=sorted(FINAL)).exists()
    demand(not running, "Masih ada permohonan lain yang berjalan.", "Another application is under way.")


def _fill(row: Application, form: Form) -> dict[str, object]:
    """Fill the application from the form, and save its unit."""
    row.kind = form.kind.value
    row.applicant = needed(form.applicant, 200, "nama dan jabatan pemohon", "name and position of the applicant")
    row.letter_number = tidy(form.letter_number, 100)
    row.unit.name = needed(form.unit, 200, "nama unit kerja", "name of the unit")
    row.unit.kind = form.unit_kind.value
    row.unit.save()
    row.unit = row.unit  # takes its key
    return _told(row)


def _told(row: Application) -> dict[str, object]:
    return {
        "kind": row.kind, "applicant": row.applicant, "letter": row.letter_number, "unit": row.unit.name,
        "unit_kind": row.unit.kind,
    }  # fmt: skip
