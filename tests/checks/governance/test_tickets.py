from __future__ import annotations

from checks.facts.ticket_register import Priority, Ticket, TicketRegister
from checks.governance.tickets import tickets_in_time
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW
from tests.checks.tickets import ticket


def said(*tickets: Ticket, **thresholds: int) -> list[Verdict]:
    found = tickets_in_time(TicketRegister(tickets), NOW, **thresholds)
    assert not isinstance(found, Verdict)
    return list(found)


def test_a_ticket_past_its_target_fails_and_is_named_with_its_officer() -> None:
    (verdict,) = said(ticket(30, target=2, number="G-9"))
    assert (verdict.status, verdict.subject) == (Status.FAIL, "G-9")
    assert words(verdict.measured, "id") == "Gangguan prioritas tinggi, dicatat 2026-11-22 04:00 WIB, petugas Sari"
    assert words(verdict.measured, "en").startswith("Disturbance of priority high, written")
    assert words(verdict.expected, "id") == "selesai paling lambat 2026-11-23 08:00 WIB"


def test_without_a_target_the_priority_gives_it() -> None:
    for priority, hours in ((Priority.HIGH, 24), (Priority.MEDIUM, 72), (Priority.LOW, 168)):
        assert [one.status for one in said(ticket(hours - 1, priority=priority))] == [Status.PASS]
        assert [one.status for one in said(ticket(hours + 1, priority=priority))] == [Status.FAIL]
    assert [one.status for one in said(ticket(5), high_hours=4)] == [Status.FAIL]
    assert [one.status for one in said(ticket(100, target=-5))] == [Status.PASS]


def test_tickets_closed_late_are_advice_for_a_month() -> None:
    (verdict,) = said(ticket(100, 10), ticket(20, 19))
    assert verdict.status is Status.WARN
    assert "1 dari 2 tiket dalam 30 hari terakhir selesai terlambat" in words(verdict.measured, "id")
    assert [one.status for one in said(ticket(24 * 40, 24 * 31))] == [Status.PASS]
    assert [one.status for one in said(ticket(20, 10))] == [Status.PASS]


def test_every_overdue_ticket_is_one_verdict_the_oldest_first() -> None:
    found = said(ticket(50, number="G-2"), ticket(60, number="G-1"), ticket(1, number="G-3"))
    assert [(one.subject, one.status) for one in found] == [("G-1", Status.FAIL), ("G-2", Status.FAIL)]


def test_a_register_without_any_ticket_has_nothing_to_be_late_with() -> None:
    assert [one.status for one in said()] == [Status.NOT_APPLICABLE]
