"""Tickets for tests, written in one line."""

from __future__ import annotations

from datetime import datetime, timedelta

from checks.facts.ticket_register import Priority, Ticket, TicketType
from tests.checks.real import NOW


def ago(hours: float) -> datetime:
    """So many hours before `NOW`."""
    return NOW - timedelta(hours=hours)


def ticket(
    opened: float, closed: float | None = None, *, about: str = "", codes: str = "", number: str = "G-1",
    kind: TicketType = TicketType.DISTURBANCE, priority: Priority = Priority.HIGH, target: float | None = None,
) -> Ticket:  # fmt: skip
    """A ticket opened and closed so many hours ago; `target` is in hours ago as well."""
    return Ticket(
        number, "Dinas PU", kind, priority, ago(opened), about=about, codes=codes, officer="Sari",
        closed=None if closed is None else ago(closed), target=None if target is None else ago(target),
    )  # fmt: skip
