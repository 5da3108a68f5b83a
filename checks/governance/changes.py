"""Change management (standard f): changes that were made, each of which needs an approved form.

Until a register of changes is connected, a change is a WARN: a person matches it with its form.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from checks.check import HIGH, HOUR, INTEGRITY, MINUTE, check
from checks.facts.config_changes import ConfigChanges
from checks.facts.package_changes import PackageChanges
from checks.text import Text
from checks.verdict import Verdict, judge, warned

MATCH = Text(
    "Cocokkan dengan formulir permintaan perubahan (standar 6) yang disetujui. Bila tidak ada, buat formulir susulan "
    "sebagai perubahan darurat, atau cari siapa pelakunya.",
    "Match it with an approved change request form (standard 6). If there is none, file it afterwards as an emergency "
    "change, or find out who did it.",
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
def package_changes(changes: PackageChanges, now: datetime, *, days: int = 7) -> Verdict:
    recent = [one for one in changes.days if one.day > (now - timedelta(days=days)).date()]
    expected = _expected(days)
    if not recent:
        return judge(True, Text(f"tidak ada dalam {days} hari", f"none in {days} days"), expected, value=0)
    total = sum(one.packages for one in recent)
    said = "; ".join(
        f"{one.day}: {', '.join(one.names[:SHOWN])}{', ...' if one.packages > SHOWN else ''} ({one.packages})"
        for one in recent[:SHOWN]
    )
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
def config_changes(changes: ConfigChanges, now: datetime, *, days: int = 7) -> Verdict:
    recent = [one for one in changes.newest if one.at > now - timedelta(days=days)]
    expected = _expected(days)
    if not recent:
        measured = Text(
            f"0 dari {changes.watched} berkas berubah dalam {days} hari",
            f"0 of {changes.watched} files changed in {days} days",
        )
        return judge(True, measured, expected, value=0)
    more = "+" if len(recent) == len(changes.newest) < changes.watched else ""
    said = ", ".join(f"{one.path} ({one.at:%Y-%m-%d %H:%M} UTC)" for one in recent[:SHOWN])
    said += ", ..." if len(recent) > SHOWN else ""
    measured = Text(f"{len(recent)}{more} berkas berubah: {said}", f"{len(recent)}{more} files changed: {said}")
    return warned(measured, expected, value=len(recent))


def _expected(days: int) -> Text:
    return Text(
        f"setiap perubahan dalam {days} hari punya formulir yang disetujui",
        f"each change in {days} days has an approved form",
    )
