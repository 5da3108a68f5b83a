"""Reads the ledger in order and writes what the judge says: state, findings, standards.

Laws:
- One batch is one transaction that also moves the cursor, by compare-and-swap: two judges may run, each entry counts once.
- Reading and judging happen outside the transaction, so the ledger's writer waits only for the short write.
- Killed anywhere, it goes on from its cursor.
- An entry that breaks the judge is logged, counted and passed over: it stays in the ledger, and `rejudge` takes it up again.
- Silence is looked for only up to what is judged: a report that waits in the ledger is no silence.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F, Q

from checks.catalogue import Catalogue
from checks.fact import Fact, vantages
from checks.standard import Standard
from checks.target import Target
from checks.vantage import Vantage
from collector.ledger.models import Cursor, Entry, Kind
from collector.registry.models import Agent, Server
from collector.surveillance.arrival import Arrival, Bench
from collector.surveillance.judge import fold, tick
from collector.surveillance.models import TargetState
from collector.surveillance.policies import Rulebooks
from collector.surveillance.projections import Superseded, kinds_of, newborn, project, write
from collector.surveillance.settlement import Transition
from collector.surveillance.state import State
from evidence.report import read_report

log = logging.getLogger(__name__)

NAME = "judge"
BATCH = 200


@dataclass
class Judging:
    """One judge: what it judges with. `software` is what this collector runs; only its own agents are compared.

    `aged`: the quiet target whose statuses were counted again last.
    """

    catalogue: Catalogue
    standards: Mapping[str, Standard]
    software: str
    aged: str = ""
    rulebooks: Rulebooks = field(init=False)
    believed: dict[Vantage, dict[str, type[Fact]]] = field(init=False)
    revoked: dict[str, datetime] = field(default_factory=dict)  # keys of probers, and from when

    def __post_init__(self) -> None:
        self.rulebooks = Rulebooks(self.catalogue)
        # a fact is believed only of whom can read it: of an agent neither registers nor our own observations of it
        facts = self.catalogue.facts.items()
        self.believed = {at: {name: fact for name, fact in facts if at in vantages(fact)} for at in Vantage}

    def step(self, most: int = BATCH) -> int:
        """Judge the next entries; returns how many. 0: there is nothing to do, or another judge did it."""
        self.rulebooks.refresh()
        position = Cursor.objects.filter(consumer=NAME).values_list("position", flat=True).first()
        if position is None:
            position = Cursor.objects.get_or_create(consumer=NAME)[0].position
        entries = list(Entry.objects.filter(id__gt=position).order_by("id")[:most])
        if not entries:
            return 0
        touched = {entry.target_id for entry in entries}
        kinds = kinds_of(touched)
        if Target.INSTANCE in kinds.values():
            probers = Agent.objects.filter(role=Agent.Role.PROBER).values_list("key_id", "revoked_at")
            self.revoked = {key: at for key, at in probers if at is not None}
        before = {row.target_id: row for row in TargetState.objects.filter(target_id__in=touched)}
        current = newborn(touched - set(before), entries[0].received_at)
        current |= {server: row.remembered() for server, row in before.items()}
        transitions: list[tuple[str, Transition]] = []
        passed_over = 0
        for entry in entries:
            known = current.get(entry.target_id, State())
            try:
                arrival = _arrival(entry, kinds[entry.target_id])
                state, said = fold(known, arrival, self._bench(arrival, entry.kind, known))
            except Exception:  # law: whatever is wrong with one entry, the others are judged
                log.exception("event=entry_not_judged entry=%d target=%s", entry.pk, entry.target_id)
                passed_over += 1
                continue
            current[entry.target_id] = state
            transitions += [(entry.target_id, one) for one in said]
        try:
            now = entries[-1].received_at
            projection = project(before, current, rulebook=self.rulebooks.at(now), now=now)
            with transaction.atomic():
                if not _move(position, entries[-1].pk, passed_over):
                    raise Superseded
                write(projection, transitions, standards=self.standards, now=now)
        except Superseded:
            return 0
        except DatabaseError:
            raise
        except Exception:  # law: what cannot be written of one entry costs that entry alone
            if len(entries) > 1:
                return self.step(1)
            log.exception("event=entry_not_written entry=%d target=%s", entries[0].pk, entries[0].target_id)
            _move(position, entries[0].pk, 1)
        return len(entries)

    def sweep(self, now: datetime, *, most: int = 500) -> int:
        """Open findings for servers that fell silent by `now`; returns how many servers that were."""
        self.rulebooks.refresh()
        self.meet(now)
        position = Cursor.objects.filter(consumer=NAME).values_list("position", flat=True).first() or 0
        waits = Entry.objects.filter(id__gt=position).order_by("id").values_list("received_at", flat=True).first()
        now = min(now, waits) if waits else now
        limit = now - timedelta(seconds=self.rulebooks.shortest_silence())
        rows = TargetState.objects.filter(
            silent=False, heard_at__lt=limit, target__kind=Target.SERVER, target__retired_at__isnull=True
        )
        before, current, transitions = {}, {}, []
        for row in rows.order_by("heard_at").iterator(chunk_size=100):
            state = row.remembered()
            ticked, said = tick(row.target_id, state, now, self.rulebooks.at(row.heard_at))
            if ticked is not state:
                before[row.target_id], current[row.target_id] = row, ticked
                transitions += [(row.target_id, one) for one in said]
            if len(before) == most:
                break
        projection = project(before, current, rulebook=self.rulebooks.at(now), now=now)
        try:
            with transaction.atomic():
                write(projection, transitions, standards=self.standards, now=now)
        except Superseded:  # a report was judged meanwhile: look again at the next sweep
            return 0
        return len(before)

    def meet(self, now: datetime, *, most: int = 500) -> int:
        """Begin the states of servers whose agent was enrolled but never heard: silence counts from enrolment on."""
        fresh = Server.objects.filter(agents__enrolled_at__lte=now, state__isnull=True, retired_at__isnull=True)
        servers = set(fresh.values_list("pk", flat=True).distinct()[:most])
        if servers:
            projection = project({}, newborn(servers, now), rulebook=self.rulebooks.at(now), now=now)
            try:
                with transaction.atomic():
                    write(projection, [], standards=self.standards, now=now)
            except Superseded:  # one of them was heard meanwhile
                return 0
        return len(servers)

    def age(self, now: datetime, *, most: int = 200) -> int:
        """Count the statuses of the next targets again that may have fallen silent: their verdicts go stale, their waivers end.

        Returns how many targets that were. 0: the round is at its end, the next call begins a new one.
        """
        quiet = TargetState.objects.filter(
            Q(silent=True) | ~Q(target__kind=Target.SERVER), target__retired_at__isnull=True
        )
        targets = list(
            quiet.filter(target_id__gt=self.aged).order_by("target_id").values_list("target_id", flat=True)[:most]
        )
        self.aged = targets[-1] if targets else ""
        self.refresh(targets, now)
        return len(targets)

    def refresh(self, targets: Collection[str], now: datetime) -> None:
        """Count again what waivers, disputes and time changed for `targets`, without judging anything."""
        self.rulebooks.refresh()
        with transaction.atomic():
            rows = TargetState.objects.select_for_update().filter(target_id__in=targets).order_by("target_id")
            before = {row.target_id: row for row in rows}
            current = {target: row.remembered() for target, row in before.items()}
            projection = project(before, current, rulebook=self.rulebooks.at(now), now=now)
            write(projection.moved(), [], standards=self.standards, now=now)

    def _bench(self, arrival: Arrival, kind: int, state: State) -> Bench:
        report = arrival.report
        before = self.rulebooks.at(state.heard_at) if state.heard_at else None
        comparable = report is not None and report.software == self.software
        agents = self.rulebooks.named(report.policy) if report is not None and comparable else None
        revoked = frozenset(key for key, at in self.revoked.items() if at <= arrival.received_at)
        facts = self.believed[_vantage(arrival, kind)]
        return Bench(self.rulebooks.at(arrival.received_at), agents, facts, before, revoked)


def _arrival(entry: Entry, about: Target) -> Arrival:
    report = read_report(entry.raw) if entry.kind != Kind.EQUIVOCATION else None
    own = entry.kind in {Kind.REGISTER, Kind.SURVEY}
    return Arrival(
        entry.pk, entry.target_id, entry.agent_id, entry.digest, entry.received_at, report, own=own, about=about
    )


def _vantage(arrival: Arrival, kind: int) -> Vantage:
    """From where whoever sealed this entry can read facts."""
    if kind == Kind.REGISTER:
        return Vantage.REGISTER
    if kind == Kind.SURVEY:
        return Vantage.COLLECTOR
    return Vantage.OUTSIDE if arrival.about is Target.INSTANCE else Vantage.HOST


def _move(position: int, to: int, passed_over: int) -> bool:
    """Move the cursor from `position`, counting entries that were passed over; False if another judge has moved it."""
    cursor = Cursor.objects.filter(consumer=NAME, position=position)
    return cursor.update(position=to, passed_over=F("passed_over") + passed_over) == 1
