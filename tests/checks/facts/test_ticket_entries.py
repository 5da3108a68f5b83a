from __future__ import annotations

import msgspec

from checks.fact import recipes, target_of
from checks.facts.ticket_entries import TicketEntries, TicketEntry
from checks.target import Target
from tests.checks.tickets import ago


def test_it_is_the_collectors_own_observation_of_a_provider() -> None:
    assert target_of(TicketEntries) is Target.PROVIDER
    assert recipes(TicketEntries) == ()


def test_it_comes_back_from_the_wire_as_it_was() -> None:
    told = TicketEntries((TicketEntry("G-1", ago(9), ago(1)),))
    assert msgspec.json.decode(msgspec.json.encode(told), type=TicketEntries) == told
