"""Changes that were approved (standard f, form "permintaan perubahan"): entered by people, read by the collector.

What the form asks beside the window may be left open: a change is not refused for it, but F-CHG-06 says that it lacks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from checks.fact import reads
from checks.register import Choice, Registered, Row, column
from checks.source import Register
from checks.text import Text


class ChangeKind(Choice):
    """What is changed (jenis)."""

    APPLICATION = "application", "Aplikasi", "Application"
    INFRASTRUCTURE = "infrastructure", "Infrastruktur", "Infrastructure"
    SERVICE = "service", "Layanan", "Service"


class ChangeCategory(Choice):
    """Whether it could wait for its approval (kategori)."""

    NORMAL = "normal", "Normal", "Normal change"
    EMERGENCY = "emergency", "Emergency (darurat)", "Emergency"


class ApprovedChange(Row, frozen=True):
    """One approved change and the window in which it is made."""

    number: Annotated[str, column("Nomor formulir", "Form number")]
    what: Annotated[str, column("Perubahan", "Change")]
    opens: Annotated[datetime, column("Mulai", "From")]
    closes: Annotated[datetime, column("Selesai", "Until")]
    approved_by: Annotated[str, column("Disetujui oleh", "Approved by")]
    note: Annotated[str, column("Catatan", "Note")] = ""
    kind: Annotated[ChangeKind | None, column("Jenis", "Kind")] = None
    category: Annotated[ChangeCategory | None, column("Kategori", "Category")] = None
    impact: Annotated[str, column("Dampak", "Impact")] = ""
    test_plan: Annotated[str, column("Rencana uji coba", "Test plan")] = ""
    rollback: Annotated[str, column("Rencana roll back", "Rollback plan")] = ""
    executor: Annotated[str, column("Petugas pelaksana", "Carried out by")] = ""


class ChangeRegister(Registered, frozen=True):
    """Approved changes of one server; their schedule is the window. Absent: nobody keeps it yet."""

    title: ClassVar[Text] = Text("Register perubahan", "Register of changes")

    rows: tuple[ApprovedChange, ...] = ()


@reads(Register("change_register", ChangeRegister))
def change_register(entered: ChangeRegister) -> ChangeRegister:
    return entered
