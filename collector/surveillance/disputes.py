"""Which claims of servers the probers' observations of their instances contradict (`checks.dispute`).

Law: only what is current disputes: a verdict on an instance that is stale, waived or unknown contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from checks.dispute import CONTRADICTIONS, Contradiction, disputed
from checks.policy import Rulebook
from checks.verdict import Result, Status
from collector.registry.models import Target
from collector.surveillance.models import TargetState
from collector.surveillance.standing import Shown, shown
from collector.surveillance.state import State

OUTSIDE = frozenset(one.outside for one in CONTRADICTIONS)
HOST = tuple(dict.fromkeys(one.host for one in CONTRADICTIONS))


@dataclass(frozen=True)
class Dispute:
    """A pass of a check on a server is contradicted by what was `seen` of `instance` (its name and key)."""

    instance: Target
    contradiction: Contradiction
    seen: Result


Disputes: TypeAlias = Mapping[str, tuple[Dispute, ...]]
"""By the codes of host checks."""


def disputes(servers: Collection[str], rulebook: Rulebook, now: datetime) -> dict[str, Disputes]:
    """What contradicts a pass on `servers`, by their keys; servers that nothing contradicts are left out."""
    links = Target.instances.through.objects.filter(
        from_target__in=list(servers), from_target__kind=Target.Kind.SERVER, to_target__retired_at__isnull=True
    )
    pairs = list(links.order_by("from_target_id", "to_target_id").values_list("from_target_id", "to_target_id"))
    rows = TargetState.objects.filter(target_id__in={instance for _, instance in pairs}).defer("state")
    suspects = {row.target_id for row in rows if any(row.statuses.get(code) == Status.FAIL for code in OUTSIDE)}
    if not suspects:
        return {}
    found: dict[str, dict[str, list[Dispute]]] = {}
    observed = {
        row.target_id: (row.target, _observed(row.remembered(), rulebook, now))
        for row in TargetState.objects.filter(target_id__in=suspects).select_related("target")
    }
    for server, instance in pairs:
        if instance in observed:
            target, results = observed[instance]
            for code in HOST:
                for contradiction, result in disputed(code, Status.PASS, results):
                    found.setdefault(server, {}).setdefault(code, []).append(Dispute(target, contradiction, result))
    return {server: {code: tuple(said) for code, said in codes.items()} for server, codes in found.items()}


def _observed(state: State, rulebook: Rulebook, now: datetime) -> list[Result]:
    """The failures of an instance that hold at `now`."""
    return [
        Result(code, current.status, current.measured, current.expected, subject)
        for code, subject, current in state.verdicts()
        if code in OUTSIDE
        and shown(code, subject, current, rulebook.catalogue.checks.get(code), rulebook, (), now) is Shown.FAIL
    ]
