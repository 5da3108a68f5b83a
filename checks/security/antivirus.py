"""Antivirus (standard j)."""

from __future__ import annotations

from datetime import datetime

from checks.check import HIGH, HOUR, INTEGRITY, check
from checks.facts.antivirus import VirusScan, VirusSignatures
from checks.text import Text
from checks.verdict import Status, Verdict, judge, warned


@check(
    "J-AV-01", severity=HIGH, aspect=INTEGRITY, every=6 * HOUR, absent=Status.FAIL,
    source="Indeks KAMI VI.20-VI.22; Peraturan BSSN 4/2021 Pasal 27 ayat (11) huruf d; Pantau default (days)",
    title=Text("Antivirus mutakhir, pemindaian bersih", "Antivirus is up to date, its last scan is clean"),
    why=Text(
        "Dokumen penawaran datang dari ribuan komputer di luar; antivirus dengan definisi lama tidak mengenali yang "
        "baru.",
        "Bid documents come from thousands of computers outside; an antivirus with old signatures does not know what "
        "is new.",
    ),
    remedy=Text(
        "Debian/Ubuntu: `apt install clamav clamav-freshclam`, `systemctl enable --now clamav-freshclam`. EL (EPEL): "
        "`dnf install clamav clamav-freshclam`, `systemctl enable --now clamav-freshclam`. Pindai mingguan: `clamscan "
        "-ri --log=/var/log/clamav/scan.log /home /var/www` lewat cron. Antivirus lain: ajukan pengecualian yang "
        "menyebut namanya.",
        "Debian/Ubuntu: `apt install clamav clamav-freshclam`, `systemctl enable --now clamav-freshclam`. EL (EPEL): "
        "`dnf install clamav clamav-freshclam`, `systemctl enable --now clamav-freshclam`. Scan weekly: "
        "`clamscan -ri --log=/var/log/clamav/scan.log /home /var/www` by cron. Another antivirus: ask for a waiver "
        "that names it.",
    ),
)  # fmt: skip
def antivirus(
    signatures: VirusSignatures, scan: VirusScan | None, now: datetime, *, signature_days: int = 3, scan_days: int = 7
) -> Verdict:
    age = (now - signatures.updated).total_seconds() / 86400
    expected = Text(
        f"definisi <= {signature_days} hari, pindaian <= {scan_days} hari, 0 temuan",
        f"signatures <= {signature_days} days, scan <= {scan_days} days, 0 found",
    )
    if scan is None:
        text = Text(f"definisi {age:.1f} hari; tidak ada log pindaian", f"signatures {age:.1f} days; no scan log")
        if age > signature_days:
            return judge(False, text, expected, value=round(age, 1))
        return warned(text, expected, value=round(age, 1))
    scanned = (now - scan.at).total_seconds() / 86400
    measured = Text(
        f"definisi {age:.1f} hari; pindaian {scanned:.1f} hari lalu; {scan.infected} temuan",
        f"signatures {age:.1f} days; scanned {scanned:.1f} days ago; {scan.infected} found",
    )
    met = age <= signature_days and scanned <= scan_days and scan.infected == 0
    return judge(met, measured, expected, value=round(age, 1))
