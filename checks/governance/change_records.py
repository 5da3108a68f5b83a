"""The records of changes themselves (standard f): is the form filled in?

Laws:
- A change that has begun needs its whole form; one still to come has time for it, and is a WARN.
- An emergency is approved first and written down after: its form has some working days, counted from the end of its window.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from checks.calendar import end_of_working_day
from checks.check import DAY, INTEGRITY, MEDIUM, check
from checks.facts.change_register import ApprovedChange, ChangeCategory, ChangeRegister
from checks.keeping import some
from checks.text import Text
from checks.verdict import Verdict, judge, not_applicable, warned

FORM = ("kind", "category", "impact", "test_plan", "rollback", "executor")


@check(
    "F-CHG-06", severity=MEDIUM, aspect=INTEGRITY, every=DAY,
    source="LPSE standard 6 form; Pantau default (a year, 2 working days for emergencies)",
    title=Text("Catatan setiap perubahan lengkap", "The record of every change is complete"),
    why=Text(
        "Perubahan tanpa dampak yang dipikirkan, uji coba, dan rencana roll back adalah perubahan yang tidak dapat dibatalkan "
        "ketika gagal di tengah jam lelang.",
        "A change without impact, test and rollback thought through cannot be undone when it fails in the middle of bidding.",
    ),
    remedy=Text(
        "Lengkapi di konsol, halaman server, Register perubahan: kolom `kind`, `category`, `impact`, `test_plan`, `rollback`, "
        "dan `executor`, seperti formulir permohonan perubahan (standar 6).",
        "Complete it in the console, on the server's page, Register of changes: columns `kind`, `category`, `impact`, "
        "`test_plan`, `rollback` and `executor`, as on the change request form (standard 6).",
    ),
)  # fmt: skip
def change_records(register: ChangeRegister, now: datetime, *, days: int = 365, emergency_days: int = 2) -> Verdict:
    expected = Text(
        "jenis, kategori, dampak, uji coba, roll back, dan petugas terisi",
        "kind, category, impact, test, rollback and executor are filled in",
    )
    recent = [one for one in register.rows if one.closes > now - timedelta(days=days)]
    if not recent:
        return not_applicable(Text(f"tidak ada perubahan dalam {days} hari", f"no changes in {days} days"))
    late: list[str] = []
    coming: list[str] = []
    for one in recent:
        if lacking := _lacking(one):
            (late if _due(one, emergency_days) < now else coming).append(f"{one.number[:40]}: {', '.join(lacking)}")
    if late:
        return judge(False, some(late), expected, value=len(late))
    if coming:
        return warned(some(coming), expected, value=0)
    return judge(True, Text(f"{len(recent)} lengkap", f"{len(recent)} complete"), expected, value=0)


def _lacking(one: ApprovedChange) -> list[str]:
    """The columns that are empty; `closes` where the window ends before it begins."""
    empty = [name for name in FORM if not getattr(one, name)]
    return [*empty, "closes"] if one.closes < one.opens else empty


def _due(one: ApprovedChange, emergency_days: int) -> datetime:
    """From when on the form must be complete."""
    return end_of_working_day(one.closes, emergency_days) if one.category is ChangeCategory.EMERGENCY else one.opens
