from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.facts.ticket_entries import TicketEntry
from checks.facts.ticket_register import Ticket, TicketType, plain
from checks.incidents import DAY, ROUNDED, WRITTEN_AFTER, Incident, believed, covering, problems
from tests.checks.real import NOW
from tests.checks.tickets import ago, ticket

FULL = Incident("db1", ago(10), code="G-DSK-01")
DOWN = Incident("lpse.kota.go.id", ago(48), ago(46), others=("web1",))


def covers(incident: Incident, *tickets: Ticket) -> list[str]:
    return [one.number for one in covering([incident], tickets, NOW)[incident]]


@pytest.mark.parametrize(
    ("one", "covered"),
    [
        (ticket(8, about="db1", codes="G-DSK-01"), True),
        (ticket(8, about="DB1 , web1"), True),
        (ticket(8, codes="g-dsk-01, K-OS-02"), True),
        (ticket(8), True),
        (ticket(8, about="web1"), False),  # about another server
        (ticket(8, codes="K-OS-02"), False),  # about another check
        (ticket(8, about="db1", codes="K-OS-02"), False),
        (ticket(8, about="web1", codes="G-DSK-01"), False),
        (ticket(10.9), True),  # people round
        (ticket(11.1), False),  # nothing was wrong yet, and it names nothing
        (ticket(12, about="db1"), True),  # what begins within a day
        (ticket(35, about="db1"), False),  # two days later it is something else
        (ticket(35, about="db1", codes="G-DSK-01"), True),  # unless it is named
        (ticket(9, 1, about="db1"), True),  # closed just now: the finding closes later
        (ticket(35, 30, about="db1", codes="G-DSK-01"), False),  # closed before it began
        (ticket(8, kind=TicketType.PROBLEM), True),
        (ticket(8, about="db1", kind=TicketType.REQUEST), False),
    ],
)
def test_a_ticket_covers_the_finding_it_names_or_meets_in_time(one: Ticket, covered: bool) -> None:
    assert bool(covers(FULL, one)) is covered


def test_what_still_lasts_is_not_covered_by_a_ticket_closed_long_ago() -> None:
    old = Incident("db1", ago(24 * 90), code="K-OS-02")
    assert covers(old, ticket(24 * 80, 24 * 3, about="db1")) == []
    assert covers(old, ticket(24 * 80, 23, about="db1")) == ["G-1"]
    assert covers(old, ticket(24 * 80, about="db1")) == ["G-1"]
    assert covers(old, ticket(24 * 80)) == []  # names nothing, and was written ten days after it began


@pytest.mark.parametrize(
    ("one", "covered"),
    [
        (ticket(47, 46, about="https://LPSE.kota.go.id/"), True),
        (ticket(47, 40, about="web1"), True),  # the server it runs on
        (ticket(47, 40, about="web1", codes="G-DSK-01"), True),  # and why
        (ticket(47, 40, codes="L-AVL-01"), True),
        (ticket(47, 40, codes="G-DSK-01"), False),  # somewhere, something else
        (ticket(20), True),  # written down the day after
        (ticket(20, 19), True),
        (ticket(60, 50), False),  # over before
        (ticket(47, about="lpse.kab.go.id"), False),
    ],
)
def test_an_outage_is_covered_by_a_ticket_about_its_instance_or_servers(one: Ticket, covered: bool) -> None:
    assert bool(covers(DOWN, one)) is covered


def test_an_outage_that_is_written_down_a_week_later_is_not_the_same() -> None:
    over = Incident("lpse.kota.go.id", ago(24 * 8), ago(24 * 8 - 1))
    assert covers(over, ticket(24 * 3, about="lpse.kota.go.id")) == []


def test_a_ticket_without_names_is_about_the_nearest_target_and_all_that_is_wrong_there() -> None:
    disk, load = Incident("db1", ago(5), code="G-DSK-01"), Incident("db1", ago(4), code="G-CPU-01")
    other = Incident("web1", ago(9), code="L-AVL-06")
    found = covering([disk, load, other], [ticket(4.5)], NOW)
    assert [bool(found[one]) for one in (disk, load, other)] == [True, True, False]


def test_tickets_that_name_most_come_first() -> None:
    vague, exact = ticket(9, number="G-1"), ticket(8, about="db1", codes="G-DSK-01", number="G-2")
    assert covers(FULL, vague, exact) == ["G-2", "G-1"]


def test_a_recurring_fault_needs_a_problem_that_is_open_or_was_closed_after_it_last_happened() -> None:
    def found(one: Ticket) -> bool:
        return bool(problems("db1", "L-AVL-05", ago(24), [one]))

    assert found(ticket(500, about="db1", codes="L-AVL-05", kind=TicketType.PROBLEM))
    assert found(ticket(500, codes="L-AVL-05", kind=TicketType.PROBLEM))
    assert found(ticket(500, 20, about="DB1", kind=TicketType.PROBLEM))
    assert not found(ticket(500, 30, about="db1", kind=TicketType.PROBLEM))
    assert not found(ticket(500, kind=TicketType.PROBLEM))
    assert not found(ticket(500, about="db1"))
    assert not found(ticket(500, about="web1", codes="L-AVL-05", kind=TicketType.PROBLEM))


