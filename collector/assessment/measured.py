"""Machine evidence beside each item: how the checks that are linked to it stand over the provider's targets.

Law: what counts here counts as in the standards (`TargetState.statuses`): waived is no failure, stale and disputed are unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import msgspec
from django.db.models import QuerySet

from checks.facts.measured_checks import MOST_NAMES, Measured
from checks.facts.self_assessments import Answer
from checks.governance.self_assessment import contradicting
from checks.self_assessment import Item
from checks.text import Words
from checks.verdict import BADNESS, Status
from collector.ledger.models import Entry
from collector.surveillance.models import TargetState

MOST_FROZEN = 20  # verdicts of one check that a submission keeps, the worst first; of the others their number


@dataclass(frozen=True)
class Beside:
    """What the machine says beside one item: its linked checks that were judged, those never judged, those that contradict."""

    item: str
    measured: tuple[Measured, ...]
    unseen: tuple[str, ...]
    contradicting: tuple[str, ...]


def beside(provider: int, items: Iterable[Item], answers: Mapping[str, str]) -> dict[str, Beside]:
    """What stands beside each of `items`, by its id, given the provider's `answers` ("0" to "3", "n/a") so far."""
    rows = list(_states(provider).order_by("target__name", "pk").values_list("target__name", "statuses"))
    found = {}
    for item in items:
        measured = tuple(one for code in item.checks if (one := _measured(code, rows)))
        said = answers.get(item.id)
        against = contradicting(msgspec.convert(said, Answer), measured) if said else []
        unseen = tuple(code for code in item.checks if code not in {one.code for one in measured})
        found[item.id] = Beside(item.id, measured, unseen, tuple(one.code for one in against))
    return found


class Frozen(msgspec.Struct, frozen=True):
    """One verdict as it stood: `counts` is the status of the whole check on that target, `entry` the digest of the ledger's
    entry in which its facts came ("" where the collector judged what it did not hear), `at` when they were read.
    """

    code: str
    target: str
    name: str
    subject: str
    status: str
    counts: str
    measured: Words
    expected: Words
    at: str
    entry: str


def frozen(provider: int, codes: Collection[str]) -> dict[str, tuple[list[Frozen], int]]:
    """By code: the verdicts on the provider's targets, the worst first, 20 at the most; and how many were left out."""
    found: dict[str, list[tuple[int, Frozen, int]]] = {}
    for row in _states(provider).select_related("target").order_by("target__name", "pk"):
        current = row.remembered().current
        for code in codes:
            for subject, one in sorted(current.get(code, {}).items()):
                made = Frozen(
                    code, row.target_id, row.target.name, subject, one.status.value, row.statuses.get(code, ""),
                    one.measured, one.expected, one.at.isoformat(), "",
                )  # fmt: skip
                found.setdefault(code, []).append((BADNESS[one.status], made, one.entry))
    kept: dict[str, tuple[list[tuple[Frozen, int]], int]] = {}
    for code, rows in found.items():
        rows.sort(key=lambda row: -row[0])
        kept[code] = ([(made, entry) for _, made, entry in rows[:MOST_FROZEN]], max(len(rows) - MOST_FROZEN, 0))
    numbers = {entry for rows, _ in kept.values() for _, entry in rows}
    digests = dict(Entry.objects.filter(pk__in=numbers).values_list("pk", "digest"))
    return {
        code: ([msgspec.structs.replace(made, entry=digests.get(entry, "")) for made, entry in rows], more)
        for code, (rows, more) in kept.items()
    }


def _states(provider: int) -> QuerySet[TargetState]:
    return TargetState.objects.filter(target__provider=provider, target__retired_at__isnull=True)


def _measured(code: str, rows: Iterable[tuple[str, Mapping[str, str]]]) -> Measured | None:
    """`code` over all targets; None if it was judged on none."""
    said = [(name, Status(statuses[code])) for name, statuses in rows if code in statuses]
    if not said:
        return None
    failed = [name for name, status in said if status is Status.FAIL]
    return Measured(
        code,
        len(failed),
        sum(status in {Status.PASS, Status.WARN} for _, status in said),
        sum(status is Status.UNKNOWN for _, status in said),
        tuple(failed[:MOST_NAMES]),
    )
