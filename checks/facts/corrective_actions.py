"""Corrective actions of internal assessments (standard q, the table of form 17): entered by people, read by the collector."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from checks.fact import reads
from checks.register import Choice, Registered, Row, column
from checks.source import Register
from checks.target import Target
from checks.text import Text


class Progress(Choice):
    """How far an action is."""

    PENDING = "belum", "Belum", "Not begun"
    UNDER_WAY = "proses", "Proses", "Under way"
    DONE = "sudah", "Sudah", "Done"


class CorrectiveAction(Row, frozen=True):
    """One action on one finding of an assessment. `approved_by`: the assessor, once it is approved as done."""

    standard: Annotated[str, column("Standar", "Standard")]
    number: Annotated[str, column("No. temuan", "Finding no.")]
    description: Annotated[str, column("Keterangan temuan", "Finding")]
    target: Annotated[date, column("Target", "Target")]
    pic: Annotated[str, column("PIC", "Responsible")]
    status: Annotated[Progress, column("Status", "Status")]
    criterion: Annotated[str, column("Kriteria penilaian", "Criterion")] = ""
    priority: Annotated[str, column("Prioritas", "Priority")] = ""
    assessor: Annotated[str, column("Penilai", "Assessor")] = ""
    action: Annotated[str, column("Keterangan tindakan", "Action")] = ""
    acted: Annotated[date | None, column("Tanggal tindakan", "Date of the action")] = None
    approved_by: Annotated[str, column("Disetujui oleh penilai", "Approved by the assessor")] = ""


class CorrectiveActions(Registered, frozen=True):
    """Corrective actions of one provider. Absent: nobody keeps them here yet."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Tindakan perbaikan", "Corrective actions")

    rows: tuple[CorrectiveAction, ...] = ()


@reads(Register("corrective_actions", CorrectiveActions))
def corrective_actions(entered: CorrectiveActions) -> CorrectiveActions:
    return entered
