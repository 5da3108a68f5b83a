"""Incident management (standard e): what the collector saw go wrong, against the tickets that people wrote.

Laws:
- What nobody writes down here may be written down elsewhere: without a register of tickets the answer is unknown, never a failure.
- Whatever has a ticket is met, late or not; lateness is said as advice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from checks.calendar import end_of_working_day, told
from checks.check import AVAILABILITY, DAY, HIGH, HOUR, INTEGRITY, LOW, MEDIUM, MINUTE, Severity, check
from checks.facts.observed_incidents import OpenFindings, Outage, Outages, Recurrences
from checks.facts.ticket_entries import TicketEntries
from checks.facts.ticket_register import Ticket, TicketRegister
from checks.incidents import Incident, believed, covering, problems
from checks.text import Text
from checks.verdict import Verdict, judge, unknown, warned

NOT_KEPT = Text(
    "register tiket belum diisi di konsol, jadi tidak diketahui apakah tiketnya ada",
    "the register of tickets is not kept in the console, so it is not known whether there is a ticket",
)
WRITE = Text(
    "Catat di konsol, halaman penyedia, Register tiket (formulir standar 5): isi kolom `about` dengan nama server atau instans "
    "seperti di konsol",
    "Enter it in the console, on the provider's page, Register of tickets (standard 5 form): fill the column `about` with the "
    "name of the server or instance as in the console",
)


def _tickets(register: TicketRegister, entered: TicketEntries | None, now: datetime) -> Sequence[Ticket]:
    """The rows, each as old as it can be believed to be."""
    return believed(register.rows, entered.entries, now) if entered is not None else register.rows


def _judged(
    incident: Incident, subject: str, seen: Text, due: datetime, held: Sequence[Ticket] | None, now: datetime
) -> Verdict:
    """What holds of one incident: `held` are the tickets that cover it, None if nobody keeps any; one is `due` by then."""
    expected = Text(f"tiket paling lambat {told(due)}", f"a ticket by {told(due)}")
    if held:
        first = min(held, key=lambda ticket: ticket.opened)
        late = first.opened > due
        number = ", ".join(dict.fromkeys(ticket.number for ticket in held[:3]))
        measured = Text(
            f"{seen.id}; tiket {number} dicatat {told(first.opened)}{', terlambat' if late else ''}",
            f"{seen.en}; ticket {number} was written {told(first.opened)}{', late' if late else ''}",
        )
        return warned(measured, expected, subject=subject) if late else judge(True, measured, expected, subject=subject)
    if now <= due:
        return warned(Text(f"{seen.id}; belum ada tiket", f"{seen.en}; no ticket yet"), expected, subject=subject)
    if held is None:
        return unknown(Text(f"{seen.id}; {NOT_KEPT.id}", f"{seen.en}; {NOT_KEPT.en}"), subject=subject)
    return judge(False, Text(f"{seen.id}; tanpa tiket", f"{seen.en}; without a ticket"), expected, subject=subject)


@check(
    "E-INC-01", severity=HIGH, aspect=AVAILABILITY, every=15 * MINUTE,
    source="LPSE standard 5 form; Pantau default (4 hours)",
    title=Text("Setiap temuan kritis memiliki tiket gangguan", "Every critical finding has an incident ticket"),
    why=Text(
        "Temuan kritis tanpa tiket tidak ada yang memegang: tidak ada petugas, tenggat, maupun catatan penyelesaiannya.",
        "A critical finding without a ticket is in nobody's hands: it has no officer, no deadline and no record of its end.",
    ),
    remedy=Text(
        f"{WRITE.id}, dan `codes` dengan kode pemeriksaannya. Lihat temuannya di server: `pantau-agent check`.",
        f"{WRITE.en}, and `codes` with the code of the check. See the finding on the server: `pantau-agent check`.",
    ),
)  # fmt: skip
def critical_findings(
    seen: OpenFindings,
    register: TicketRegister | None,
    now: datetime,
    entered: TicketEntries | None = None,
    *,
    hours: int = 4,
) -> Iterator[Verdict]:
    critical = [one for one in seen.findings if one.severity == Severity.CRITICAL]
    if not critical and not seen.critical:
        none = Text("tidak ada temuan kritis yang terbuka", "no critical finding is open")
        yield judge(True, none, Text("semua bertiket", "all have tickets"), value=0)
    incidents = [Incident(one.target, one.since, code=one.code) for one in critical]
    held = covering(incidents, _tickets(register, entered, now), now) if register is not None else {}
    for one, incident in zip(critical, incidents, strict=True):
        since = told(one.since)
        yield _judged(
            incident,
            f"{one.target} {one.code} {one.subject}".strip(),
            Text(f"gagal sejak {since}", f"fails since {since}"),
            one.since + timedelta(hours=hours),
            held[incident] if register is not None else None,
            now,
        )
    if (more := seen.critical - len(critical)) > 0:
        yield unknown(
            Text(f"{more} temuan kritis lain tidak dicocokkan", f"{more} more critical findings were not matched")
        )


@check(
    "E-INC-03", severity=MEDIUM, aspect=AVAILABILITY, every=HOUR,
    source="LPSE standard 5 form; Pantau default (15 minutes, 1 working day, 2 probers)",
    title=Text("Setiap gangguan layanan tercatat", "Every outage has an incident record"),
    why=Text(
        "Gangguan yang tidak dicatat akan terulang, dan pengguna yang melapor kehilangan bukti bahwa layanan memang padam.",
        "An outage that nobody records will come again, and users who complain lose the proof that the service was down.",
    ),
    remedy=Text(
        f"{WRITE.id}, `opened` dengan waktu mulainya, `closed` dengan waktu pulihnya.",
        f"{WRITE.en}, `opened` with the time it began, `closed` with the time it was over.",
    ),
)  # fmt: skip
def outages(
    seen: Outages, register: TicketRegister | None, now: datetime, entered: TicketEntries | None = None,
    *, minutes: int = 15, working_days: int = 1, quorum: int = 2,
) -> Iterator[Verdict]:  # fmt: skip
    if not seen.watched:
        yield unknown(
            Text(
                f"tidak ada instans yang dipantau prober dalam {seen.days} hari",
                f"no instance was watched by probers in {seen.days} days",
            )
        )
        return
    long = [one for one in seen.outages if one.seconds > minutes * MINUTE and not one.planned]
    if not long and seen.total <= len(seen.outages):
        none = Text(
            f"tidak ada gangguan lebih dari {minutes} menit dalam {seen.days} hari",
            f"no outage of more than {minutes} minutes in {seen.days} days",
        )
        yield judge(True, none, Text("semua tercatat", "all are recorded"), value=0)
    incidents = [Incident(one.instance, one.began, one.ended, others=one.servers) for one in long]
    held = covering(incidents, _tickets(register, entered, now), now) if register is not None else {}
    for one, incident in zip(long, incidents, strict=True):
        subject, said = f"{one.instance} {told(one.began)}", _lasted(one)
        due = end_of_working_day(one.began, working_days, seen.days_off)
        tickets = held[incident] if register is not None else None
        if one.vantages < quorum and not tickets:
            yield unknown(
                Text(
                    f"{said.id}; hanya terlihat oleh {one.vantages} prober, belum pasti gangguan",
                    f"{said.en}; seen by {one.vantages} prober only, not certainly an outage",
                ),
                subject=subject,
            )
            continue
        yield _judged(incident, subject, said, due, tickets, now)
    if (more := seen.total - len(seen.outages)) > 0:
        yield unknown(Text(f"{more} gangguan lain tidak dicocokkan", f"{more} more outages were not matched"))


def _lasted(one: Outage) -> Text:
    """When it was: "from ... WIB to ... WIB (42 minutes)"."""
    began, ended = told(one.began), told(one.ended) if one.ended else ""
    minutes = one.seconds // MINUTE
    return Text(
        f"padam dari {began} sampai {ended or 'sekarang'} ({minutes} menit)",
        f"down from {began} to {ended or 'now'} ({minutes} minutes)",
    )


@check(
    "E-INC-04", severity=LOW, aspect=INTEGRITY, every=DAY,
    source="LPSE standard 5 form; Pantau default (3 times in 30 days)",
    title=Text("Gangguan berulang ditangani sebagai masalah", "Recurring faults are handled as problems"),
    why=Text(
        "Gangguan yang sama tiga kali sebulan bukan kebetulan: tanpa catatan masalah, penyebabnya tidak pernah dicari.",
        "The same fault three times a month is no accident: without a problem record nobody looks for its cause.",
    ),
    remedy=Text(
        f"{WRITE.id}, `codes` dengan kode pemeriksaannya, dan `type` masalah; tutup baru setelah penyebabnya hilang.",
        f"{WRITE.en}, `codes` with the code of the check, and `type` masalah; close it only when the cause is gone.",
    ),
)  # fmt: skip
def recurring_faults(seen: Recurrences, register: TicketRegister | None, *, times: int = 3) -> Iterator[Verdict]:
    expected = Text("ada tiket bertipe masalah yang belum ditutup", "an open ticket of type problem (masalah)")
    often = [one for one in seen.recurrences if one.times >= times]
    if not often:
        none = Text(f"tidak ada yang berulang dalam {seen.days} hari", f"nothing recurred in {seen.days} days")
        yield judge(True, none, Text(f"kurang dari {times} kali", f"less than {times} times"), value=0)
    for one in often:
        subject, last = f"{one.target} {one.code}", told(one.last)
        said = Text(
            f"{one.times} kali dalam {seen.days} hari, terakhir {last}",
            f"{one.times} times in {seen.days} days, last {last}",
        )
        if register is None:
            yield unknown(Text(f"{said.id}; {NOT_KEPT.id}", f"{said.en}; {NOT_KEPT.en}"), subject=subject)
            continue
        held = problems(one.target, one.code, one.last, register.rows)
        number = ", ".join(dict.fromkeys(ticket.number for ticket in held[:3]))
        known = (
            Text(f"tiket {number}", f"ticket {number}") if held else Text("tanpa tiket masalah", "no problem ticket")
        )
        measured = Text(f"{said.id}; {known.id}", f"{said.en}; {known.en}")
        yield judge(bool(held), measured, expected, subject=subject, value=one.times)
    if (more := seen.total - len(seen.recurrences)) > 0 and len(often) == len(seen.recurrences):
        yield unknown(Text(f"{more} lainnya tidak dicocokkan", f"{more} more were not matched"))
