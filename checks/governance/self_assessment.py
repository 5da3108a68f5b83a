"""Self-assessment (standard q; 152/2022, 2.1.e.1): is it current, and does it agree with what was measured?

Laws:
- A standard is as old as its oldest answer; an item without an answer has none.
- "Applied throughout" (3) is contradicted by any linked check that fails anywhere; "applied in part" (2) only where every
  linked check that is known fails, and none is met anywhere. Lower answers claim nothing.
- Both sides are shown: what was answered and when, which check fails and where.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from checks.calendar import today
from checks.check import DAY, HIGH, INTEGRITY, MEDIUM, check
from checks.facts.measured_checks import Measured, MeasuredChecks
from checks.facts.self_assessments import Answer, SelfAssessment, SelfAssessments
from checks.self_assessment import ITEMS, LINKED
from checks.text import Text
from checks.verdict import Verdict, judge, not_applicable, unknown, warned


@check(
    "Q-SLF-01", severity=MEDIUM, aspect=INTEGRITY, every=DAY,
    source="Keputusan Deputi II LKPP 152/2022 2.1.e.1; Pantau default (365 days, warning 30 days ahead)",
    title=Text("Penilaian mandiri setiap standar mutakhir", "The self-assessment of each standard is current"),
    why=Text(
        "Penilaian mandiri adalah kewajiban pengelola dan dasar penilaian faktual; jawaban yang lama tidak lagi menggambarkan "
        "layanan.",
        "Self-assessment is a duty of the provider and the ground of the factual assessment; old answers no longer describe "
        "the service.",
    ),
    remedy=Text(
        "Nilai ulang semua butir standar itu, lalu di konsol, halaman penyedia, Penilaian mandiri, isi kolom `answer`, "
        "`assessed`, dan `evidence`.",
        "Assess all items of that standard again, then in the console, on the provider's page, Self-assessments, fill the "
        "columns `answer`, `assessed` and `evidence`.",
    ),
)  # fmt: skip
def age(register: SelfAssessments, now: datetime, *, days: int = 365, warn_days: int = 30) -> Iterator[Verdict]:
    day = today(now)
    answers = register.latest(day)
    expected = Text(f"semua butir dinilai dalam {days} hari terakhir", f"all items assessed in the last {days} days")
    for letter, count in ITEMS.items():
        items = [f"{letter}.{number}" for number in range(1, count + 1)]
        given = [answers[item].assessed for item in items if item in answers]
        if not given:
            yield judge(False, Text("belum pernah dinilai", "never assessed"), expected, subject=letter)
            continue
        oldest = min(given)
        old = (day - oldest).days
        lacking = ", ".join(item for item in items if item not in answers)
        measured = Text(
            f"{len(given)} dari {count} butir dinilai, yang terlama {oldest}{f'; belum: {lacking}' if lacking else ''}",
            f"{len(given)} of {count} items assessed, the oldest {oldest}{f'; not yet: {lacking}' if lacking else ''}",
        )
        if not lacking and days - warn_days < old <= days:
            until = oldest + timedelta(days=days)
            soon = Text(f"dinilai ulang paling lambat {until}", f"assessed again by {until}")
            yield warned(measured, soon, subject=letter, value=old)
        else:
            yield judge(not lacking and old <= days, measured, expected, subject=letter, value=old)


@check(
    "Q-SLF-02", severity=HIGH, aspect=INTEGRITY, every=DAY,
    source="Keputusan Deputi II LKPP 152/2022 2.1.e.1; Pantau default (items linked to checks)",
    title=Text("Penilaian mandiri sesuai dengan hasil ukur", "The self-assessment agrees with the measurements"),
    why=Text(
        "Jawaban \"diterapkan\" yang dibantah server sendiri merusak kepercayaan pada seluruh penilaian mandiri.",
        "An answer \"applied\" that the servers themselves contradict spoils the trust in the whole self-assessment.",
    ),
    remedy=Text(
        "Perbaiki yang gagal (`pantau-agent check` di server itu menyebut caranya), atau perbaiki jawabannya di konsol, "
        "halaman penyedia, Penilaian mandiri, kolom `answer`, dengan tanggal baru.",
        "Mend what fails (`pantau-agent check` on that server says how), or correct the answer in the console, on the "
        "provider's page, Self-assessments, column `answer`, with a new date.",
    ),
)  # fmt: skip
def contradictions(register: SelfAssessments, seen: MeasuredChecks, now: datetime) -> Iterator[Verdict]:
    known = {one.code: one for one in seen.checks}
    expected = Text("tidak ada hasil ukur yang membantah", "no measurement contradicts it")
    agreeing, unseen, contradicted = 0, [], 0
    for item, answer in register.latest(today(now)).items():
        if answer.answer not in {Answer.PARTLY, Answer.WHOLLY} or item not in LINKED:
            continue
        linked = [known[code] for code in LINKED[item] if code in known]
        failing = contradicting(answer.answer, linked)
        if failing:
            contradicted += 1
            yield judge(False, _both(answer, failing), expected, subject=item)
        elif any(one.met or one.failed for one in linked):
            agreeing += 1
        elif len(linked) < len(LINKED[item]) or any(one.unknown for one in linked):
            unseen.append(item)
    if unseen:
        listed = ", ".join(unseen)
        yield unknown(
            Text(f"jawaban yang belum ada hasil ukurnya: {listed}", f"answers without a measurement so far: {listed}")
        )
    elif not contradicted:
        if agreeing:
            measured = Text(f"{agreeing} jawaban tidak dibantah", f"{agreeing} answers are not contradicted")
            yield judge(True, measured, expected, value=0)
        else:
            yield not_applicable(
                Text('tidak ada jawaban "diterapkan" yang dapat diukur', 'no answer "applied" that can be measured')
            )


def contradicting(answer: Answer, linked: Sequence[Measured]) -> list[Measured]:
    """The checks of those `linked` to an item that contradict `answer` to it."""
    if answer not in {Answer.PARTLY, Answer.WHOLLY}:
        return []
    failing = [one for one in linked if one.failed]
    if answer is Answer.PARTLY and any(one.met for one in linked):
        return []
    return failing


def _both(answer: SelfAssessment, failing: Sequence[Measured]) -> Text:
    sides = []
    for one in failing[:5]:
        where = ", ".join(one.where)
        more = one.failed - len(one.where)
        sides.append((f"{one.code} {where}", f" +{more}" if more > 0 else ""))
    said = "; ".join("".join(side) for side in sides) + ("; ..." if len(failing) > len(sides) else "")
    label = answer.answer.label
    return Text(
        f"dijawab {answer.answer} ({label.id.lower()}) pada {answer.assessed}; gagal: {said}",
        f"answered {answer.answer} ({label.en.lower()}) on {answer.assessed}; failing: {said}",
    )
