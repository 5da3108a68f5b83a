"""Tickets of disturbances, problems and requests (standard e, form 5): entered by people, read by the collector."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, ClassVar

from checks.check import CODE
from checks.fact import reads
from checks.register import Choice, Registered, Row, column
from checks.source import Register
from checks.target import Target
from checks.text import Text


class TicketType(Choice):
    """G, M and PL of the form."""

    DISTURBANCE = "gangguan", "Gangguan", "Disturbance"
    PROBLEM = "masalah", "Masalah", "Problem"
    REQUEST = "permintaan", "Permintaan layanan", "Service request"


class TicketCategory(Choice):
    TECHNICAL = "teknis", "Teknis", "Technical"
    OTHER = "non-teknis", "Nonteknis", "Not technical"


class Urgency(Choice):
    URGENT = "mendesak", "Mendesak", "Urgent"
    NORMAL = "tidak", "Tidak mendesak", "Not urgent"


class Impact(Choice):
    SMALL = "kecil", "Kecil", "Small"
    MEDIUM = "sedang", "Sedang", "Medium"
    LARGE = "besar", "Besar", "Large"


class Priority(Choice):
    LOW = "rendah", "Rendah", "Low"
    MEDIUM = "menengah", "Menengah", "Middle"
    HIGH = "tinggi", "Tinggi", "High"


class YesNo(Choice):
    YES = "ya", "Ya", "Yes"
    NO = "tidak", "Tidak", "No"


def plain(name: str) -> str:
    """The name of a server, or name or address of an instance, as it is compared: without case, scheme and last slash."""
    return re.sub(r"^https?://", "", " ".join(name.split()).casefold()).rstrip("/")


class Ticket(Row, frozen=True):
    """One ticket. `about`: the servers or instances it is about, as the console names them, with commas between them; `codes`:
    the checks, likewise. Both may be empty. `target`: by when it is to be closed, if somebody set that.
    """

    number: Annotated[str, column("Nomor tiket", "Ticket number")]
    reporter: Annotated[str, column("Pelapor", "Reporter")]
    type: Annotated[TicketType, column("Tipe", "Type")]
    priority: Annotated[Priority, column("Prioritas", "Priority")]
    opened: Annotated[datetime, column("Dicatat", "Recorded")]
    media: Annotated[str, column("Media", "Channel")] = ""
    category: Annotated[TicketCategory | None, column("Kategori", "Category")] = None
    urgency: Annotated[Urgency | None, column("Urgensi", "Urgency")] = None
    impact: Annotated[Impact | None, column("Dampak", "Impact")] = None
    about: Annotated[str, column("Server atau instans", "Server or instance")] = ""
    codes: Annotated[str, column("Kode pemeriksaan", "Check codes")] = ""
    officer: Annotated[str, column("Petugas", "Officer")] = ""
    target: Annotated[datetime | None, column("Target selesai", "To be closed by")] = None
    closed: Annotated[datetime | None, column("Selesai", "Closed")] = None
    solution: Annotated[str, column("Solusi", "Solution")] = ""
    confirmed: Annotated[YesNo | None, column("Dikonfirmasi ke pelapor", "Reporter told")] = None
    escalated: Annotated[YesNo | None, column("Dieskalasi ke LKPP", "Escalated to LKPP")] = None

    @property
    def names(self) -> frozenset[str]:
        """The servers and instances it names, as `plain` has them."""
        return frozenset(plain(one) for one in re.split(r"[,;]", self.about) if one.strip())

    @property
    def checks(self) -> frozenset[str]:
        """The codes it names; other words among them are passed over."""
        return frozenset(CODE.findall(self.codes.upper()))


class TicketRegister(Registered, frozen=True):
    """Tickets of one provider. Absent: nobody keeps them here yet, whatever is kept elsewhere."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Register tiket", "Register of tickets")

    rows: tuple[Ticket, ...] = ()


@reads(Register("ticket_register", TicketRegister))
def ticket_register(entered: TicketRegister) -> TicketRegister:
    return entered
