"""What LKPP sets: a day of the calendar, its rules, and the zone a provider sits in."""

from __future__ import annotations

from datetime import date

from checks.calendar import today
from collector.accounts.models import Role
from collector.enforcement.acts.performing import Deed, Said, doing, reasoned
from collector.enforcement.assembling import rules_at
from collector.enforcement.calendar import Effect
from collector.enforcement.case import Stage
from collector.enforcement.deadlines import compute, holding
from collector.enforcement.models import Action, Case, DayOverride, ProviderZone, RulesVersion
from collector.enforcement.models.transition import Machine
from collector.enforcement.rules import Rules, shown
from collector.enforcement.unlawful import Overtaken, demand
from collector.enforcement.zones import Zone


def set_day(said: Said, day: date, effect: Effect) -> DayOverride:
    """LKPP makes a day one off, one of work, or as the national calendar has it, with a reason (the decree or circular).

    Every deadline of an open case that the day lies in is computed anew, with the old one kept.
    """
    with doing(said, Role.OFFICER, Role.APPROVER) as deed:
        cases = list(Case.objects.select_for_update().filter(stage=Case.Stage.OPEN).order_by("pk"))
        if (made := deed.repeated(Machine.CALENDAR)) is not None:
            return DayOverride.objects.get(pk=made)
        why = reasoned(said)
        before = DayOverride.objects.filter(day=day).first()
        row = DayOverride.objects.create(day=day, effect=effect.value, reason=why, by=said.account, known_from=said.now)
        deed.note(
            Machine.CALENDAR, row.pk, "set_day", provider=None, subject=day.isoformat(), reason=why,
            before={"effect": before.effect if before else Effect.AS_LIBRARY}, after={"effect": effect},
        )  # fmt: skip
        recompute(deed, cases, day, f"{day}: {why}")
    return row


def recompute(deed: Deed, cases: list[Case], day: date | None, cause: str) -> int:
    """Compute the deadlines of `cases` anew that `day` lies in (None: all). Hold the locks of the cases. How many changed."""
    changes = 0
    rows = Action.objects.filter(case__in=cases, stage=Stage.RECEIVED).select_related("case__provider").order_by("pk")
    for action in rows:
        before = holding(action)
        if day is not None and not any(one.received_on < day <= today(one.due_at) for one in before.values()):
            continue
        after = compute(action, deed.said.now, cause)
        if {one.pk for one in after.values()} == {one.pk for one in before.values()}:
            continue
        changes += 1
        deed.moved(
            Machine.ACTION, action, "deadline_changed", provider=action.case.provider_id, reason=cause,
            before={kind: one.due_at for kind, one in before.items()},
            after={kind: one.due_at for kind, one in after.items()},
        )  # fmt: skip
    return changes


def publish(said: Said, rules: Rules) -> RulesVersion:
    """An approver puts LKPP's rules into force from now on, with a reason. What was proposed before keeps its rules.

    `said.seen` is the key of the version that the page showed.
    """
    with doing(said, Role.APPROVER) as deed:
        if (made := deed.repeated(Machine.RULES)) is not None:
            return RulesVersion.objects.get(pk=made)
        why = reasoned(said)
        last = RulesVersion.objects.select_related("published_by").first()
        if said.seen is not None and last is not None and last.pk != said.seen:
            raise Overtaken(str(last.published_by), last.in_force_from, "publish")
        before = rules_at(said.now)
        demand(rules != before, "Ketetapan itu sudah berlaku.", "These rules are in force already.")
        demand(
            last is None or last.in_force_from < said.now,
            "Orang lain baru saja menetapkan ketetapan lain.", "Somebody else has just published other rules.",
        )  # fmt: skip
        row = RulesVersion.objects.create(
            digest=rules.digest, body=rules.encode(), reason=why, in_force_from=said.now, published_by=said.account
        )
        deed.note(
            Machine.RULES, row.pk, "publish", provider=None, subject=f"{rules.version} {rules.digest[:12]}", reason=why,
            before=_values(before), after=_values(rules),
        )  # fmt: skip
    return row


def set_zone(said: Said, provider: int, zone: Zone) -> ProviderZone:
    """In which zone a provider sits: its deadlines show it beside WIB."""
    with doing(said, Role.OFFICER, Role.ADMINISTRATOR, Role.PROVIDER_HEAD) as deed:
        of = deed.lock_provider(provider)
        row, _ = ProviderZone.objects.get_or_create(provider=of, defaults={"zone": Zone.WIB.value})
        if deed.repeated(Machine.CALENDAR) is None:
            before, row.zone = row.zone, zone.value
            row.save()
            deed.note(
                Machine.CALENDAR, row.pk, "set_zone", provider=of.pk, subject=of.name, before={"zone": before},
                after={"zone": row.zone},
            )  # fmt: skip
    return row


def _values(rules: Rules) -> dict[str, object]:
    return {"version": rules.version, **{name: value for name, _, value in shown(rules)}}
