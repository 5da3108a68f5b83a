"""Rows as the pure machines have them."""

from __future__ import annotations

import msgspec

from collector.admission.agreement import Agreement, Clause, Signature
from collector.admission.machine import Application as Standing
from collector.admission.machine import Term
from collector.admission.models import Application, Sla, Transition
from collector.admission.words import Kind, Side, SlaStage, Stage

APPLYING = ("draft", "edit", "attach", "take_back", "submit", "withdraw")
REVIEWING = ("take", "return", "complete")


def standing_of(row: Application) -> Standing:
    """The application as the machine has it. Who applied and who reviewed its transitions say."""
    acts = list(
        Transition.objects.filter(machine=Transition.Machine.APPLICATION, subject=row.pk).values_list("act", "by_id")
    )
    slas = Sla.objects.filter(application=row, stage=Sla.Stage.SIGNED).prefetch_related("signatures").order_by("pk")
    terms: list[Term] = [term for one in slas if (term := agreement_of(one).term) is not None]
    installed = row.installations.values_list("on", flat=True).first()
    return Standing(
        kind=Kind(row.kind), changed_at=row.changed_at, stage=Stage(row.stage),
        applicants=frozenset(by for act, by in acts if act in APPLYING) | {row.drafted_by_id},
        reviewers=frozenset(by for act, by in acts if act in REVIEWING), completed_by=row.completed_by_id,
        completed_on=row.completed_on, terms=tuple(terms), installed_on=installed,
    )  # fmt: skip


def agreement_of(row: Sla) -> Agreement:
    """The agreement as its machine has it."""
    return Agreement(
        number=row.number, valid_from=row.valid_from, valid_until=row.valid_until,
        clauses=msgspec.convert(tuple(row.clauses), tuple[Clause, ...]), earliest=row.earliest, stage=SlaStage(row.stage),
        signatures=tuple(Signature(Side(one.side), one.name, one.on, one.by_id) for one in row.signatures.all()),
    )  # fmt: skip
