"""Which ticket is about which incident: tickets that people wrote against what the collector saw. Pure.

An incident is a finding or an outage: something that began, on a server or instance, and may still last.

Laws:
- A ticket that names servers or instances is about no others; one that names codes is about no other findings.
- It covers only what it overlaps in time: closed before something began, or written long after it ended, it does not.
- What still lasts is not covered by a ticket that was closed more than a day ago.
- A ticket that names no code cannot be about what began more than a day after it was written.
- A ticket that names neither is about one target only: that of the incident whose beginning is nearest to its writing. It is
  written within a day of that beginning if the incident lasts.
- One ticket may cover several incidents. More tickets never uncover one. The order of either does not matter.
- A ticket counts as written at most four days before it was entered here, whatever it says: forms on paper are typed in later,
  but not to excuse what happened long ago.
- An outage has no code of its own: a ticket that names codes and no target is about an outage if one of them is of
  availability (L-AVL).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from checks.facts.ticket_entries import TicketEntry
from checks.facts.ticket_register import Ticket, TicketType, plain

ROUNDED = timedelta(hours=1)
"""People round, and clocks differ: a ticket may be written, or closed, so much before what it is about began."""
DAY = timedelta(days=1)
WRITTEN_AFTER = timedelta(days=4)
"""What is over may be written down so much later: a weekend with a holiday on each side."""
AVAILABILITY = "L-AVL-"


@dataclass(frozen=True)
class Incident:
    """One finding or outage. `code`: of a finding; empty for an outage. `others`: names that mean the target as well, such as
    the servers of an instance. `ended` None: it still lasts. All moments are aware.
    """

    target: str
    began: datetime
    ended: datetime | None = None
    code: str = ""
    others: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """All its names, as they are compared."""
        return frozenset(map(plain, (self.target, *self.others)))


def believed(tickets: Iterable[Ticket], entries: Iterable[TicketEntry], now: datetime) -> tuple[Ticket, ...]:
    """`tickets` with the moments they can be believed to have been written. What has no entry yet was entered just now."""
    entered = {(one.number, one.opened): one.entered for one in entries}
    return tuple(
        msgspec.structs.replace(one, opened=max(one.opened, entered.get((one.number, one.opened), now) - WRITTEN_AFTER))
        for one in tickets
    )


def covering(
    incidents: Sequence[Incident], tickets: Iterable[Ticket], now: datetime
) -> Mapping[Incident, tuple[Ticket, ...]]:
    """The tickets that cover each incident, those that name most first, then the earliest. Requests cover nothing."""
    found: dict[Incident, list[Ticket]] = {incident: [] for incident in incidents}
    names = {incident: incident.names for incident in found}
    for ticket in tickets:
        if ticket.type is TicketType.REQUEST:
            continue
        about, codes = ticket.names, ticket.checks
        meant = [
            incident
            for incident in found
            if _named(incident, names[incident], about, codes) and _overlaps(incident, ticket, bool(codes), now)
        ]
        for incident in meant if about or codes else _nearest(meant, ticket):
            found[incident].append(ticket)
    return {incident: tuple(sorted(held, key=_rank)) for incident, held in found.items()}


def problems(target: str, code: str, last: datetime, tickets: Iterable[Ticket]) -> tuple[Ticket, ...]:
    """The tickets of type problem about `code` recurring on `target`, which name either or both, and were not closed before
    it happened for the `last` time.
    """
    held = [
        ticket
        for ticket in tickets
        if ticket.type is TicketType.PROBLEM
        and (ticket.names or ticket.checks)
        and _named(Incident(target, last, code=code), {plain(target)}, ticket.names, ticket.checks)
        and (ticket.closed is None or ticket.closed >= last - ROUNDED)
    ]
    return tuple(sorted(held, key=_rank))


def _named(incident: Incident, names: frozenset[str] | set[str], about: frozenset[str], codes: frozenset[str]) -> bool:
    if about and names.isdisjoint(about):
        return False
    if not codes:
        return True
    if incident.code:
        return incident.code in codes
    return bool(about) or any(code.startswith(AVAILABILITY) for code in codes)


def _overlaps(incident: Incident, ticket: Ticket, coded: bool, now: datetime) -> bool:
    if ticket.closed is not None:
        needed = incident.began - ROUNDED if incident.ended is not None else now - DAY
        if ticket.closed < max(needed, incident.began - ROUNDED):
            return False
    if incident.ended is not None and ticket.opened > incident.ended + WRITTEN_AFTER:
        return False
    return coded or incident.began <= ticket.opened + DAY


def _nearest(meant: Iterable[Incident], ticket: Ticket) -> list[Incident]:
    """Of the incidents that a ticket without any name may mean, those of the target it does mean."""
    near = [
        incident
        for incident in meant
        if ticket.opened >= incident.began - ROUNDED
        and (incident.ended is not None or ticket.opened <= incident.began + DAY)
    ]
    if not near:
        return []
    nearest = min(near, key=lambda one: (abs(ticket.opened - one.began), plain(one.target), one.code))
    return [incident for incident in near if plain(incident.target) == plain(nearest.target)]


def _rank(ticket: Ticket) -> tuple[bool, bool, datetime, str]:
    return not ticket.checks, not ticket.names, ticket.opened, ticket.number
