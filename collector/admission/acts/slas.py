"""Agreements: drafted, signed by each side, dropped, renewed; and what was recorded as their breach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from checks.calendar import today
from collector.accounts.models import Role
from collector.admission import agreement, machine
from collector.admission.acts.applications import act_on
from collector.admission.acts.performing import HEADS, Deed, FileSaid, Machine, doing, lines, needed, tidy, valid
from collector.admission.agreement import Agreement, Clause, Targets
from collector.admission.assembling import agreement_of, standing_of
from collector.admission.models import Application, Breach, Signature, Sla
from collector.admission.sla_register import enter_slas
from collector.admission.words import Side, Stage
from collector.enforcement.acts.performing import Said
from collector.enforcement.unlawful import demand
from collector.registry.models import Provider

SIGNERS = {Side.PROVIDER: HEADS, Side.LKPP: (Role.APPROVER,)}
"""Who records a side's signature: LKPP's an approver; the provider's its head, or an officer from paper."""


NOTHING = Targets()


@dataclass(frozen=True)
class Terms:
    """What an agreement says."""

    number: str
    document: FileSaid
    valid_from: date
    valid_until: date
    targets: Targets = NOTHING
    clauses: Sequence[Clause] = ()


def draft_for_application(said: Said, application: int, terms: Terms) -> Sla:
    """An officer drafts the agreement of an application that was found complete; or its renewal, until it is active."""
    with doing(said, Role.OFFICER) as deed:
        of = deed.lock(Application, application)
        if (made := deed.repeated(Machine.SLA)) is not None:
            return Sla.objects.get(pk=made)
        standing = standing_of(of)
        demand(
            standing.stage in machine.FROM[machine.Agree],
            "SLA disusun setelah permohonan dinyatakan lengkap, dan sebelum penyedia aktif.",
            "An SLA is drafted once the application was found complete, and before the provider is active.",
        )
        last = Sla.objects.filter(application=of, stage=Sla.Stage.SIGNED).order_by("-valid_from", "-pk").first()
        row = Sla(application=of, provider=of.provider, earliest=of.completed_on, follows=last)
        return _drafted(deed, row, terms, Sla.objects.filter(application=of))


def draft_for_provider(said: Said, provider: int, terms: Terms, follows: int | None = None) -> Sla:
    """An officer drafts an agreement of a provider that runs already; `follows`: the one it renews or amends."""
    with doing(said, Role.OFFICER) as deed:
        of = deed.lock(Provider, provider)
        if (made := deed.repeated(Machine.SLA)) is not None:
            return Sla.objects.get(pk=made)
        old = Sla.objects.get(pk=follows, provider=of) if follows is not None else None
        row = Sla(provider=of, follows=old)
        return _drafted(deed, row, terms, Sla.objects.filter(provider=of))


def _drafted(deed: Deed, row: Sla, terms: Terms, others: object) -> Sla:
    said = deed.said
    waiting = [one for one in others if one.stage in {Sla.Stage.DRAFTED, Sla.Stage.HALF_SIGNED}]  # type: ignore[attr-defined]
    demand(
        not waiting, "Masih ada SLA yang belum ditandatangani; selesaikan atau batalkan.",
        "An SLA waits for signatures still; finish or drop it.",
    )  # fmt: skip
    row.number = needed(terms.number, 100, "nomor SLA", "number of the SLA")
    demand(
        not Sla.objects.filter(number=row.number).exclude(stage=Sla.Stage.DROPPED).exists(),
        f"Nomor {row.number} sudah dipakai.", f"The number {row.number} is used already.",
    )  # fmt: skip
    targets = valid(terms.targets)
    clauses = tuple(valid(Clause(tidy(one.number, 60), lines(one.text))) for one in terms.clauses)
    row.document, row.valid_from, row.valid_until = terms.document.told(), terms.valid_from, terms.valid_until
    demand(
        terms.document.dated <= today(said.now),
        "Dokumen bertanggal di masa depan.",
        "The document is dated in the future.",
    )
    row.availability, row.rto_minutes, row.rpo_minutes = targets.availability, targets.rto_minutes, targets.rpo_minutes
    row.support_hours = tidy(targets.support_hours, 200)
    row.clauses = msgspec.to_builtins(clauses)
    row.drafted_by, row.drafted_at = said.account, said.now
    pure = Agreement(row.number, row.valid_from, row.valid_until, clauses, row.earliest)
    agreement.drafted(
        pure, terms.document.sha256, today(said.now), follows=agreement_of(row.follows) if row.follows else None
    )
    after = {
        "stage": row.stage, "number": row.number, "valid_from": row.valid_from, "valid_until": row.valid_until,
        "availability": row.availability, "rto_minutes": row.rto_minutes, "rpo_minutes": row.rpo_minutes,
        "support_hours": row.support_hours, "clauses": [one.number for one in clauses],
        "follows": row.follows.number if row.follows else "",
    }  # fmt: skip
    _moved(deed, row, "draft", {}, after, (terms.document,))
    return row


