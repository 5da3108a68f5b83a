"""Acts on the personnel of a provider (152/2022, 2.1.c): who they are, their levels, their trainings. Of the LPSE's own people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.db import models, transaction

from checks.calendar import today
from collector.accounts.audit import record
from collector.accounts.models import PROVIDER, Account
from collector.assessment.acts.once import done_before, remember, typed
from collector.assessment.acts.row import locked
from collector.assessment.acts.step import Sent
from collector.assessment.competence import Gap, gaps, in_force
from collector.assessment.models import Level, Person, Training
from collector.assessment.unlawful import Unlawful
from collector.registry.models import Provider

M = TypeVar("M", bound=models.Model)


def add_person(
    account: Account, provider: Provider, sent: Sent, *, name: str, position: str, joined_on: date, decree: str = ""
) -> Person:
    """Enter somebody who works at the LPSE. `position`: a code of the standards of competence. Raises Unlawful."""
    _own(account, provider.pk)
    name, decree = typed(name), typed(decree)
    if not name or len(name) > 160 or len(decree) > 160 or joined_on > today(sent.now):
        raise Unlawful("Nama dan tanggal mulai harus benar.", "Name and first day must be right.")
    _position(position, sent)
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        if (before := done_before(account, sent.key)) is not None:
            return Person.objects.get(pk=before)
        made = Person.objects.create(
            provider=provider, name=name, position=position, joined_on=joined_on, decree=decree
        )
        return _done(made, account, provider, sent, "person.add", name, {"position": position})


def change_position(account: Account, person: int, sent: Sent, *, position: str, decree: str = "") -> Person:
    """Place a person in another position. Raises Unlawful, Person.DoesNotExist."""
    _position(position, sent)

    def change(row: Person) -> dict[str, object]:
        before, row.position = row.position, position
        row.decree = typed(decree)[:160] or row.decree
        return {"position": position, "position_before": before}

    return _changed(account, person, sent, "person.place", change)


def leave(account: Account, person: int, sent: Sent, *, left_on: date) -> Person:
    """Say that a person left. Raises Unlawful, Person.DoesNotExist."""

    def change(row: Person) -> dict[str, object]:
        if row.left_on is not None or not row.joined_on <= left_on <= today(sent.now):
            raise Unlawful("Tanggal berhenti tidak benar.", "The last day is not right.")
        row.left_on = left_on
        return {"left_on": left_on.isoformat()}

    return _changed(account, person, sent, "person.leave", change)


def record_level(
    account: Account, person: int, sent: Sent, *, competence: str, level: int, assessed_on: date, evidence: str = ""
) -> Level:
    """Record the level of a person in a competence; earlier ones stay as history. Raises Unlawful, Person.DoesNotExist."""
    known = in_force(today(sent.now))
    if known.competence(competence) is None or not 0 <= level <= len(known.levels):
        raise Unlawful("Kompetensi atau tingkat tidak dikenal.", "Unknown competence or level.")
    if assessed_on > today(sent.now) or len(evidence) > 300:
        raise Unlawful("Tanggal penilaian tidak di masa depan.", "An assessment is not dated ahead.")
    with transaction.atomic():
        row = _person(account, person)
        if (before := done_before(account, sent.key)) is not None:
            return Level.objects.get(pk=before)
        made = Level.objects.create(
            person=row, competence=competence, level=level, assessed_on=assessed_on, evidence=typed(evidence),
            recorded_by=account, recorded_at=sent.now,
        )  # fmt: skip
        told: dict[str, object] = {"competence": competence, "level": level}
        return _done(made, account, row.provider, sent, "person.level", row.name, told)


def record_training(
    account: Account, person: int, sent: Sent, *, competence: str, title: str, planned_for: date,
    held_on: date | None = None, certificate: str = "", follows: int | None = None,
) -> Training:  # fmt: skip
    """Plan a training, or record that it was held (`follows`: the planned one). Raises Unlawful, Person.DoesNotExist."""
    if in_force(today(sent.now)).competence(competence) is None or not typed(title) or len(title) > 200:
        raise Unlawful("Kompetensi dan judul pelatihan harus diisi.", "Competence and title are needed.")
    if (held_on is not None and held_on > today(sent.now)) or len(certificate) > 160:
        raise Unlawful("Yang belum dilaksanakan adalah rencana.", "What was not held yet is a plan.")
    with transaction.atomic():
        row = _person(account, person)
        if (before := done_before(account, sent.key)) is not None:
            return Training.objects.get(pk=before)
        plan = None
        if follows is not None:
            plan = Training.objects.filter(pk=follows, person=row, held_on=None, carried_out=None).first()
            if plan is None or held_on is None:
                raise Unlawful("Rencana itu tidak menunggu pelaksanaan.", "That plan does not wait to be carried out.")
        made = Training.objects.create(
            person=row, competence=competence, title=typed(title), planned_for=planned_for, held_on=held_on,
            certificate=typed(certificate), follows=plan, recorded_by=account, recorded_at=sent.now,
        )  # fmt: skip
        told: dict[str, object] = {"competence": competence, "title": typed(title), "held_on": held_on}
        return _done(made, account, row.provider, sent, "person.training", row.name, told)


def levels_of(person: Person) -> dict[str, int]:
    """The latest level of each competence."""
    rows = Level.objects.filter(person=person).order_by("assessed_on", "pk").values_list("competence", "level")
    return dict(rows)


def gaps_of(person: Person, day: date) -> tuple[Gap, ...]:
    """What a person lacks for the position, by the standards of competence that hold on `day`."""
    return gaps(in_force(day), person.position, levels_of(person))


def _own(account: Account, provider: int) -> None:
    if account.role not in PROVIDER or account.provider_id != provider:
        raise Unlawful("Hanya orang LPSE itu.", "Only the LPSE's own people.")


def _position(position: str, sent: Sent) -> None:
    if in_force(today(sent.now)).position(position) is None:
        raise Unlawful(
            "Jabatan ini tidak ada dalam standar kompetensi.", "No standard of competence has this position."
        )


def _person(account: Account, person: int) -> Person:
    row = locked(Person.objects.select_related("provider"), account, person)
    _own(account, row.provider_id)
    return row


def _changed(
    account: Account, person: int, sent: Sent, verb: str, change: Callable[[Person], dict[str, object]]
) -> Person:
    with transaction.atomic():
        row = _person(account, person)
        if done_before(account, sent.key) is not None:
            return row
        if sent.seen is not None and row.version != sent.seen:
            raise Unlawful("Data ini sudah diubah; muat ulang halaman.", "This was changed meanwhile; load it again.")
        told = change(row)
        row.version += 1
        row.save()
        return _done(row, account, row.provider, sent, verb, row.name, told)


def _done(
    made: M, account: Account, provider: Provider, sent: Sent, verb: str, name: str, told: dict[str, object]
) -> M:
    remember(account, sent.key, verb, made.pk, sent.now)
    record(account, verb, f"{provider} · {name}", provider=provider.pk, reason=sent.reason, after=told, now=sent.now)
    return made
