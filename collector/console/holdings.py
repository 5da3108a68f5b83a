"""What a provider has: its servers and instances, each with how it stands, as its page lists them.

Law: a server that never reported, and an instance that too few vantage points see, are unknown, never well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from checks.policy import Rulebook
from collector.accounts.models import Account
from collector.console.access import visible
from collector.console.results import contested
from collector.console.target import answers, uptime_of
from collector.console.uptime import Stretch
from collector.console.vantages import fresh, vantages
from collector.ledger.models import Entry, Kind
from collector.registry.models import Provider, Server, Target
from collector.surveillance.disputes import disputes
from collector.surveillance.models import Finding, TargetState
from collector.surveillance.state import State
from collector.surveillance.waivers import waivers_in_force


@dataclass(frozen=True)
class Machine:
    """One server in the list. `state` is None until the judge knows it; `reported` says whether a report ever came.

    `disputed`: how many of its passes probers contradict.
    """

    server: Server
    state: TargetState | None
    reported: bool
    open: int
    disputed: int = 0


@dataclass(frozen=True)
class Site:
    """One instance in the list. `answers` is a status; `vantages` of them see it now, of which `quorum` are needed."""

    instance: Target
    servers: list[Target]
    state: TargetState | None
    answers: str
    vantages: int
    open: int
    month: Stretch | None


def disputed_passes(account: Account, provider: Provider, rulebook: Rulebook, now: datetime) -> dict[str, set[str]]:
    """By server in use: the codes of its passes that probers contradict."""
    servers = visible(Server, account).filter(provider=provider, retired_at__isnull=True).values_list("pk", flat=True)
    against = disputes(list(servers), rulebook, now)
    waived = waivers_in_force(against, now)
    rows = visible(TargetState, account).filter(target_id__in=against)
    found = {
        row.target_id: contested(row.remembered(), rulebook, waived.get(row.target_id, ()), now, against[row.target_id])
        for row in rows
    }
    return {server: codes for server, codes in found.items() if codes}


def sites(account: Account, instances: list[Target], rulebook: Rulebook, now: datetime) -> list[Site]:
    """`instances` with how they stand."""
    states = {row.pk: row for row in visible(TargetState, account).filter(target__in=instances)}
    found = visible(Finding, account).filter(target__in=instances, closed_at__isnull=True).order_by()
    count = Counter(found.values_list("target_id", flat=True))
    rows = []
    for one in instances:
        row = states.get(one.pk)
        state = row.remembered() if row else State()
        seen = fresh(vantages(state, rulebook, now))
        said = answers(state, seen, rulebook.policy.quorum)
        timed = uptime_of(one, state, now)
        servers = sorted((server for server in one.servers.all() if server.retired_at is None), key=lambda it: it.name)
        rows.append(Site(one, servers, row, said, seen, count[one.pk], timed.month if timed else None))
    return rows


def machines(
    account: Account, provider: Provider, *, retired: bool, disputed: Mapping[str, Collection[str]]
) -> list[Machine]:
    """Servers that are in use, or those that are `retired`; those that need attention first."""
    known = visible(Server, account).filter(provider=provider, retired_at__isnull=not retired)
    servers = list(known.annotate(reported=Exists(Entry.objects.filter(target=OuterRef("pk"), kind=Kind.REPORT))))
    states = {row.pk: row for row in visible(TargetState, account).filter(target__in=servers).defer("state")}
    found = visible(Finding, account).filter(target__in=servers, closed_at__isnull=True).order_by()
    count = Counter(found.values_list("target_id", flat=True))
    rows = [
        Machine(server, states.get(server.pk), server.reported, count[server.pk], len(disputed.get(server.pk, ())))
        for server in servers
    ]
    return sorted(rows, key=_attention)


def _attention(row: Machine) -> tuple[object, ...]:
    return (-(row.state is None or row.state.silent), -row.open, row.server.name, row.server.pk)
