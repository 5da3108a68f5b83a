from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from checks.facts.observed_incidents import (
    MOST,
    OpenFinding,
    OpenFindings,
    Outage,
    Outages,
    Recurrence,
    Recurrences,
)
from checks.facts.ticket_register import Ticket, TicketRegister, TicketType
from checks.governance.incidents import critical_findings, outages, recurring_faults
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW
from tests.checks.tickets import ago, ticket


def kept(*tickets: Ticket) -> TicketRegister:
    return TicketRegister(tickets)


def only(said: Verdict | Iterable[Verdict]) -> Verdict:
    assert not isinstance(said, Verdict)
    (verdict,) = said
    return verdict


def open_(*hours: float, severity: str = "critical", target: str = "db1") -> OpenFindings:
    found = tuple(OpenFinding(target, "K-PG-03", severity, ago(one), str(n)) for n, one in enumerate(hours))
    return OpenFindings(found, len(found), len(found) if severity == "critical" else 0)


# E-INC-01


def test_a_critical_finding_with_a_ticket_passes_and_the_ticket_is_named() -> None:
    verdict = only(critical_findings(open_(10), kept(ticket(8, about="db1", number="G-77")), NOW))
    assert (verdict.status, verdict.subject) == (Status.PASS, "db1 K-PG-03 0")
    assert words(verdict.measured, "id") == (
        "gagal sejak 2026-11-23 00:00 WIB; tiket G-77 dicatat 2026-11-23 02:00 WIB"
    )
    assert words(verdict.expected, "en") == "a ticket by 2026-11-23 04:00 WIB"


def test_a_critical_finding_without_a_ticket_fails_after_four_hours_and_is_advised_before() -> None:
    assert only(critical_findings(open_(4.1), kept(), NOW)).status is Status.FAIL
    assert only(critical_findings(open_(4.1), kept(ticket(3, about="web1")), NOW)).status is Status.FAIL
    soon = only(critical_findings(open_(3.9), kept(), NOW))
    assert (soon.status, words(soon.measured, "en")) == (Status.WARN, "fails since 2026-11-23 06:06 WIB; no ticket yet")
    assert only(critical_findings(open_(4.1), kept(), NOW, hours=8)).status is Status.WARN


def test_a_late_ticket_is_met_with_advice() -> None:
    verdict = only(critical_findings(open_(10), kept(ticket(1, about="db1")), NOW))
    assert verdict.status is Status.WARN
    assert words(verdict.measured, "id").endswith("terlambat")


def test_where_nobody_keeps_tickets_here_it_is_unknown_and_never_a_failure() -> None:
    verdict = only(critical_findings(open_(10), None, NOW))
    assert verdict.status is Status.UNKNOWN
    assert "register tiket belum diisi" in words(verdict.measured, "id")
    assert only(critical_findings(open_(3), None, NOW)).status is Status.WARN


def test_only_critical_findings_need_a_ticket_and_none_at_all_is_good() -> None:
    for register in (kept(), None):
        assert only(critical_findings(open_(100, severity="high"), register, NOW)).status is Status.PASS
        assert only(critical_findings(open_(), register, NOW)).status is Status.PASS


def test_one_ticket_covers_several_findings_of_its_server_and_each_is_judged() -> None:
    seen = OpenFindings((*open_(10, 9).findings, *open_(8, target="web1").findings), 3, 3)
    said = list(critical_findings(seen, kept(ticket(7, about="db1")), NOW))
    assert [(one.subject, one.status) for one in said] == [
        ("db1 K-PG-03 0", Status.PASS), ("db1 K-PG-03 1", Status.PASS), ("web1 K-PG-03 0", Status.FAIL),
    ]  # fmt: skip


def test_what_does_not_fit_in_the_fact_is_unknown() -> None:
    found = open_(*[10] * MOST).findings
    said = list(critical_findings(OpenFindings(found, 300, 250), kept(ticket(9, about="db1")), NOW))
    assert [one.status for one in said] == [Status.PASS] * MOST + [Status.UNKNOWN]
    assert "50 " in words(said[-1].measured, "en")
    assert only(critical_findings(OpenFindings((), 3, 3), kept(), NOW)).status is Status.UNKNOWN


# E-INC-03


def down(hours: float, minutes: int = 30, vantages: int = 2, *, planned: bool = False, ended: bool = True) -> Outage:
    return Outage(
        "lpse.kota.go.id", ago(hours), ago(hours - minutes / 60) if ended else None, minutes * 60, vantages, planned,
        ("web1",),
    )  # fmt: skip


def seen(*found: Outage, total: int | None = None, watched: int = 1, days_off: tuple[date, ...] = ()) -> Outages:
    return Outages(found, len(found) if total is None else total, watched, days_off=days_off)


