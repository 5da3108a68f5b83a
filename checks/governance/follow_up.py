"""What was promised after an assessment, by its dates: corrective actions (standard q) and LKPP's recommendations (standard p).

Law: a day counts to its end; a date is overdue from the next day on (WIB).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.calendar import today
from checks.check import DAY, HIGH, INTEGRITY, check
from checks.facts.corrective_actions import CorrectiveActions, Progress
from checks.facts.recommendations import Recommendations
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, warned


@check(
    "Q-CAR-01", severity=HIGH, aspect=INTEGRITY, every=DAY,
    source="LPSE standard 17 form; Pantau default (7 days ahead)",
    title=Text("Tindakan perbaikan selesai sebelum target", "Corrective actions are done by their target"),
    why=Text(
        "Tindakan perbaikan yang lewat target adalah temuan yang sudah diketahui dan dibiarkan; itu yang pertama ditanyakan "
        "penilai.",
        "A corrective action past its target is a finding that is known and left alone; it is the first thing an assessor "
        "asks for.",
    ),
    remedy=Text(
        "Selesaikan tindakannya, lalu di konsol, halaman penyedia, Tindakan perbaikan, isi kolom `action`, `acted`, `status` "
        "(sudah), dan setelah disetujui penilai `approved_by`.",
        "Finish the action, then in the console, on the provider's page, Corrective actions, fill the columns `action`, "
        "`acted`, `status` (sudah) and, once the assessor approved it, `approved_by`.",
    ),
)  # fmt: skip
def corrective_actions(register: CorrectiveActions, now: datetime, *, ahead: int = 7) -> Iterator[Verdict]:
    if not register.rows:
        yield not_applicable(Text("belum ada tindakan perbaikan yang tercatat", "no corrective action was entered yet"))
        return
    day = today(now)
    told = 0
    for one in sorted(register.rows, key=lambda row: (row.target, row.standard, row.number)):
        subject = f"{one.standard} {one.number}"
        label = one.status.label
        measured = Text(f"{label.id.lower()}; PIC {one.pic}", f"{label.en.lower()}; responsible {one.pic}")
        expected = Text(f"sudah paling lambat {one.target}", f"done by {one.target}")
        if one.status is not Progress.DONE and one.target < day:
            told += 1
            yield judge(False, measured, expected, subject=subject, value=(day - one.target).days)
        elif one.status is not Progress.DONE and one.target <= day + timedelta(days=ahead):
            told += 1
            yield warned(measured, expected, subject=subject)
        elif one.status is Progress.DONE and not one.approved_by and one.target < day:
            told += 1
            approval = Text("sudah, belum disetujui penilai", "done, not yet approved by the assessor")
            yield warned(approval, Text("disetujui penilai", "approved by the assessor"), subject=subject)
    if not told:
        done = sum(one.status is Progress.DONE for one in register.rows)
        measured = Text(f"{done} dari {len(register.rows)} sudah", f"{done} of {len(register.rows)} done")
        yield judge(True, measured, Text("tidak ada yang lewat target", "none past its target"), value=0)


@check(
    "P-REC-01", severity=HIGH, aspect=INTEGRITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="Keputusan Deputi II LKPP 152/2022 2.1.e.4, 2.2.a-b; Pantau default (7 days ahead)",
    title=Text("Rekomendasi LKPP ditindaklanjuti tepat waktu", "LKPP's recommendations are followed up in time"),
    why=Text(
        "Rekomendasi yang tidak ditindaklanjuti menjadi dasar teguran (152/2022, 2.2.b), dan sesudah itu pencabutan sertifikat.",
        "A recommendation that is not followed up is grounds for a warning (152/2022, 2.2.b), and after that for revoking "
        "the certificate.",
    ),
    remedy=Text(
        "Laksanakan rekomendasinya, kirim bukti tindak lanjut ke LKPP, dan mintalah kolom `followed` diisi. Bila tenggatnya "
        "tidak cukup, ajukan perpanjangan sebelum lewat.",
        "Carry out the recommendation, send LKPP the evidence, and ask for the column `followed` to be filled. If the time is "
        "too short, ask for more before it is over.",
    ),
)  # fmt: skip
def recommendations(register: Recommendations, now: datetime, *, ahead: int = 7) -> Iterator[Verdict]:
    if not register.rows:
        yield not_applicable(Text("LKPP belum memberi rekomendasi", "LKPP has given no recommendation"))
        return
    day = today(now)
    open_ = sorted(
        (one for one in register.rows if one.followed is None or one.followed > day),
        key=lambda row: (row.given, row.number),
    )
    told = 0
    for one in open_:
        if one.due is None or one.due > day + timedelta(days=ahead):
            continue
        told += 1
        measured = Text(
            f"standar {one.standard}, diberikan {one.given}, belum ditindaklanjuti",
            f"standard {one.standard}, given {one.given}, not followed up",
        )
        expected = Text(f"ditindaklanjuti paling lambat {one.due}", f"followed up by {one.due}")
        if one.due < day:
            yield judge(False, measured, expected, subject=one.number, value=(day - one.due).days)
        else:
            yield warned(measured, expected, subject=one.number)
    if not told:
        undated = sum(one.due is None for one in open_)
        measured = Text(
            f"{len(open_)} dari {len(register.rows)} belum ditindaklanjuti, {undated} tanpa tenggat",
            f"{len(open_)} of {len(register.rows)} not followed up, {undated} of them without a date",
        )
        yield judge(True, measured, Text("tidak ada yang lewat tenggat", "none past its date"), value=0)
