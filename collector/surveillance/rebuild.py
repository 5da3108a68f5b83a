"""Build the projections again from the ledger, in one transaction.

Law: same ledger, same policies, same waivers: same findings. What time alone changes (silence that still lasts, verdicts that
go stale, waivers that end) is brought to one moment, `now`, in the old projections and in the new, and only then compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.db import transaction

from collector.ledger.models import Cursor, Entry
from collector.surveillance.consumer import NAME, Judging
from collector.surveillance.models import Finding, StandardState, TargetState

CHUNK = 200
Line: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found: entries read, findings made, and lines that differ from before."""

    entries: int
    findings: int
    differences: list[str]


class _Undo(Exception):
    """Leaves the transaction without keeping anything."""


def rebuild(judging: Judging, *, now: datetime, keep: bool) -> Rebuilt:
    """Judge the whole ledger again, as it looks at `now`. With `keep` the new projections replace the old."""
    outcome: Rebuilt | None = None
    try:
        with transaction.atomic():
            position = Cursor.objects.filter(consumer=NAME).values_list("position", flat=True).first() or 0
            _bring_to(judging, now)
            before = _lines()
            for model in (Finding, StandardState, TargetState):
                model.objects.all().delete()
            Cursor.objects.update_or_create(consumer=NAME, defaults={"position": 0, "passed_over": 0})
            left = Entry.objects.filter(id__lte=position).count()
            entries = 0
            while left > 0:
                judged = judging.step(min(left, CHUNK))
                if not judged:
                    break
                entries += judged
                left -= judged
            _bring_to(judging, now)
            after = _lines()
            differences = sorted(f"- {' '.join(line)}" for line in before - after)
            differences += sorted(f"+ {' '.join(line)}" for line in after - before)
            outcome = Rebuilt(entries, Finding.objects.count(), differences)
            if not keep:
                raise _Undo
    except _Undo:
        pass
    if outcome is None:
        raise RuntimeError("the rebuild did not end")
    return outcome


def _bring_to(judging: Judging, now: datetime) -> None:
    """Whatever time alone changes."""
    while judging.sweep(now):
        pass
    # instances first: what is seen of them disputes what their servers claim
    ordered = TargetState.objects.order_by("target__kind", "target_id")
    targets = list(ordered.values_list("target_id", flat=True))
    for start in range(0, len(targets), CHUNK):
        judging.refresh(targets[start : start + CHUNK], now)


def _lines() -> set[Line]:
    """Findings and state as comparable lines."""
    lines: set[Line] = set()
    for finding in Finding.objects.all():
        lines.add((
            "finding", finding.id, finding.target_id, finding.check_code, finding.subject, finding.severity,
            finding.since.isoformat(), finding.opened_at.isoformat(), str(finding.closed_at and finding.closed_at.isoformat()),
            repr(finding.measured), str(finding.opened_by_id), str(finding.closed_by_id),
        ))  # fmt: skip
    for row in TargetState.objects.all():
        lines.add(("target", row.target_id, row.heard_at.isoformat(), repr(sorted(row.statuses.items()))))
    for standard in StandardState.objects.all():
        lines.add(("standard", str(standard.provider_id), standard.letter, standard.standing, str(standard.coverage)))
    return lines
