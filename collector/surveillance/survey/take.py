"""Takes the collector's own survey of a provider and appends it to the ledger, every hour.

    projections of its servers and instances -> facts about the provider -> sealed -> ledger -> judge

Laws:
- What is compared with registers is evidence as well: the judge takes it from the ledger, never from the projections.
- A provider is surveyed once an hour, whoever of several collectors does it: the last survey is looked for under a lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from checks.fact import Fact, Snapshot, name_of
from checks.facts.change_register import ChangeRegister
from checks.facts.compliance_registers import SlaRegister
from checks.facts.discovered import DiscoveredBackups, DiscoveredHardware, DiscoveredReleases, DiscoveredSoftware
from checks.facts.enrolled_agents import MOST, EnrolledAgents, RegisteredServer
from checks.facts.measured_availability import MeasuredAvailability
from checks.facts.measured_checks import MeasuredChecks
from checks.facts.ticket_entries import TicketEntries, TicketEntry
from checks.facts.ticket_register import Ticket, TicketRegister
from checks.text import Text, Words
from collector.calendar import days_off
from collector.ledger.models import Entry, Kind
from collector.ledger.own import append_own
from collector.registry.models import Provider, RegisterEntry, Target
from collector.surveillance.models import TargetState
from collector.surveillance.state import State
from collector.surveillance.survey import availability, discovery, incidents
from collector.surveillance.survey.availability import AFTER, DAYS, Watched, Window

EVERY = timedelta(hours=1)

NO_SERVERS = Text("penyedia ini tidak memiliki server sendiri", "this provider has no servers of its own")
NO_INSTANCES = Text("belum ada instans yang terdaftar", "no instance is registered yet")
NO_TICKETS = Text("register tiket belum diisi", "the register of tickets is not kept")
NOT_TOLD = Text("belum ada server yang melaporkannya", "no server has told of it yet")
NOT_JUDGED = Text("belum ada pemeriksaan yang dinilai", "no check was judged yet")

Told = TypeVar("Told", bound=Fact)


@dataclass(frozen=True)
class Fleet:
    """All targets of one provider but itself, and what is known of those in use, by their keys."""

    provider: Provider
    itself: Target
    targets: tuple[Target, ...]
    states: Mapping[str, State]
    statuses: Mapping[str, Mapping[str, str]]

    def of(self, kind: str) -> list[Target]:
        """Those of one kind that are in use."""
        return [one for one in self.targets if one.kind == kind and one.retired_at is None]


def survey(provider: Provider, now: datetime) -> bool:
    """Survey `provider` unless that was done within the hour; returns whether it was. Raises `collector.keys.NoKey`."""
    itself = provider.itself
    with transaction.atomic():
        Target.objects.select_for_update().get(pk=itself.pk)
        last = (
            Entry.objects.filter(target=itself, kind=Kind.SURVEY).order_by("-id").values_list("received_at", flat=True)
        )
        if (before := last.first()) is not None and now - before < EVERY:
            return False
        append_own(itself, seen(_fleet(provider, itself), now), Kind.SURVEY, now)
    return True


def due(now: datetime, most: int) -> list[Provider]:
    """Providers that were not surveyed within the hour, `most` at a time; those that never were come first."""
    new = Provider.objects.exclude(targets__kind=Target.Kind.PROVIDER).order_by("pk")[:most]
    surveys = Entry.objects.filter(target=OuterRef("pk"), kind=Kind.SURVEY).order_by("-id").values("received_at")
    known = (
        Target.objects.filter(kind=Target.Kind.PROVIDER).annotate(last=Subquery(surveys[:1])).select_related("provider")
    )
    late = known.filter(Q(last=None) | Q(last__lte=now - EVERY)).order_by(F("last").asc(nulls_first=True), "pk")
    return [*new, *(one.provider for one in late[:most])][:most]


def _fleet(provider: Provider, itself: Target) -> Fleet:
    targets = tuple(
        Target.objects.filter(provider=provider)
        .exclude(kind=Target.Kind.PROVIDER)
        .prefetch_related("servers", "instances")
        .order_by("name", "id")
    )
    rows = TargetState.objects.filter(target__provider=provider, target__retired_at__isnull=True)
    states, statuses = {}, {}
    for row in rows:
        states[row.target_id], statuses[row.target_id] = row.remembered(), row.statuses
    return Fleet(provider, itself, targets, states, statuses)


def seen(fleet: Fleet, now: datetime) -> Snapshot:
    """Everything the collector can say of a provider at `now`."""
    facts: dict[type[Fact], Fact] = {}
    absent: dict[type[Fact], Words] = {}
    missing: dict[type[Fact], Words] = {}

    def told(kind: type[Told], fact: Told | None, where: dict[type[Fact], Words], reason: Words) -> None:
        if fact is None:
            where[kind] = reason
        else:
            facts[kind] = fact

    used = [*fleet.of(Target.Kind.SERVER), *fleet.of(Target.Kind.INSTANCE)]
    names = {one.pk: one.name for one in (*used, fleet.itself)}
    servers = {one.name: fleet.states[one.pk] for one in fleet.of(Target.Kind.SERVER) if one.pk in fleet.states}
    watched = [_watched(one, fleet) for one in fleet.of(Target.Kind.INSTANCE) if one.public_url]
    for fact in (incidents.open_findings(used, now), incidents.recurrences(used, now)):
        facts[type(fact)] = fact
    off = days_off((now - timedelta(days=DAYS)).date(), (now + timedelta(days=AFTER)).date())
    outages = availability.outages(watched, off, now)
    facts[type(outages)] = outages
    told(MeasuredAvailability, availability.availability(watched, now), absent, NO_INSTANCES)
    statuses = {names[key]: said for key, said in fleet.statuses.items() if key in names}
    told(TicketEntries, _entries(fleet.itself), absent, NO_TICKETS)
    told(MeasuredChecks, incidents.measured_checks(statuses), absent, NOT_JUDGED)
    told(EnrolledAgents, _agents(fleet), absent, NO_SERVERS)
    unheard, why = (missing, NOT_TOLD) if fleet.of(Target.Kind.SERVER) else (absent, NO_SERVERS)
    told(DiscoveredHardware, discovery.hardware(servers), unheard, why)
    told(DiscoveredSoftware, discovery.software(servers), unheard, why)
    told(DiscoveredBackups, discovery.backups(servers), unheard, why)
    told(DiscoveredReleases, discovery.releases(servers), unheard, why)
    return Snapshot(facts, missing, absent)


def _agents(fleet: Fleet) -> EnrolledAgents | None:
    """All servers, retired ones last. None: a service provider has none."""
    if fleet.provider.kind == Provider.Kind.SERVICE:
        return None
    rows = []
    for one in fleet.targets:
        if one.kind == Target.Kind.SERVER:
            state = fleet.states.get(one.pk, State())
            heard = state.heard_at if state.reports else None
            rows.append(RegisteredServer(one.name, one.registered_at, heard, one.retired_at is not None))
    rows.sort(key=lambda row: (row.retired, row.name))
    return EnrolledAgents(tuple(rows[:MOST]), sum(not row.retired for row in rows))


def _watched(instance: Target, fleet: Fleet) -> Watched:
    servers = [one for one in instance.servers.all() if one.retired_at is None]
    windows = [window for one in servers for window in _announced(one)]
    sla = discovery.told_of(fleet.states.get(fleet.itself.pk, State()), SlaRegister)
    rows = [(row.instance, row.availability) for row in sla.rows] if sla else []
    state = fleet.states.get(instance.pk, State())
    return Watched(
        instance.name,
        instance.registered_at,
        state.segments,
        windows,
        tuple(one.name for one in servers),
        availability.agreed(instance.name, rows),
    )


def _entries(itself: Target) -> TicketEntries | None:
    """When each ticket of the register was entered as it stands there now. None: there is no register."""
    entered: dict[tuple[object, ...], datetime] = {}
    rows: tuple[Ticket, ...] = ()
    versions = RegisterEntry.objects.filter(target=itself, register=name_of(TicketRegister)).order_by("id")
    for at, content in versions.values_list("entered_at", "content").iterator(chunk_size=50):
        try:
            rows = msgspec.convert(content, TicketRegister).rows
        except msgspec.ValidationError:  # of an earlier release, in which the register was another
            continue
        for row in rows:
            entered.setdefault(_written(row), at)
    told = tuple(TicketEntry(row.number, row.opened, entered[_written(row)]) for row in rows)
    return TicketEntries(told) if entered else None


def _written(row: Ticket) -> tuple[object, ...]:
    """What of a ticket is written once: what it is about, and since when."""
    return row.number, row.type, row.opened, row.names, row.checks


def _announced(server: Target) -> Iterator[Window]:
    """The windows of approved changes on `server` that stood in its register before they opened.

    What was written down afterwards is a record of a change, and excuses no outage.
    """
    entered: dict[tuple[datetime, datetime], datetime] = {}
    windows: list[tuple[datetime, datetime]] = []
    versions = RegisterEntry.objects.filter(target=server, register=name_of(ChangeRegister)).order_by("id")
    for at, content in versions.values_list("entered_at", "content").iterator(chunk_size=50):
        try:
            rows = msgspec.convert(content, ChangeRegister).rows
        except msgspec.ValidationError:  # of an earlier release, in which the register was another
            continue
        windows = [(row.opens, row.closes) for row in rows]
        for window in windows:
            entered.setdefault(window, at)
    yield from (Window(*window) for window in dict.fromkeys(windows) if entered[window] <= window[0])
