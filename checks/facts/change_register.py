"""Changes that were approved (standard f, form "permintaan perubahan"): entered by people, read by the collector."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from checks.fact import reads
from checks.register import Registered, Row, column
from checks.source import Register


class ApprovedChange(Row, frozen=True):
    """One approved change and the window in which it is made."""

    number: Annotated[str, column("Nomor formulir", "Form number")]
    what: Annotated[str, column("Perubahan", "Change")]
    opens: Annotated[datetime, column("Mulai", "From")]
    closes: Annotated[datetime, column("Selesai", "Until")]
    approved_by: Annotated[str, column("Disetujui oleh", "Approved by")]
    note: Annotated[str, column("Catatan", "Note")] = ""


class ChangeRegister(Registered, frozen=True):
    """Approved changes of one server. Absent: nobody keeps it yet."""

    rows: tuple[ApprovedChange, ...] = ()


@reads(Register("change_register", ChangeRegister))
def change_register(entered: ChangeRegister) -> ChangeRegister:
    return entered
