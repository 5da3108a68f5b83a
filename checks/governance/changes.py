"""Change management (standard f): changes that were made on a server, against the register of approved changes.

Laws:
- While nobody keeps the register, a change is a WARN: a person matches it with its form.
- A change is approved if it was made within the window of an approved one. Packages are known by their day only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

from checks.check import HIGH, HOUR, INTEGRITY, MINUTE, check
from checks.facts.change_register import ApprovedChange, ChangeRegister
from checks.facts.config_changes import ConfigChanges
from checks.facts.package_changes import PackageChanges
from checks.text import Text
from checks.verdict import Verdict, judge, warned

WIB = timezone(timedelta(hours=7), "WIB")
LATE = timedelta(hours=1)  # a window may be overrun by so much
MATCH = Text(
    "Cocokkan dengan formulir permintaan perubahan (standar 6) yang disetujui dan catat di konsol, halaman server, "
    "Register perubahan. Bila tidak ada, buat formulir susulan sebagai perubahan darurat, atau cari siapa pelakunya.",
    "Match it with an approved change request form (standard 6) and enter it in the console, on the server's page, "
    "Register of changes. If there is none, file it afterwards as an emergency change, or find out who did it.",
)
SHOWN = 5


@check(
    "F-CHG-01", severity=HIGH, aspect=INTEGRITY, every=HOUR,
    source="LPSE standard 6 form; ISO/IEC 27002:2022 8.32; Pantau default (7 days)",
    title=Text("Perubahan paket disertai persetujuan", "Package changes have an approval"),
    why=Text(
        "Paket yang berubah tanpa sepengetahuan penanggung jawab adalah penyebab gangguan yang paling sering, dan tanda "
        "penyusupan yang paling mudah terlewat.",
        "Packages that change without anyone answering for it are the commonest cause of outages, and the sign of "
        "intrusion that is most easily missed.",
    ),
    remedy=Text(
        f"{MATCH.id} Rincian: `grep -E ' (install|upgrade|remove|purge) ' /var/log/dpkg.log` (Debian/Ubuntu) atau "
        "`dnf history` (EL).",
        f"{MATCH.en} Details: `grep -E ' (install|upgrade|remove|purge) ' /var/log/dpkg.log` (Debian/Ubuntu) or "
        "`dnf history` (EL).",
    ),
)  # fmt: skip
def package_changes(
    changes: PackageChanges, approved: ChangeRegister | None, now: datetime, *, days: int = 7
) -> Verdict:
    recent = [one for one in changes.days if one.day > (now - timedelta(days=days)).date()]
    expected = _expected(days)
    if not recent:
        return judge(True, Text(f"tidak ada dalam {days} hari", f"none in {days} days"), expected, value=0)
    if approved is not None:
        covered = {day for one in approved.rows for day in _days(one)}
        recent = [one for one in recent if one.day not in covered]
        if not recent:
            return judge(True, Text("semuanya disetujui", "all of them approved"), expected, value=0)
    total = sum(one.packages for one in recent)
    said = "; ".join(
        f"{one.day}: {', '.join(one.names[:SHOWN])}{', ...' if one.packages > SHOWN else ''} ({one.packages})"
        for one in recent[:SHOWN]
    )
    if approved is not None:
        unapproved = Text(
            f"{total} paket berubah tanpa persetujuan; {said}", f"{total} packages changed without an approval; {said}"
        )
        return judge(False, unapproved, expected, value=total)
    return warned(Text(f"{total} paket berubah; {said}", f"{total} packages changed; {said}"), expected, value=total)


@check(
    "F-CHG-02", severity=HIGH, aspect=INTEGRITY, every=15 * MINUTE,
    source="LPSE standard 6 form; Indeks KAMI VI.8; Pantau default (7 days)",
    title=Text("Perubahan konfigurasi disertai persetujuan", "Configuration changes have an approval"),
    why=Text(
        "Satu baris di konfigurasi web, basis data, atau SSH dapat membuka data penawaran; setiap perubahan harus ada "
        "yang menyetujui.",
        "One line in the configuration of web server, database or SSH can expose bids; each change needs someone who "
        "approved it.",
    ),
    remedy=Text(
        f"{MATCH.id} Bandingkan dengan cadangan: `diff BERKAS CADANGAN`; `ausearch -f BERKAS` menyebut pelakunya.",
        f"{MATCH.en} Compare with the backup: `diff FILE BACKUP`; `ausearch -f FILE` names who did it.",
    ),
)  # fmt: skip
def config_changes(changes: ConfigChanges, approved: ChangeRegister | None, now: datetime, *, days: int = 7) -> Verdict:
    recent = [one for one in changes.newest if one.at > now - timedelta(days=days)]
    expected = _expected(days)
    if not recent:
        measured = Text(
            f"0 dari {changes.watched} berkas berubah dalam {days} hari",
            f"0 of {changes.watched} files changed in {days} days",
        )
        return judge(True, measured, expected, value=0)
    if approved is not None:
        recent = [one for one in recent if not _within(one.at, approved.rows)]
        if not recent:
            return judge(True, Text("semuanya disetujui", "all of them approved"), expected, value=0)
    more = "+" if len(recent) == len(changes.newest) < changes.watched else ""
    said = ", ".join(f"{one.path} ({one.at:%Y-%m-%d %H:%M} UTC)" for one in recent[:SHOWN])
    said += ", ..." if len(recent) > SHOWN else ""
    measured = Text(f"{len(recent)}{more} berkas berubah: {said}", f"{len(recent)}{more} files changed: {said}")
    if approved is not None:
        return judge(
            False, Text(f"{measured.id}; tanpa persetujuan", f"{measured.en}; without an approval"), expected,
            value=len(recent),
        )  # fmt: skip
    return warned(measured, expected, value=len(recent))


def _days(one: ApprovedChange) -> list[date]:
    """The days of an approved window, in Indonesia's calendars: those of WIB and WIT differ by two hours."""
    first, last = one.opens.astimezone(WIB).date(), (one.closes + LATE).astimezone(WIB).date()
    return [first + timedelta(days=number) for number in range(min(60, (last - first).days + 1))]


def _within(at: datetime, rows: Sequence[ApprovedChange]) -> bool:
    return any(one.opens <= at <= one.closes + LATE for one in rows)


def _expected(days: int) -> Text:
    return Text(
        f"setiap perubahan dalam {days} hari punya formulir yang disetujui",
        f"each change in {days} days has an approved form",
    )
