"""Reads the ledger in order and writes what the judge says: state, findings, standards.

Laws:
- One batch is one transaction that also moves the cursor, by compare-and-swap: two judges may run, each entry counts once.
- Reading and judging happen outside the transaction, so the ledger's writer waits only for the short write.
- Killed anywhere, it goes on from its cursor.
- An entry that breaks the judge is logged and passed over: it stays in the ledger, and `rejudge` takes it up again.
- A state is replaced only by who has seen its latest version: judge, sweep and waivers never undo each other.
- Silence is looked for only up to what is judged: a report that waits in the ledger is no silence.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
import zstandard
from django.db import DatabaseError, transaction
from django.db.models import Min

from checks.catalogue import Catalogue
from checks.fact import Fact, recipes
from checks.standard import Standard
from checks.text import Words
from checks.verdict import Status
from collector.ledger.models import Cursor, Entry, Kind
from collector.registry.models import Agent, Server
from collector.surveillance import state as states
from collector.surveillance.judge import Arrival, Bench, Closed, Opened, Transition, fold, tick
from collector.surveillance.models import Finding, ServerState, StandardState, Waiver
from collector.surveillance.policies import Rulebooks
from collector.surveillance.standing import Statuses, coverage, statuses, tallies
from collector.surveillance.state import HostState
from evidence.report import read_report

log = logging.getLogger(__name__)

NAME = "judge"
BATCH = 200


class Superseded(Exception):
    """Somebody else has moved the cursor or a state on; nothing was written."""


@dataclass
class Judging:
    """One judge: what it judges with. `software` is what this collector runs; only its own agents are compared.

    `unjudged`: entries passed over. `aged`: the silent server whose statuses were counted again last.
    """

    catalogue: Catalogue
    standards: Mapping[str, Standard]
    software: str
    unjudged: int = 0
    aged: str = ""
    rulebooks: Rulebooks = field(init=False)
    facts: dict[str, type[Fact]] = field(init=False)
    _decompressor: zstandard.ZstdDecompressor = field(default_factory=zstandard.ZstdDecompressor)

    def __post_init__(self) -> None:
        self.rulebooks = Rulebooks(self.catalogue)
        # what only the collector reads (no recipe) is never believed from an agent
        self.facts = {name: fact for name, fact in self.catalogue.facts.items() if recipes(fact)}

    def step(self, most: int = BATCH) -> int:
        """Judge the next entries; returns how many. 0: there is nothing to do, or another judge did it."""
        self.rulebooks.refresh()
        position = Cursor.objects.filter(consumer=NAME).values_list("position", flat=True).first()
        if position is None:
            position = Cursor.objects.get_or_create(consumer=NAME)[0].position
        entries = list(Entry.objects.filter(id__gt=position).order_by("id")[:most])
        if not entries:
            return 0
        touched = {entry.server_id for entry in entries}
        before = {row.server_id: row for row in ServerState.objects.filter(server_id__in=touched)}
        current = newborn(touched - set(before), entries[0].received_at)
        current |= {server: row.host_state() for server, row in before.items()}
        transitions: list[tuple[str, Transition]] = []
        for entry in entries:
            known = current.get(entry.server_id, HostState())
            try:
                arrival = self._arrival(entry)
                state, said = fold(known, arrival, self._bench(arrival, known))
            except Exception:  # law: whatever is wrong with one entry, the others are judged
                log.exception("event=entry_not_judged entry=%d server=%s", entry.pk, entry.server_id)
                self.unjudged += 1
                continue
            current[entry.server_id] = state
            transitions += [(entry.server_id, one) for one in said]
        try:
            with transaction.atomic():
                moved = Cursor.objects.filter(consumer=NAME, position=position).update(position=entries[-1].pk)
                if moved != 1:
                    raise Superseded
                self._write(before, current, transitions, entries[-1].received_at)
        except Superseded:
            return 0
        except DatabaseError:
            raise
        except Exception:  # law: what cannot be written of one entry costs that entry alone
            if len(entries) > 1:
                return self.step(1)
            log.exception("event=entry_not_written entry=%d server=%s", entries[0].pk, entries[0].server_id)
            self.unjudged += 1
            Cursor.objects.filter(consumer=NAME, position=position).update(position=entries[0].pk)
        return len(entries)

    def sweep(self, now: datetime, *, most: int = 500) -> int:
        """Open findings for servers that fell silent by `now`; returns how many servers that were."""
        self.rulebooks.refresh()
        self.meet(now)
        position = Cursor.objects.filter(consumer=NAME).values_list("position", flat=True).first() or 0
        waits = Entry.objects.filter(id__gt=position).order_by("id").values_list("received_at", flat=True).first()
        now = min(now, waits) if waits else now
        limit = now - timedelta(seconds=self.rulebooks.shortest_silence())
        rows = ServerState.objects.filter(silent=False, heard_at__lt=limit, server__retired_at__isnull=True)
        before, current, transitions = {}, {}, []
        for row in rows.order_by("heard_at").iterator(chunk_size=100):
            state = row.host_state()
            ticked, said = tick(row.server_id, state, now, self.rulebooks.at(row.heard_at))
            if ticked is not state:
                before[row.server_id], current[row.server_id] = row, ticked
                transitions += [(row.server_id, one) for one in said]
            if len(before) == most:
                break
        try:
            with transaction.atomic():
                self._write(before, current, transitions, now)
        except Superseded:  # a report was judged meanwhile: look again at the next sweep
            return 0
        return len(before)

    def meet(self, now: datetime, *, most: int = 500) -> int:
        """Begin the states of servers whose agent was enrolled but never heard: silence counts from enrolment on."""
        fresh = Server.objects.filter(agents__enrolled_at__lte=now, state__isnull=True, retired_at__isnull=True)
        servers = set(fresh.values_list("pk", flat=True).distinct()[:most])
        if servers:
            try:
                with transaction.atomic():
                    self._write({}, newborn(servers, now), [], now)
            except Superseded:  # one of them was heard meanwhile
                return 0
        return len(servers)

    def age(self, now: datetime, *, most: int = 200) -> int:
        """Count the statuses of the next silent servers again: their verdicts go stale and their waivers end, unheard.

        Returns how many servers that were. 0: the round is at its end, the next call begins a new one.
        """
        silent = ServerState.objects.filter(silent=True, server__retired_at__isnull=True, server_id__gt=self.aged)
        servers = list(silent.order_by("server_id").values_list("server_id", flat=True)[:most])
        self.aged = servers[-1] if servers else ""
        self.refresh(servers, now)
        return len(servers)

    def refresh(self, servers: Collection[str], now: datetime) -> None:
        """Count again what waivers and time changed for `servers`, without judging anything."""
        self.rulebooks.refresh()
        with transaction.atomic():
            rows = ServerState.objects.select_for_update().filter(server_id__in=servers).order_by("server_id")
            before = {row.server_id: row for row in rows}
            current = {server: row.host_state() for server, row in before.items()}
            self._write(before, current, [], now)

    def _arrival(self, entry: Entry) -> Arrival:
        report = None
        if entry.kind == Kind.REPORT:
            report = read_report(self._decompressor.decompress(bytes(entry.payload)))
        return Arrival(entry.pk, entry.server_id, entry.agent_id, entry.digest, entry.received_at, report)

    def _bench(self, arrival: Arrival, state: HostState) -> Bench:
        report = arrival.report
        before = self.rulebooks.at(state.heard_at) if state.heard_at else None
        comparable = report is not None and report.software == self.software
        agents = self.rulebooks.named(report.policy) if report is not None and comparable else None
        return Bench(self.rulebooks.at(arrival.received_at), agents, self.facts, before)

    def _write(
        self,
        before: Mapping[str, ServerState],
        current: Mapping[str, HostState],
        transitions: Collection[tuple[str, Transition]],
        now: datetime,
    ) -> None:
        """Replace `before` by `current`, in the caller's transaction. Raises Superseded if `before` is not the latest."""
        rows_now = ServerState.objects.select_for_update().filter(server_id__in=list(current)).order_by("server_id")
        if dict(rows_now.values_list("server_id", "version")) != {key: row.version for key, row in before.items()}:
            raise Superseded
        book, waived = self.rulebooks.at(now), waivers_in_force(current, now)
        rows, changed = [], set()
        for server, state in current.items():
            row, moved = _row(
                server, state, before.get(server), statuses(state, book, waived.get(server, ()), now), self.catalogue
            )
            rows.append(row)
            if moved:
                changed.add(server)
        ServerState.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["server"],
            update_fields=[
                "state",
                "heard_at",
                "taken_at",
                "statuses",
                "failing",
                "undetermined",
                "passing",
                "coverage",
                "silent",
                "version",
            ],
        )
        _write_findings(transitions)
        if changed:
            providers = set(Server.objects.filter(pk__in=changed).values_list("provider_id", flat=True))
            roll_up(providers, self.standards, now)


