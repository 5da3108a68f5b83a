"""From rows to what the machines judge, and the rules and calendars known at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from collector.calendar import named_days_off, version
from collector.enforcement import case as pure
from collector.enforcement.calendar import Calendar, working_calendar
from collector.enforcement.deadline import SPAN, Kind
from collector.enforcement.models import Action, Case, DayOverride, NonConformity, ProviderZone, RulesVersion
from collector.enforcement.objection import OPEN
from collector.enforcement.rules import Rules, read_rules
from collector.enforcement.rungs import Form, Rung
from collector.enforcement.zones import Zone
from collector.surveillance.models import Finding, StandardState


def rules_at(moment: datetime) -> Rules:
    """LKPP's rules in force at `moment`; the defaults where none were published."""
    row = RulesVersion.objects.filter(in_force_from__lte=moment).first()
    return row.rules if row else Rules()


def calendar_known(first: date, as_of: datetime) -> Calendar:
    """The working calendar for deadlines that begin on `first`, as it was known at `as_of`."""
    last = first + SPAN
    rows = DayOverride.objects.filter(day__gte=first, known_from__lte=as_of).select_related("by")
    return working_calendar(version(), named_days_off(first, last), (row.override for row in rows), as_of)


def zone_of(provider: int) -> Zone:
    """The zone of a provider (its key)."""
    row = ProviderZone.objects.filter(provider=provider).first()
    return Zone(row.zone) if row else Zone.WIB


def coverage_of(provider: int) -> dict[str, float]:
    """Share of determined checks by standard, as it stands now."""
    return dict(StandardState.objects.filter(provider=provider).values_list("letter", "coverage"))


def found_still(rows: Iterable[NonConformity]) -> set[int]:
    """Which of `rows` (keys) machines find still; those that people found count as found."""
    rows = list(rows)
    asked = Q()
    for row in rows:
        if row.finding:
            asked |= Q(target=row.target_id, check_code=row.check_code, subject=row.subject)
    open_ = set()
    if asked:
        open_ = set(
            Finding.objects.filter(asked, closed_at__isnull=True).values_list("target_id", "check_code", "subject")
        )
    return {row.pk for row in rows if not row.finding or (row.target_id, row.check_code, row.subject) in open_}


def item_of(row: NonConformity, found: bool, answered: bool) -> pure.Item:
    """As the ladder has it."""
    return pure.Item(row.pk, row.standard, row.proposed_at, bool(row.finding), found, answered, row.settled)


def case_of(row: Case) -> pure.Case:
    """As the ladder has it. Hold the lock of `row`."""
    items = list(row.items.all())
    found = found_still([one for one in items if not one.settled])
    answered = set(row.items.filter(answers__isnull=False).values_list("pk", flat=True))
    actions = row.actions.prefetch_related("items", "approvals", "deadlines", "objections").order_by("pk")
    return pure.Case(
        tuple(item_of(one, one.pk in found, one.pk in answered) for one in items),
        tuple(action_of(one) for one in actions),
        row.stage == Case.Stage.CLOSED,
    )


def action_of(row: Action) -> pure.Action:
    """As the ladder has it."""
    rules = read_rules(row.rules.encode())
    due = {one.kind: one.due_at for one in row.deadlines.all() if one.replaced_at is None}
    pauses = sorted(
        (one.opened_at, one.ended_at) for one in row.objections.all()
        if one.opened_at and (one.ended_at or one.stage in OPEN)
    )  # fmt: skip
    return pure.Action(
        row.pk, Rung(row.rung), frozenset(one.pk for one in row.items.all()), row.proposed_by_id, rules,
        stage=pure.Stage(row.stage), approved_by=frozenset(one.by_id for one in row.approvals.all()),
        sla_clause=row.sla_clause, form=Form(row.form) if row.form else None, letter=row.letter, issued_at=row.issued_at,
        received_on=row.received_on, window_ends=due.get(Kind.OBJECTION), improve_by=due.get(Kind.IMPROVEMENT),
        more_days=row.more_days, pauses=tuple(pure.Pause(since, until, rules.objection_suspends) for since, until in pauses),
        withdrawal_asked_by=row.withdrawal_asked_by_id,
    )  # fmt: skip
