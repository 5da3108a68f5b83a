"""Capacity management on paper (standard g): limits that were set, reports that were made."""

from __future__ import annotations

from datetime import datetime

from checks.calendar import today
from checks.check import AVAILABILITY, DAY, MEDIUM, check
from checks.facts.capacity_registers import CapacityItem, CapacityLimits, CapacityReports
from checks.keeping import empty, some, unkept
from checks.text import Text
from checks.verdict import Verdict, judge

FORM = ("processor", "memory", "storage", "bandwidth", "personnel")
LABELS = {item.value: item.label for item in CapacityItem}


@check(
    "G-CAP-01", severity=MEDIUM, aspect=AVAILABILITY, every=DAY,
    source="LPSE standard 7 form (batasan untuk Server, Jaringan, Personil)",
    title=Text("Setiap item kapasitas punya batasan", "Every capacity item has a limit"),
    why=Text(
        "Tanpa batasan yang ditetapkan tidak ada yang dapat mengatakan bahwa kapasitas sudah terlampaui, sampai pengguna yang "
        "mengatakannya.",
        "Without a limit nobody can say that capacity is exceeded, until the users say it.",
    ),
    remedy=Text(
        "Tetapkan batasan di konsol, halaman penyedia, Register batasan kapasitas: setiap baris mengisi kolom `limit`, dengan "
        "`item` sekurang-kurangnya `processor`, `memory`, `storage`, `bandwidth`, dan `personnel`.",
        "Set limits in the console, on the provider's page, Register of capacity limits: each row with its column `limit`, and "
        "`item` at the least `processor`, `memory`, `storage`, `bandwidth` and `personnel`.",
    ),
)  # fmt: skip
def limits(register: CapacityLimits | None, *, items: tuple[str, ...] = FORM) -> Verdict:
    expected = Text(
        "batasan untuk setiap baris dan setiap item formulir", "a limit in each row, and for each item of the form"
    )
    if register is None:
        return unkept(CapacityLimits)
    if not register.rows:
        return empty(CapacityLimits, expected)
    wrong = [
        Text(f"{row.item.label.id} {row.what[:60]}: tanpa batasan", f"{row.item.label.en} {row.what[:60]}: no limit")
        for row in register.rows
        if not row.limit
    ]
    here = {row.item.value for row in register.rows}
    for item in items:
        if item not in here:
            label = LABELS.get(item, Text(item, item))
            wrong.append(Text(f"{label.id}: tidak ada baris", f"{label.en}: no row"))
    if wrong:
        return judge(False, some(wrong), expected, value=len(wrong))
    return judge(True, Text(f"{len(register.rows)} batasan", f"{len(register.rows)} limits"), expected, value=0)


@check(
    "G-CAP-02", severity=MEDIUM, aspect=AVAILABILITY, every=DAY,
    source="LPSE standard 7 form; Pantau default (92 days)",
    title=Text("Laporan kapasitas dibuat setiap triwulan", "A capacity report is made every quarter"),
    why=Text(
        "Anggaran untuk server dan jaringan disusun dari laporan kapasitas; laporan yang usang menganggarkan beban tahun lalu.",
        "Servers and bandwidth are budgeted from the capacity report; an old one budgets for last year's load.",
    ),
    remedy=Text(
        "Susun laporannya dari grafik kapasitas di konsol, lalu catat di halaman penyedia, Register laporan kapasitas: kolom "
        "`number`, `made`, `author`, dan `conclusion`.",
        "Make the report from the capacity graphs in the console, then enter it on the provider's page, Register of capacity "
        "reports: columns `number`, `made`, `author` and `conclusion`.",
    ),
)  # fmt: skip
def reports(register: CapacityReports | None, now: datetime, *, days: int = 92) -> Verdict:
    expected = Text(f"paling lama {days} hari", f"at most {days} days old")
    if register is None:
        return unkept(CapacityReports)
    day = today(now)
    newest = max((row for row in register.rows if row.made <= day), key=lambda row: row.made, default=None)
    if newest is None:
        return empty(CapacityReports, expected)
    age = (day - newest.made).days
    measured = Text(f"{newest.number}, {age} hari lalu", f"{newest.number}, {age} days ago")
    return judge(age <= days, measured, expected, value=age)
