"""Deadlines of acts: computed, kept with all they were made of, computed anew when a day of the calendar changes.

Laws:
- The deadline that holds and those it replaced stay readable, each with its explanation as it was.
- A deadline is replaced only if what it says changed: its end, or why a day counts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from checks.text import Text
from collector.enforcement import deadline as pure
from collector.enforcement.assembling import calendar_known
from collector.enforcement.calendar import Calendar
from collector.enforcement.models import Action, Deadline
from collector.enforcement.rules import read_rules
from collector.enforcement.rungs import Rung


def compute(action: Action, now: datetime, cause: str) -> dict[str, Deadline]:
    """The deadlines that hold of a received `action`, by kind, after computing them with the calendar known at `now`.

    Hold the lock of its case. Raises Unlawful where the calendar has too few working days.
    """
    on = action.received_on
    if on is None:
        raise ValueError(f"{action}: no receipt is recorded")
    calendar = calendar_known(on, now)
    made = [pure.objection(on, calendar)]
    days = read_rules(action.rules.encode()).improvement_days(Rung(action.rung))
    if days is not None:
        made.append(pure.improvement(on, days + action.more_days, calendar))
    return {one.kind.value: _kept(action, one, calendar, now, cause) for one in made}


def holding(action: Action) -> dict[str, Deadline]:
    """The deadlines that hold, by kind."""
    return {one.kind: one for one in action.deadlines.filter(replaced_at__isnull=True)}


def told(text: Text) -> dict[str, str]:
    """As it is kept."""
    return {"id": text.id, "en": text.en}


def _kept(action: Action, made: pure.Deadline, calendar: Calendar, now: datetime, cause: str) -> Deadline:
    lines: list[dict[str, Any]] = [
        {
            "day": line.day.isoformat(), "weekday": told(line.weekday), "working": line.working, "why": told(line.why),
            "count": line.count,
        }
        for line in pure.explain(made, calendar)
    ]  # fmt: skip
    before = action.deadlines.filter(kind=made.kind, replaced_at__isnull=True).first()
    if before is not None:
        if (before.due_at, before.lines) == (made.due, lines):
            return before
        action.deadlines.filter(pk=before.pk).update(replaced_at=now)
    row = Deadline.objects.create(
        action=action, kind=made.kind, received_on=made.received_on, days=made.days, calendar=made.calendar, lines=lines,
        due_at=made.due, made_at=now, cause=cause[:500],
    )  # fmt: skip
    last = made.due.date()
    row.overrides.set([one.id for day, one in calendar.overrides.items() if made.received_on < day <= last])
    return row
