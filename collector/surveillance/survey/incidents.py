"""What went wrong at a provider: open findings, what recurred, what contradicts its self-assessment. From the projections."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Max

from checks.check import Severity
from checks.facts.measured_checks import MOST_NAMES, Measured, MeasuredChecks
from checks.facts.observed_incidents import MOST, OpenFinding, OpenFindings, Recurrence, Recurrences
from checks.self_assessment import LINKED
from checks.verdict import Status
from collector.registry.models import Target
from collector.surveillance.models import Finding
from collector.surveillance.standing import is_waived
from collector.surveillance.waivers import waivers_in_force

GRAVITY = {severity.value: rank for rank, severity in enumerate(Severity)}
DAYS = 30
FEWEST = 2  # findings of one check on one target that are called recurring


def open_findings(targets: Collection[Target], now: datetime) -> OpenFindings:
    """Of `targets`: the servers and instances of one provider that are not retired. Waived ones are left out."""
    waived = waivers_in_force([one.pk for one in targets], now)
    rows = Finding.objects.filter(target__in=targets, closed_at__isnull=True, opened_at__lte=now).select_related(
        "target"
    )
    found = [
        OpenFinding(row.target.name, row.check_code, row.severity, row.since, row.subject)
        for row in rows
        if not is_waived(row.check_code, row.subject, waived.get(row.target_id, ()))
    ]
    found.sort(key=lambda one: (GRAVITY[one.severity], one.since, one.target, one.code, one.subject))
    critical = sum(one.severity == Severity.CRITICAL for one in found)
    return OpenFindings(tuple(found[:MOST]), len(found), critical)


def recurrences(targets: Collection[Target], now: datetime) -> Recurrences:
    """Checks of which several findings opened on one of `targets` in the last 30 days."""
    opened = Finding.objects.filter(target__in=targets, opened_at__gt=now - timedelta(days=DAYS), opened_at__lte=now)
    rows = (
        opened.order_by()
        .values_list("target__name", "check_code")
        .annotate(times=Count("pk"), last=Max("opened_at"))
        .filter(times__gte=FEWEST)
    )
    found = sorted((Recurrence(*row) for row in rows), key=lambda one: (-one.times, one.target, one.code))
    return Recurrences(tuple(found[:MOST]), len(found), DAYS)


def measured_checks(statuses: Mapping[str, Mapping[str, str]]) -> MeasuredChecks | None:
    """`statuses`: check code -> status, by the name of each target. None: no linked check was ever judged."""
    codes = sorted({code for linked in LINKED.values() for code in linked})
    found = []
    for code in codes:
        said = {name: Status(one[code]) for name, one in sorted(statuses.items()) if code in one}
        if not said:
            continue
        failed = [name for name, status in said.items() if status is Status.FAIL]
        found.append(
            Measured(
                code,
                len(failed),
                sum(status in (Status.PASS, Status.WARN) for status in said.values()),
                sum(status is Status.UNKNOWN for status in said.values()),
                tuple(failed[:MOST_NAMES]),
            )
        )
    return MeasuredChecks(tuple(found)) if found else None
