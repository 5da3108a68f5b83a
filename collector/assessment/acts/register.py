"""What was submitted here becomes what checks read: the registers of self-assessments and of corrective actions.

Laws:
- A register is read and entered again under the lock of its target: two that write at once lose no row of each other.
- Rows that others entered stay; of one item and one day the latest answer holds.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

import msgspec
from django.db.models import F

from checks.calendar import today
from checks.column import MOST_CELL, UNSEEN
from checks.fact import name_of
from checks.facts.corrective_actions import CorrectiveAction as Row
from checks.facts.corrective_actions import CorrectiveActions, Progress
from checks.facts.self_assessments import Answer, SelfAssessment, SelfAssessments
from checks.register import Registered
from collector.accounts.models import Account
from collector.assessment.acts.step import Sent, Step
from collector.assessment.models import CorrectiveAction, EvidenceFile, ItemAnswer
from collector.assessment.work import answers_of, files_of
from collector.registry.models import Provider, RegisterEntry, Target
from collector.registry.registrar import enter, latest

R = TypeVar("R", bound=Registered)
KEPT_DAYS = 3 * 365  # of earlier answers, once the register is full


def enter_answers(one: Step) -> RegisterEntry:
    """Enter the answers of the round, dated today, with those that stand in the register. Raises `collector.keys.NoKey`."""
    provider, day = one.standard.provider, today(one.sent.now)
    held = _held(provider, SelfAssessments)
    files = files_of(one.current, EvidenceFile.Purpose.SELF)
    fresh = [
        SelfAssessment(
            one.standard.letter, int(item.partition(".")[2]), msgspec.convert(row.answer, Answer), day,
            evidence_of(row, files.get(item, [])),
        )
        for item, row in answers_of(one.current, ItemAnswer.Side.SELF).items()
    ]  # fmt: skip
    given = {(row.id, row.assessed) for row in fresh}
    rows = [row for row in held.rows if (row.id, row.assessed) not in given] + fresh
    if len(rows) > SelfAssessments.most_rows:  # the register's history is in its earlier entries
        rows = [row for row in rows if row.assessed > day - timedelta(days=KEPT_DAYS)][-SelfAssessments.most_rows :]
    reason = f"Penilaian mandiri standar {one.standard.letter}, putaran {one.current.number}"
    return enter(provider.itself, SelfAssessments(tuple(rows)), by=one.account, reason=reason, now=one.sent.now)


def enter_corrective(provider: Provider, account: Account, sent: Sent) -> RegisterEntry:
    """Enter the corrective actions of `provider` that were not withdrawn, with those that only the register has.

    Raises `collector.keys.NoKey`.
    """
    held = _held(provider, CorrectiveActions)
    known = CorrectiveAction.objects.filter(provider=provider)
    ours = set(known.values_list("letter", "number"))
    theirs = tuple(row for row in held.rows if (row.standard.strip().casefold(), row.number) not in ours)
    most = max(CorrectiveActions.most_rows - len(theirs), 0)
    unapproved_first = F("approved_at").asc(nulls_first=True)
    newest = known.filter(withdrawn=False).select_related("approved_by").order_by(unapproved_first, "-pk")[:most]
    made = tuple(
        Row(
            standard=row.letter, number=row.number, description=row.description, target=row.target,
            pic=row.responsible, status=msgspec.convert(row.status, Progress), criterion=row.criterion, priority=row.priority,
            assessor=row.assessor, action=row.action, acted=row.acted_on,
            approved_by=str(row.approved_by) if row.approved_by else "",
        )
        for row in newest
    )  # fmt: skip
    reason = sent.reason or "Tindakan perbaikan"
    return enter(provider.itself, CorrectiveActions(theirs + made), by=account, reason=reason, now=sent.now)


def evidence_of(row: ItemAnswer, files: list[EvidenceFile]) -> str:
    """What shows an answer, as one cell of the register: files with the beginning of their SHA-256, then the note."""
    parts = [f"{one.name} ({one.dated}, sha256 {one.sha256[:16]})" for one in files]
    text = " ".join(UNSEEN.sub(" ", "; ".join([*parts, row.note])).split())
    return text if len(text) <= MOST_CELL else text[: MOST_CELL - 1] + "…"


def _held(provider: Provider, register: type[R]) -> R:
    """The register as it holds now, its target locked; empty if there is none, or it is of another release."""
    _lock(provider)
    entry = latest(provider.itself, name_of(register))
    if entry is None:
        return register()
    try:
        return msgspec.convert(entry.content, register, strict=False)
    except msgspec.ValidationError:
        return register()


def _lock(provider: Provider) -> None:
    Target.objects.select_for_update().get(pk=provider.itself.pk)
