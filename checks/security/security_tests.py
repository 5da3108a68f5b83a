"""Tests of security by people (standard j): vulnerability scans and penetration tests, as they were recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.calendar import today
from checks.check import CONFIDENTIALITY, DAY, MEDIUM, check
from checks.facts.compliance_registers import SecurityTestKind, SecurityTests
from checks.keeping import unkept
from checks.text import Text
from checks.verdict import Verdict, judge


@check(
    "J-SCN-01", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY,
    source="Indeks KAMI VI.5, VI.26; Pantau default (90 and 365 days)",
    title=Text("Kerentanan dipindai dan diuji secara berkala", "Vulnerabilities are scanned and tested regularly"),
    why=Text(
        "Lubang baru diumumkan setiap minggu; yang tidak mencarinya sendiri menunggu orang lain menemukannya.",
        "New holes are published every week; who does not look for them waits until somebody else does.",
    ),
    remedy=Text(
        "Pindai setiap triwulan dan minta uji penetrasi setiap tahun (BSSN atau pihak independen), lalu catat di konsol, "
        "halaman penyedia, Register uji keamanan: kolom `held`, `kind` (`scan` atau `pentest`), `scope`, `tester`, `serious`.",
        "Scan every quarter and have a penetration test every year (BSSN or an independent party), then enter it in the "
        "console, on the provider's page, Register of security tests: columns `held`, `kind` (`scan` or `pentest`), `scope`, "
        "`tester`, `serious`.",
    ),
)  # fmt: skip
def security_tests(
    register: SecurityTests | None, now: datetime, *, scan_days: int = 90, pentest_days: int = 365
) -> Iterator[Verdict]:
    if register is None:
        yield unkept(SecurityTests)
        return
    day = today(now)
    for kind, days in ((SecurityTestKind.SCAN, scan_days), (SecurityTestKind.PENTEST, pentest_days)):
        expected = Text(f"paling lama {days} hari", f"at most {days} days old")
        held = [row for row in register.rows if row.kind is kind and row.held <= day]
        newest = max(held, key=lambda row: row.held, default=None)
        if newest is None:
            none = Text("tidak tercatat", "not recorded")
            yield judge(False, none, expected, subject=kind.value)
            continue
        age = (day - newest.held).days
        measured = Text(f"{age} hari lalu, {newest.tester[:60]}", f"{age} days ago, {newest.tester[:60]}")
        yield judge(age <= days, measured, expected, subject=kind.value, value=age)
