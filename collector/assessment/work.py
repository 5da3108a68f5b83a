"""What is still to be done in a round, counted from its rows: what the machine of a standard needs to know."""

from __future__ import annotations

import msgspec
from django.db.models import Q

from checks.facts.self_assessments import Answer
from checks.self_assessment import Item, version
from collector.assessment.models import EvidenceFile, ItemAnswer, Recommendation, Round
from collector.assessment.standard_machine import Work

Side, State = ItemAnswer.Side, Recommendation.State
POINTS = {Answer.NOTHING: 0, Answer.PLANNED: 1, Answer.PARTLY: 2, Answer.WHOLLY: 3}


def items_of(one: Round) -> tuple[Item, ...]:
    """The items of a round, by the version under which it was begun."""
    return version(one.questionnaire).of(one.standard.letter)


def answers_of(one: Round, side: ItemAnswer.Side) -> dict[str, ItemAnswer]:
    """The answers of one side, by item."""
    return {row.item: row for row in ItemAnswer.objects.filter(round=one, side=side).select_related("answered_by")}


def files_of(one: Round, purpose: EvidenceFile.Purpose) -> dict[str, list[EvidenceFile]]:
    """The files that were attached for `purpose` and not taken back, by item."""
    found: dict[str, list[EvidenceFile]] = {}
    for row in EvidenceFile.objects.filter(round=one, purpose=purpose, taken_back_at__isnull=True):
        found.setdefault(row.item, []).append(row)
    return found


def meets(answer: str, least: int) -> bool:
    """Does a factual answer meet an item? What does not apply is not below anything."""
    said = msgspec.convert(answer, Answer)
    return said is Answer.NOT_APPLICABLE or POINTS[said] >= least


def work_of(one: Round) -> Work:
    """What is still to be done in `one`."""
    items = [item.id for item in items_of(one)]
    mine, theirs = answers_of(one, Side.SELF), answers_of(one, Side.FACTUAL)
    files = files_of(one, EvidenceFile.Purpose.SELF)
    held = Recommendation.objects.filter(round=one)
    covered = set(held.filter(~Q(state=State.ACCEPTED)).values_list("item", flat=True))
    least = one.least_answer
    return Work(
        unanswered=tuple(item for item in items if not _shown(mine.get(item), bool(files.get(item)))),
        unjudged=tuple(item for item in items if item not in theirs),
        uncovered=tuple(
            item for item in items if item in theirs and item not in covered and not meets(theirs[item].answer, least)
        ),
        open=held.filter(state=State.OPEN).count(),
        waiting=held.filter(state=State.WAITING).count(),
    )


def _shown(row: ItemAnswer | None, has_file: bool) -> bool:
    """Is an item answered with what shows it? 2 and 3 need a file or a note of where it is; n/a needs its reason."""
    if row is None:
        return False
    said = msgspec.convert(row.answer, Answer)
    needs = said in {Answer.PARTLY, Answer.WHOLLY, Answer.NOT_APPLICABLE}
    with_file = has_file and said is not Answer.NOT_APPLICABLE
    return not needs or with_file or bool(row.note.strip())


def differences(one: Round) -> list[tuple[Item, str, str]]:
    """Items that the factual assessment answers differently: item, the provider's answer, the assessors' answer."""
    mine, theirs = answers_of(one, Side.SELF), answers_of(one, Side.FACTUAL)
    return [
        (item, mine[item.id].answer, theirs[item.id].answer)
        for item in items_of(one)
        if item.id in mine and item.id in theirs and mine[item.id].answer != theirs[item.id].answer
    ]
