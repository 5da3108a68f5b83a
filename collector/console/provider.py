"""One provider: its standards with every requirement, its servers, and what is and was found there.

Laws:
- Every requirement is shown, also what no machine can check and what this release cannot check yet.
- A check shows the worst status over all servers; a server that has not said counts as unknown, not as passed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checks.standard import LETTERS, Requirement, Standard, Standing, requirement_standing
from checks.verdict import Status
from collector.accounts.models import Account
from collector.console.access import account_of, visible, visible_or_404
from collector.console.findings import Line, lines
from collector.console.reference import About, about_code, standards
from collector.registry.models import Instance, Provider, Server
from collector.surveillance.judge import BADNESS
from collector.surveillance.models import Finding, ServerState, StandardState
from collector.surveillance.standing import combine

RECENT = timedelta(days=30)
MOST = 200  # findings on one page


@dataclass(frozen=True)
class Machine:
    """One server in the list. `state` is None until it is heard."""

    server: Server
    state: ServerState | None
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


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of one provider."""
    account = account_of(request)
    provider = visible_or_404(visible(Provider, account).select_related("institution"), slug=slug)
    findings = visible(Finding, account).filter(server__provider=provider).select_related("server")
    context = {
        "provider": provider,
        "instances": visible(Instance, account).filter(provider=provider).order_by("name"),
        "machines": machines(account, provider),
        "chapters": chapters(account, provider),
        "open": worst_first(lines(findings.filter(closed_at__isnull=True)[:MOST])),
        "closed": lines(findings.filter(closed_at__gt=timezone.now() - RECENT).order_by("-closed_at")[:MOST]),
        "recent": RECENT.days,
    }
    return render(request, "console/provider.html", context)


def worst_first(found: list[Line]) -> list[Line]:
    """Findings by severity, then the oldest first."""
    return sorted(found, key=lambda line: (line.rank, line.finding.since))


def machines(account: Account, provider: Provider) -> list[Machine]:
    """Servers that are in use, those that need attention first."""
    servers = list(visible(Server, account).filter(provider=provider, retired_at__isnull=True))
    states = {row.pk: row for row in visible(ServerState, account).filter(server__in=servers).defer("state")}
    found = visible(Finding, account).filter(server__in=servers, closed_at__isnull=True).order_by()
    count = Counter(found.values_list("server_id", flat=True))
    rows = [Machine(server, states.get(server.pk), count[server.pk]) for server in servers]
    return sorted(rows, key=lambda row: (-(row.state is None or row.state.silent), -row.open, row.server.hostname))


def chapters(account: Account, provider: Provider) -> list[Chapter]:
    """All 17 standards."""
    said = visible(ServerState, account).filter(server__provider=provider, server__retired_at__isnull=True)
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
