"""Writes how providers stand towards the 17 standards, from the statuses of their servers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from checks.standard import Standard
from collector.surveillance.models import StandardState, TargetState
from collector.surveillance.standing import Statuses, tallies


def roll_up(providers: Collection[int], standards: Mapping[str, Standard], now: datetime) -> None:
    """Write how each of `providers` stands towards every standard."""
    per_provider: dict[int, list[Statuses]] = {provider: [] for provider in providers}
    rows = TargetState.objects.filter(target__provider_id__in=providers, target__retired_at__isnull=True)
    for provider, said in rows.values_list("target__provider_id", "statuses"):
        per_provider[provider].append(said)
    held = {(row.provider_id, row.letter): row for row in StandardState.objects.filter(provider_id__in=providers)}
    fresh = []
    for provider, servers in per_provider.items():
        for letter, one in tallies(standards, servers).items():
            before = held.get((provider, letter))
            since = before.since if before is not None and before.standing == one.standing else now
            fresh.append(
                StandardState(
                    provider_id=provider,
                    letter=letter,
                    standing=one.standing.value,
                    met=one.met,
                    not_met=one.not_met,
                    undetermined=one.undetermined,
                    not_applicable=one.not_applicable,
                    coverage=one.coverage,
                    since=since,
                )
            )
    StandardState.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["provider", "letter"],
        update_fields=["standing", "met", "not_met", "undetermined", "not_applicable", "coverage", "since"],
    )