def sign(said: Said, key: int, side: Side, name: str, position: str, on: date) -> Sla:
    """Record that `side` signed on the day `on`. With the second signature the agreement holds.

    The application of it goes on; in the register of the provider it is entered now, or once the provider is active.
    """
    with doing(said, *SIGNERS[side]) as deed:
        application, row = _lock(deed, key)
        if not deed.fresh(Machine.SLA, row):
            return row
        demand(
            application is None or Stage(application.stage) in machine.FROM[machine.Agree],
            "Permohonannya tidak menunggu SLA.", "Its application waits for no SLA.",
        )  # fmt: skip
        who = needed(name, 120, "penanda tangan", "name of who signed")
        signature = agreement.Signature(side, who, on, said.account.pk)
        before = row.stage
        then = agreement.signed(agreement_of(row), signature, today(said.now))
        row.stage = then.stage.value
        standing = standing_of(application) if application is not None else None  # as it was without this agreement
        after: dict[str, object] = {"stage": row.stage, f"signed_{side.value}": f"{who} {on}"}
        _moved(deed, row, "sign", {"stage": before}, after)
        if application is not None and then.term is not None:
            act_on(
                deed,
                application,
                "agree",
                machine.Agree(said.account.pk, then.term),
                {"sla": row.number},
                standing=standing,
            )
        Signature.objects.create(
            sla=row, side=side.value, name=who, position=tidy(position, 120), on=on, by=said.account, at=said.now
        )
        if row.provider is not None and then.term is not None:
            deed.to_ledger.append(_entering(deed, row.provider, row))
    return row


def drop(said: Said, key: int) -> Sla:
    """An officer gives up an agreement that both sides have not signed, with a reason."""
    with doing(said, Role.OFFICER) as deed:
        _, row = _lock(deed, key)
        if deed.fresh(Machine.SLA, row):
            before = row.stage
            row.stage = agreement.dropped(agreement_of(row), said.reason).stage.value
            _moved(deed, row, "drop", {"stage": before}, {"stage": row.stage})
    return row


def record_breach(said: Said, key: int, clause: str, on: date, evidence: Sequence[FileSaid] = ()) -> Breach:
    """An officer records that a clause was breached on the day `on`; the reason says what happened. The provider sees it."""
    with doing(said, Role.OFFICER) as deed:
        _, sla = _lock(deed, key)
        if (made := deed.repeated(Machine.BREACH)) is not None:
            return Breach.objects.get(pk=made)
        demand(bool(said.reason.strip()), "Tuliskan apa yang terjadi.", "Write down what happened.")
        found = agreement.breached(agreement_of(sla), clause, on, today(said.now))
        row = Breach(
            sla=sla, clause=found.number, clause_text=found.text, on=on, description=lines(said.reason),
            evidence=[one.told() for one in evidence], by=said.account, at=said.now,
        )  # fmt: skip
        deed.moved(
            Machine.BREACH, row, "record", provider=sla.provider_id, application=sla.application, before={},
            after={"sla": sla.number, "clause": found.number, "on": on}, evidence=evidence,
        )  # fmt: skip
    return row


def retract_breach(said: Said, key: int) -> Breach:
    """What was recorded as a breach was none: with a reason. It stays, and opens nothing more."""
    with doing(said, Role.OFFICER, Role.APPROVER) as deed:
        row = deed.lock(Breach, key)
        if deed.fresh(Machine.BREACH, row):
            demand(row.retracted_at is None, "Pelanggaran ini sudah dicabut.", "This breach was retracted already.")
            demand(bool(said.reason.strip()), "Tuliskan alasannya.", "Write down the reason.")
            row.retracted_at = said.now
            deed.moved(
                Machine.BREACH, row, "retract", provider=row.sla.provider_id, application=row.sla.application,
                before={"retracted": False}, after={"retracted": True},
            )  # fmt: skip
    return row


def _lock(deed: Deed, key: int) -> tuple[Application | None, Sla]:
    """The agreement, and its application while that is under way, locked in the order of `performing`."""
    known = Sla.objects.visible_to(deed.said.account).get(pk=key)
    application = deed.lock(Application, known.application_id) if known.application_id is not None else None
    return application, deed.lock(Sla, key)


def _entering(deed: Deed, provider: Provider, row: Sla) -> Callable[[], object]:
    said = deed.said
    return lambda: enter_slas(provider, [row], by=said.account, reason=f"SLA {row.number}", now=said.now)


def _moved(
    deed: Deed, row: Sla, act: str, before: dict[str, object], after: dict[str, object], files: tuple[FileSaid, ...] = ()
) -> None:  # fmt: skip
    deed.moved(
        Machine.SLA,
        row,
        act,
        provider=row.provider_id,
        application=row.application,
        before=before,
        after=after,
        evidence=files,
    )