# The laws

NAMES, CODES = ("db1", "web1", "lpse.kota.go.id"), ("G-DSK-01", "K-OS-02", "L-AVL-01")
HOURS = st.floats(0, 24 * 40)


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    began = draw(HOURS)
    ended = draw(st.none() | st.floats(0, began))
    code = draw(st.sampled_from(("", *CODES)))
    return Incident(draw(st.sampled_from(NAMES)), ago(began), None if ended is None else ago(ended), code)


@st.composite
def tickets(draw: st.DrawFn) -> Ticket:
    opened = draw(HOURS)
    return ticket(
        opened,
        draw(st.none() | st.floats(0, opened)),
        about=", ".join(draw(st.sets(st.sampled_from(NAMES), max_size=2))),
        codes=" ".join(draw(st.sets(st.sampled_from(CODES), max_size=2))),
        number=draw(st.sampled_from(("G-1", "G-2", "M-3"))),
        kind=draw(st.sampled_from(tuple(TicketType))),
    )


SEEN, WRITTEN = st.lists(incidents(), max_size=6), st.lists(tickets(), max_size=6)


@given(SEEN, WRITTEN)
@settings(max_examples=200, deadline=None)
def test_whatever_covers_names_nothing_else_and_overlaps(seen: list[Incident], written: list[Ticket]) -> None:
    found = covering(seen, written, NOW)
    assert set(found) == set(seen)
    for incident, held in found.items():
        for one in held:
            assert one.type is not TicketType.REQUEST
            assert not one.names or plain(incident.target) in one.names
            assert not (one.checks and incident.code) or incident.code in one.checks
            assert one.closed is None or one.closed >= incident.began - ROUNDED
            assert incident.ended is None or one.opened <= incident.ended + WRITTEN_AFTER
            assert incident.ended is not None or one.closed is None or one.closed >= NOW - DAY
            assert one.checks or incident.began <= one.opened + DAY


@given(SEEN, WRITTEN)
@settings(max_examples=100, deadline=None)
def test_a_ticket_without_any_name_is_about_one_target(seen: list[Incident], written: list[Ticket]) -> None:
    found = covering(seen, written, NOW)
    for one in written:
        if not one.names and not one.checks:
            assert len({incident.target for incident, held in found.items() if one in held}) <= 1


@given(SEEN, WRITTEN, tickets(), st.randoms())
@settings(max_examples=100, deadline=None)
def test_more_tickets_never_uncover_and_no_order_matters(
    seen: list[Incident], written: list[Ticket], more: Ticket, chance: object
) -> None:
    before = covering(seen, written, NOW)
    after = covering(seen, [*written, more], NOW)
    assert all(set(map(id, held)) <= set(map(id, after[incident])) for incident, held in before.items())
    assert {one: sorted(map(id, held)) for one, held in covering(seen[::-1], written[::-1], NOW).items()} == {
        one: sorted(map(id, held)) for one, held in before.items()
    }


def test_two_hundred_findings_and_five_hundred_tickets_are_matched_within_moments() -> None:
    seen = [Incident(f"server{n % 9}", ago(n), code="K-OS-02") for n in range(200)]
    written = [ticket(n, about=f"server{n % 7}", number=f"G-{n}") for n in range(500)]
    assert len(covering(seen, written, NOW + timedelta(hours=1))) == 200


def written(one: Ticket, entered: float) -> list[TicketEntry]:
    return [TicketEntry(one.number, one.opened, ago(entered))]


def test_a_ticket_is_believed_to_be_four_days_older_than_its_entry_and_no_more() -> None:
    honest, late, old = ticket(47), ticket(24 * 9), ticket(24 * 9)
    assert believed([honest], written(honest, 1), NOW) == (honest,)
    assert believed([late], written(late, 24), NOW)[0].opened == ago(24) - WRITTEN_AFTER
    assert believed([old], written(old, 24 * 8), NOW) == (old,)


def test_what_was_not_seen_in_the_register_yet_was_entered_just_now() -> None:
    (one,) = believed([ticket(24 * 30)], [], NOW)
    assert one.opened == NOW - WRITTEN_AFTER


def test_a_ticket_made_up_afterwards_covers_an_outage_of_last_week_no_more() -> None:
    outage = Incident("lpse.kota.go.id", ago(24 * 9), ago(24 * 9 - 20))
    forged = ticket(24 * 9 - 1, 24 * 8, about="lpse.kota.go.id")
    assert covers(outage, forged) == ["G-1"]
    assert covers(outage, *believed([forged], written(forged, 2), NOW)) == []
