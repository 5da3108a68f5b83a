"""Tickets in time (standard e): the register of tickets, by its own dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from checks.calendar import told
from checks.check import AVAILABILITY, HOUR, MEDIUM, check
from checks.facts.ticket_register import Priority, Ticket, TicketRegister
from checks.text import Text
from checks.verdict import Verdict, judge, not_applicable, warned

REMEMBERED = timedelta(days=30)


@check(
    "E-INC-02", severity=MEDIUM, aspect=AVAILABILITY, every=HOUR,
    source="LPSE standard 5 form; Pantau default (24, 72 and 168 hours by priority where the ticket has no target)",
    title=Text("Tiket selesai sebelum target waktunya", "Tickets are closed by their target time"),
    why=Text(
        "Tiket yang lewat target berarti pengguna menunggu tanpa kabar, dan gangguan kecil dibiarkan menjadi besar.",
        "A ticket past its target is a user who waits without word, and a small fault that is left to grow.",
    ),
    remedy=Text(
        "Selesaikan, lalu isi kolom `closed` dan `solution` di konsol, halaman penyedia, Register tiket. Bila memang perlu "
        "waktu lebih lama, sepakati dengan pelapor dan isi kolom `target`; yang di luar kemampuan dieskalasi ke LKPP.",
        "Resolve it, then fill the columns `closed` and `solution` in the console, on the provider's page, Register of "
        "tickets. If it does need longer, agree that with the reporter and fill the column `target`; escalate to LKPP what is "
        "beyond you.",
    ),
)  # fmt: skip
def tickets_in_time(
    register: TicketRegister, now: datetime,
    *, high_hours: int = 24, medium_hours: int = 72, low_hours: int = 168,
) -> Iterator[Verdict]:  # fmt: skip
    if not register.rows:
        yield not_applicable(Text("belum ada tiket yang tercatat", "no ticket has been written yet"))
        return
    hours = {Priority.HIGH: high_hours, Priority.MEDIUM: medium_hours, Priority.LOW: low_hours}
    open_ = [ticket for ticket in register.rows if ticket.closed is None]
    overdue = sorted(
        (ticket for ticket in open_ if _due(ticket, hours) < now), key=lambda one: (one.opened, one.number)
    )
    for ticket in overdue:
        due = told(_due(ticket, hours))
        officer = ticket.officer or "-"
        yield judge(
            False,
            Text(
                f"{ticket.type.label.id} prioritas {ticket.priority}, dicatat {told(ticket.opened)}, petugas {officer}",
                f"{ticket.type.label.en} of priority {ticket.priority.label.en.lower()}, written {told(ticket.opened)}, "
                f"officer {officer}",
            ),
            Text(f"selesai paling lambat {due}", f"closed by {due}"),
            subject=ticket.number,
        )
    if overdue:
        return
    expected = Text("tidak ada tiket terbuka yang lewat target", "no open ticket is past its target")
    recent = [ticket for ticket in register.rows if ticket.closed is not None and ticket.closed > now - REMEMBERED]
    late = [ticket for ticket in recent if ticket.closed is not None and ticket.closed > _due(ticket, hours)]
    measured = Text(
        f"{len(open_)} terbuka, tidak satu pun lewat target; {len(late)} dari {len(recent)} tiket dalam 30 hari terakhir "
        "selesai terlambat",
        f"{len(open_)} open, none past its target; {len(late)} of {len(recent)} tickets in the last 30 days were closed late",
    )
    yield warned(measured, expected, value=0) if late else judge(True, measured, expected, value=0)


def _due(ticket: Ticket, hours: Mapping[Priority, int]) -> datetime:
    return ticket.target or ticket.opened + timedelta(hours=hours[ticket.priority])