def _row(
    server: str, state: HostState, before: ServerState | None, said: Statuses, catalogue: Catalogue
) -> tuple[ServerState, bool]:
    """The row of one server, and whether anything that standards depend on changed."""
    counts = list(said.values())
    applicable = sum(status != Status.NOT_APPLICABLE for status in counts)
    unknown = counts.count(Status.UNKNOWN)
    failing = counts.count(Status.FAIL)
    heard = state.current.get(states.key("L-AVL-12", ""))
    heard_at = state.heard_at or datetime.fromtimestamp(0, UTC)
    row = ServerState(
        server_id=server,
        state=states.encode(state),
        heard_at=heard_at,
        taken_at=state.taken_at or heard_at,
        statuses=said,
        failing=failing,
        undetermined=unknown,
        passing=applicable - unknown - failing,
        coverage=coverage(said, catalogue),
        silent=heard is not None and heard.status is Status.FAIL,
        version=before.version + 1 if before else 1,
    )
    return row, before is None or before.statuses != said


def _write_findings(transitions: Collection[tuple[str, Transition]]) -> None:
    """Closings of what stood open first, then everything new at once: what opened and closed meanwhile is new and closed."""
    rows: dict[str, Finding] = {}
    for server, one in transitions:
        match one:
            case Opened():
                rows[one.id] = Finding(
                    id=one.id,
                    server_id=server,
                    check_code=one.check.code,
                    subject=one.subject,
                    severity=one.check.severity.value,
                    since=one.since,
                    opened_at=one.at,
                    measured=_stored(one.measured),
                    expected=_stored(one.expected),
                    opened_by_id=one.entry or None,
                )
            case Closed() if one.id in rows:
                rows[one.id].closed_at, rows[one.id].closed_by_id = one.at, one.entry or None
            case Closed():
                Finding.objects.filter(id=one.id, closed_at__isnull=True).update(
                    closed_at=one.at, closed_by_id=one.entry or None
                )
    fields = [field.name for field in Finding._meta.concrete_fields if not field.primary_key]
    Finding.objects.bulk_create(
        rows.values(), batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def _stored(said: Words) -> object:
    """`said` as JSON that every database takes: PostgreSQL refuses NUL."""
    return msgspec.json.decode(msgspec.json.encode(said).replace(b"\\u0000", b"?"))


def newborn(servers: Collection[str], now: datetime) -> dict[str, HostState]:
    """States of servers before their first report: heard once, at an enrolment before `now`."""
    agents = Agent.objects.filter(server_id__in=list(servers), enrolled_at__lte=now)
    found = agents.values_list("server_id").annotate(at=Min("enrolled_at")).order_by()
    return {server: HostState(heard_at=at) for server, at in found}


def waivers_in_force(servers: Collection[str], now: datetime) -> dict[str, set[tuple[str, str]]]:
    """(check code, subject) by server, of the waivers that hold at `now`."""
    found: dict[str, set[tuple[str, str]]] = {}
    rows = Waiver.objects.filter(
        server_id__in=list(servers), stage=Waiver.Stage.APPROVED, expires_at__gt=now, decided_at__lte=now
    )
    for server, code, subject in rows.values_list("server_id", "check_code", "subject"):
        found.setdefault(server, set()).add((code, subject))
    return found


def roll_up(providers: Collection[int], standards: Mapping[str, Standard], now: datetime) -> None:
    """Write how each of `providers` stands towards every standard."""
    per_provider: dict[int, list[Statuses]] = {provider: [] for provider in providers}
    rows = ServerState.objects.filter(server__provider_id__in=providers, server__retired_at__isnull=True)
    for provider, said in rows.values_list("server__provider_id", "statuses"):
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
