"""One provider: its standards with every requirement, its servers, and what is and was found there.

Laws:
- Every requirement is shown, also what no machine can check and what this release cannot check yet.
- A check shows the worst status over all servers; a server that has not said counts as unknown, not as passed.
- What is retired counts nowhere; it is listed when it is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checks.standard import LETTERS, Requirement, Standard, Standing, requirement_standing
from checks.verdict import BADNESS, Status
from collector.accounts.models import Account
from collector.console.access import account_of, visible, visible_or_404
from collector.console.filters import SEVERITIES
from collector.console.findings import listed, worst_first
from collector.console.names import tell_apart
from collector.console.paging import page_of
from collector.console.reference import About, about_code, standards
from collector.ledger.models import Entry, Kind
from collector.registry.models import Instance, Provider, Server
from collector.surveillance.models import Finding, StandardState, TargetState
from collector.surveillance.standing import combine

RECENT = timedelta(days=30)


@dataclass(frozen=True)
class Machine:
    """One server in the list. `state` is None until the judge knows it; `reported` says whether a report ever came."""

    server: Server
    state: TargetState | None
    reported: bool
    open: int


@dataclass(frozen=True)
class Checked:
    """One check under a requirement. `check` is None where this release no longer has it."""

    code: str
    check: About | None
    status: str


@dataclass(frozen=True)
class Clause:
    """One requirement with how it stands."""

    requirement: Requirement
    standing: str
    checks: tuple[Checked, ...]


@dataclass(frozen=True)
class Chapter:
    """One standard with how it stands. `state` is None until something was judged."""

    standard: Standard
    state: StandardState | None
    clauses: tuple[Clause, ...]

    @property
    def standing(self) -> str:
        """The standing that counts."""
        return self.state.standing if self.state else Standing.UNDETERMINED.value

    @property
    def sums(self) -> list[tuple[str, int]]:
        """Its requirements by standing."""
        said = self.state
        return [("met", said.met), ("not_met", said.not_met), ("undetermined", said.undetermined)] if said else []


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of one provider."""
    account = account_of(request)
    provider = visible_or_404(visible(Provider, account).select_related("institution"), slug=slug)
    findings = visible(Finding, account).filter(target__provider=provider, target__retired_at__isnull=True)
    still = findings.filter(closed_at__isnull=True)
    retired = request.GET.get("retired") == "1"
    rows = machines(account, provider, retired=retired)
    page = page_of(request, rows, "servers")
    tell_apart(row.server for row in page)
    found = chapters(account, provider)
    context = {
        "provider": provider,
        "instances": visible(Instance, account).filter(provider=provider).order_by("name"),
        "servers": page,
        "retired": retired,
        "in_use": visible(Server, account).filter(provider=provider, retired_at__isnull=True).count(),
        "retired_count": visible(Server, account).filter(provider=provider, retired_at__isnull=False).count(),
        "chapters": found,
        "standings": Counter(chapter.standing for chapter in found),
        "severities": by_severity(still),
        "open": listed(request, worst_first(still), "page"),
        "closed": listed(
            request, findings.filter(closed_at__gt=timezone.now() - RECENT).order_by("-closed_at", "pk"), "closed"
        ),
        "recent": RECENT.days,
    }
    return render(request, "console/provider.html", context)


def by_severity(findings: QuerySet[Finding]) -> list[tuple[str, int]]:
    """How many of `findings` have each severity, worst first, zeros too."""
    found = dict(findings.order_by().values_list("severity").annotate(count=Count("*")))
    return [(severity, found.get(severity, 0)) for severity in SEVERITIES]


def machines(account: Account, provider: Provider, *, retired: bool) -> list[Machine]:
    """Servers that are in use, or those that are `retired`; those that need attention first."""
    known = visible(Server, account).filter(provider=provider, retired_at__isnull=not retired)
    servers = list(known.annotate(reported=Exists(Entry.objects.filter(target=OuterRef("pk"), kind=Kind.REPORT))))
    states = {row.pk: row for row in visible(TargetState, account).filter(target__in=servers).defer("state")}
    found = visible(Finding, account).filter(target__in=servers, closed_at__isnull=True).order_by()
    count = Counter(found.values_list("target_id", flat=True))
    rows = [Machine(server, states.get(server.pk), server.reported, count[server.pk]) for server in servers]
    return sorted(rows, key=_attention)


def _attention(row: Machine) -> tuple[object, ...]:
    return (-(row.state is None or row.state.silent), -row.open, row.server.name, row.server.pk)


def chapters(account: Account, provider: Provider) -> list[Chapter]:
    """All 17 standards."""
    said = visible(TargetState, account).filter(target__provider=provider, target__retired_at__isnull=True)
    merged = combine(said.values_list("statuses", flat=True))
    states = {row.letter: row for row in visible(StandardState, account).filter(provider=provider)}
    return [
        chapter(standard, states.get(letter), merged) for letter in LETTERS if (standard := standards().get(letter))
    ]


def chapter(standard: Standard, state: StandardState | None, merged: Mapping[str, tuple[Status, ...]]) -> Chapter:
    """One standard, from the statuses of every check over all servers; what is not met stands first."""
    clauses = tuple(
        Clause(
            requirement,
            requirement_standing(requirement, merged).value,
            tuple(Checked(code, about_code(code), worst(merged.get(code, ()))) for code in requirement.checks),
        )
        for requirement in standard.requirements
    )
    first = sorted(clauses, key=lambda clause: clause.standing != Standing.NOT_MET.value)
    return Chapter(standard, state, tuple(first))


def worst(statuses: tuple[Status, ...]) -> str:
    """The worst of `statuses`; unknown where there is none."""
    return max(statuses, key=lambda status: BADNESS[status], default=Status.UNKNOWN).value
