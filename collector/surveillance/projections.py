"""Writes the state of targets, and with it findings and standards, in one transaction.

Laws:
- A state is replaced only by who has seen its latest version: judge, sweep and waivers never undo each other.
- What can be computed before the transaction is: the ledger's writer waits for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Min

from checks.policy import Rulebook
from checks.standard import Standard
from checks.target import Target as TargetKind
from checks.verdict import Status
from collector.registry.models import Agent, Target
from collector.surveillance import state as states
from collector.surveillance.disputes import disputes
from collector.surveillance.findings import write_findings
from collector.surveillance.models import TargetState
from collector.surveillance.own_facts import HEARTBEAT
from collector.surveillance.settlement import Transition
from collector.surveillance.standards import roll_up
from collector.surveillance.standing import Statuses, coverage, statuses
from collector.surveillance.state import State
from collector.surveillance.waivers import waivers_in_force

COLUMNS = [
    "state", "heard_at", "taken_at", "statuses", "failing", "undetermined", "passing", "coverage", "silent", "version",
]  # fmt: skip


class Superseded(Exception):
    """Somebody else has moved the cursor or a state on; nothing was written."""


@dataclass(frozen=True)
class Projection:
    """Rows that are to replace those of `versions` (target -> the version last seen). `changed`: what standards see differs."""

    rows: list[TargetState]
    changed: set[str]
    versions: dict[str, int]

    def moved(self) -> Projection:
        """Only what differs from before, for those who judged nothing anew."""
        rows = [row for row in self.rows if row.target_id in self.changed]
        return Projection(rows, self.changed, {row.target_id: self.versions[row.target_id] for row in rows})


def project(
    before: Mapping[str, TargetState], current: Mapping[str, State], *, rulebook: Rulebook, now: datetime
) -> Projection:
    """The rows of `current`, which replace `before`. Needs no transaction: `write` finds out what changed meanwhile."""
    waived = waivers_in_force(current, now)
    kinds = kinds_of(current)
    against = disputes([target for target in current if kinds[target] is TargetKind.SERVER], rulebook, now)
    rows, changed = [], set()
    for target, state in current.items():
        said = statuses(state, kinds[target], rulebook, waived.get(target, ()), now, against.get(target, ()))
        row, moved = _row(target, state, before.get(target), said, coverage(said, kinds[target], rulebook.catalogue))
        rows.append(row)
        if moved:
            changed.add(target)
    return Projection(rows, changed, {target: row.version for target, row in before.items()})


def write(
    projection: Projection,
    transitions: Collection[tuple[str, Transition]],
    *,
    standards: Mapping[str, Standard],
    now: datetime,
) -> None:
    """Write the rows, in the caller's transaction. Raises Superseded if somebody has replaced one of them meanwhile."""
    servers = [row.target_id for row in projection.rows]
    rows_now = TargetState.objects.select_for_update().filter(target_id__in=servers).order_by("target_id")
    if dict(rows_now.values_list("target_id", "version")) != projection.versions:
        raise Superseded
    TargetState.objects.bulk_create(
        projection.rows, update_conflicts=True, unique_fields=["target"], update_fields=COLUMNS
    )
    write_findings(transitions)
    if projection.changed:
        providers = set(Target.objects.filter(pk__in=projection.changed).values_list("provider_id", flat=True))
        roll_up(providers, standards, now)


def _row(
    target: str, state: State, before: TargetState | None, said: Statuses, covered: float
) -> tuple[TargetState, bool]:
    """The row of one target, and whether anything that standards depend on changed."""
    counts = list(said.values())
    applicable = sum(status != Status.NOT_APPLICABLE for status in counts)
    unknown = counts.count(Status.UNKNOWN)
    failing = counts.count(Status.FAIL)
    heard = state.current.get(HEARTBEAT, {}).get("")
    heard_at = state.heard_at or datetime.fromtimestamp(0, UTC)
    row = TargetState(
        target_id=target,
        state=states.encode(state),
        heard_at=heard_at,
        taken_at=state.taken_at or heard_at,
        statuses=said,
        failing=failing,
        undetermined=unknown,
        passing=applicable - unknown - failing,
        coverage=covered,
        silent=heard is not None and heard.status is Status.FAIL,
        version=before.version + 1 if before else 1,
    )
    return row, before is None or before.statuses != said


def kinds_of(targets: Collection[str]) -> dict[str, TargetKind]:
    """What each of `targets` is."""
    found = Target.objects.filter(pk__in=list(targets)).order_by().values_list("pk", "kind")
    return {target: TargetKind(kind) for target, kind in found}


def newborn(servers: Collection[str], now: datetime) -> dict[str, State]:
    """States of servers before their first report: heard once, at an enrolment before `now`."""
    agents = Agent.objects.filter(server_id__in=list(servers), enrolled_at__lte=now)
    found = agents.values_list("server_id").annotate(at=Min("enrolled_at")).order_by()
    return {server: State(heard_at=at) for server, at in found}
