"""The register "recommendations" of a provider, from the recommendations that were issued to it (read by check P-REC-01).

Laws:
- There is a row for each recommendation in force and standard; rows that people entered for other letters stay as they are.
- `followed` is the day on which a person settled the last of the non-conformities that the letter has with that standard.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from checks.calendar import today
from checks.facts.recommendations import Recommendation, Recommendations
from collector.accounts.models import Account
from collector.enforcement.assembling import action_of
from collector.enforcement.models import Action, NonConformity
from collector.registry.models import Provider, RegisterEntry
from collector.registry.registrar import enter, latest

REGISTER = "recommendations"


def enter_recommendations(provider: Provider, *, by: Account, reason: str, now: datetime) -> RegisterEntry | None:
    """Enter what holds, unless it is entered already. Raises `collector.keys.NoKey`."""
    target = provider.itself
    before = latest(target, REGISTER)
    known = msgspec.convert(before.content, Recommendations) if before else Recommendations()
    fact = Recommendations(rows=rows_of(provider, known))
    if fact == known:
        return None
    return enter(target, fact, by=by, reason=reason, now=now)


def rows_of(provider: Provider, known: Recommendations) -> tuple[Recommendation, ...]:
    """What the register should say, given what it says."""
    issued = (
        Action.objects.filter(case__provider=provider, rung=Action.Rung.RECOMMENDATION, issued_at__isnull=False)
        .prefetch_related("items", "approvals", "deadlines", "objections")
        .order_by("pk")
    )
    ours = {one.letter for one in issued}
    notes = {(row.number, row.standard): row.note for row in known.rows}
    rows = [row for row in known.rows if row.number not in ours]
    for one in issued:
        if one.stage == Action.Stage.WITHDRAWN or one.issued_at is None:
            continue
        due = action_of(one).improve_until()
        items = list(one.items.all())
        for letter in sorted({item.standard for item in items}):
            followed = _followed([item for item in items if item.standard == letter])
            rows.append(
                Recommendation(
                    number=one.letter,
                    standard=letter,
                    given=today(one.issued_at),
                    due=today(due) if due else None,
                    followed=followed,
                    note=notes.get((one.letter, letter), ""),
                )
            )
    return tuple(rows)


def _followed(items: list[NonConformity]) -> date | None:
    ends = [item.settled_at for item in items]
    return max(today(end) for end in ends if end) if all(ends) else None