def test_an_outage_with_a_record_passes_and_both_times_are_told() -> None:
    verdict = only(outages(seen(down(72)), kept(ticket(71, about="web1", number="G-5")), NOW))
    assert verdict.status is Status.PASS
    assert verdict.subject == "lpse.kota.go.id 2026-11-20 10:00 WIB"
    assert words(verdict.measured, "id") == (
        "padam dari 2026-11-20 10:00 WIB sampai 2026-11-20 10:30 WIB (30 menit); tiket G-5 dicatat 2026-11-20 11:00 WIB"
    )


def test_an_outage_without_a_record_fails_after_the_next_working_day() -> None:
    friday, thursday = seen(down(72)), seen(down(96))  # NOW is a Monday
    assert only(outages(friday, kept(), NOW)).status is Status.WARN
    assert only(outages(thursday, kept(), NOW)).status is Status.FAIL
    assert only(outages(friday, kept(), NOW, working_days=0)).status is Status.FAIL
    holiday = seen(down(96), days_off=(date(2026, 11, 20),))
    assert only(outages(holiday, kept(), NOW)).status is Status.WARN


def test_an_outage_that_still_lasts_says_so() -> None:
    verdict = only(outages(seen(down(96, 5760, ended=False)), kept(), NOW))
    assert verdict.status is Status.FAIL
    assert "sampai sekarang (5760 menit)" in words(verdict.measured, "id")


def test_short_and_planned_outages_need_no_record() -> None:
    for found in (seen(), seen(down(96, 15)), seen(down(96, planned=True))):
        for register in (kept(), None):
            assert only(outages(found, register, NOW)).status is Status.PASS
    assert only(outages(seen(down(96, 15)), kept(), NOW, minutes=10)).status is Status.FAIL


def test_what_one_prober_alone_saw_is_not_certainly_an_outage() -> None:
    verdict = only(outages(seen(down(96, vantages=1)), kept(), NOW))
    assert verdict.status is Status.UNKNOWN
    assert "hanya terlihat oleh 1 prober" in words(verdict.measured, "id")
    assert only(outages(seen(down(96, vantages=1)), kept(), NOW, quorum=1)).status is Status.FAIL
    assert only(outages(seen(down(96, vantages=1)), kept(ticket(95)), NOW)).status is Status.PASS


def test_an_outage_is_unknown_where_nobody_keeps_tickets_or_nobody_watches() -> None:
    assert only(outages(seen(down(96)), None, NOW)).status is Status.UNKNOWN
    assert only(outages(seen(watched=0), kept(), NOW)).status is Status.UNKNOWN
    assert [one.status for one in outages(seen(down(96), total=3), kept(), NOW)] == [Status.FAIL, Status.UNKNOWN]
    assert only(outages(seen(total=3), kept(), NOW)).status is Status.UNKNOWN


# E-INC-04


def recurred(*times: int, total: int | None = None) -> Recurrences:
    found = tuple(Recurrence(f"db{n}", "L-AVL-05", one, ago(24)) for n, one in enumerate(times))
    return Recurrences(found, len(found) if total is None else total)


def problem(closed: float | None = None, about: str = "db0") -> Ticket:
    return ticket(500, closed, about=about, kind=TicketType.PROBLEM, number="M-2")


def test_a_fault_that_recurs_needs_a_problem_ticket() -> None:
    good = only(recurring_faults(recurred(3), kept(problem())))
    assert (good.status, good.subject, good.value) == (Status.PASS, "db0 L-AVL-05", 3)
    assert words(good.measured, "id") == "3 kali dalam 30 hari, terakhir 2026-11-22 10:00 WIB; tiket M-2"
    assert only(recurring_faults(recurred(3), kept(ticket(23, about="db0")))).status is Status.FAIL
    assert only(recurring_faults(recurred(3), kept())).status is Status.FAIL
    assert only(recurring_faults(recurred(3), None)).status is Status.UNKNOWN


def test_a_problem_that_was_closed_before_it_happened_again_does_not_count() -> None:
    assert only(recurring_faults(recurred(3), kept(problem(closed=48)))).status is Status.FAIL
    assert only(recurring_faults(recurred(3), kept(problem(closed=2)))).status is Status.PASS


def test_twice_is_not_often_and_each_fault_is_judged() -> None:
    for register in (kept(), None):
        assert only(recurring_faults(recurred(2), register)).status is Status.PASS
        assert only(recurring_faults(recurred(), register)).status is Status.PASS
    assert only(recurring_faults(recurred(2), kept(), times=2)).status is Status.FAIL
    said = list(recurring_faults(recurred(5, 3), kept(problem(about="db1"))))
    assert [one.status for one in said] == [Status.FAIL, Status.PASS]
    more = list(recurring_faults(recurred(3, total=9), kept(problem())))
    assert [one.status for one in more] == [Status.PASS, Status.UNKNOWN]
