"""One provider: its standards with every requirement, its servers and instances, what is judged about the provider itself, its
registers, and what is and was found there.

Laws:
- Every requirement is shown, also what no machine can check and what this release cannot check yet.
- A check shows the worst status over all targets; a server that has not said counts as unknown, not as passed.
- A pass that probers contradict is shown as disputed; it counts as unknown.
- What is retired counts nowhere; it is listed when it is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet
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
from collector.console.holdings import disputed_passes, machines, sites
from collector.console.instances import may_register
from collector.console.names import tell_apart
from collector.console.paging import page_of
from collector.console.reference import About, about_code, rulebook_at, standards
from collector.console.register_list import kept, waiting
from collector.registry.models import Instance, Provider, Server, Target
from collector.surveillance.models import Finding, StandardState, TargetState
from collector.surveillance.standing import Shown, combine

RECENT = timedelta(days=30)


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
    now = timezone.now()
    rulebook = rulebook_at(now)
    itself = provider.itself
    shelves = kept(itself)
    findings = visible(Finding, account).filter(target__provider=provider, target__retired_at__isnull=True)
    still = findings.filter(closed_at__isnull=True)
    retired = request.GET.get("retired") == "1"
    contested = disputed_passes(account, provider, rulebook, now)
    page = page_of(request, machines(account, provider, retired=retired, disputed=contested), "servers")
    tell_apart(row.server for row in page)
    found = chapters(account, provider, {code for codes in contested.values() for code in codes})
    instances = visible(Instance, account).filter(provider=provider, retired_at__isnull=not retired)
    shown = page_of(request, instances.prefetch_related("servers").order_by("name", "pk"), "instances")
    context = {
        "provider": provider,
        "itself": itself,
        "itself_state": visible(TargetState, account).filter(pk=itself.pk).defer("state").first(),
        "shelves": shelves,
        "waiting": waiting(shelves),
        "instances": shown,
        "sites": sites(account, list(shown), rulebook, now),
        "quorum": rulebook.policy.quorum,
        "may_register": may_register(account),
        "servers": page,
        "retired": retired,
        "in_use": visible(Server, account).filter(provider=provider, retired_at__isnull=True).count(),
        "instances_in_use": visible(Instance, account).filter(provider=provider, retired_at__isnull=True).count(),
        "retired_count": visible(Target, account).filter(provider=provider, retired_at__isnull=False).count(),
        "chapters": found,
        "standings": Counter(chapter.standing for chapter in found),
        "severities": by_severity(still),
        "open": listed(request, worst_first(still), "page"),
        "closed": listed(request, findings.filter(closed_at__gt=now - RECENT).order_by("-closed_at", "pk"), "closed"),
        "recent": RECENT.days,
    }
    return render(request, "console/provider.html", context)


def by_severity(findings: QuerySet[Finding]) -> list[tuple[str, int]]:
    """How many of `findings` have each severity, worst first, zeros too."""
    found = dict(findings.order_by().values_list("severity").annotate(count=Count("*")))
    return [(severity, found.get(severity, 0)) for severity in SEVERITIES]


def chapters(account: Account, provider: Provider, contested: Collection[str] = ()) -> list[Chapter]:
    """All 17 standards. `contested`: codes whose pass on some server probers contradict."""
    said = visible(TargetState, account).filter(target__provider=provider, target__retired_at__isnull=True)
    merged = combine(said.values_list("statuses", flat=True))
    states = {row.letter: row for row in visible(StandardState, account).filter(provider=provider)}
    return [
        chapter(standard, states.get(letter), merged, contested)
        for letter in LETTERS
        if (standard := standards().get(letter))
    ]


def chapter(
    standard: Standard,
    state: StandardState | None,
    merged: Mapping[str, tuple[Status, ...]],
    contested: Collection[str] = (),
) -> Chapter:
    """One standard, from the statuses of every check over all targets; what is not met stands first."""
    clauses = tuple(
        Clause(
            requirement,
            requirement_standing(requirement, merged).value,
            tuple(
                Checked(code, about_code(code), worst(merged.get(code, ()), disputed=code in contested))
                for code in requirement.checks
            ),
        )
        for requirement in standard.requirements
    )
    first = sorted(clauses, key=lambda clause: clause.standing != Standing.NOT_MET.value)
    return Chapter(standard, state, tuple(first))


def worst(statuses: tuple[Status, ...], *, disputed: bool = False) -> str:
    """The worst of `statuses`; unknown where there is none, and disputed where that is why it is unknown."""
    found = max(statuses, key=lambda status: BADNESS[status], default=Status.UNKNOWN)
    return Shown.DISPUTED.value if disputed and found is Status.UNKNOWN else found.value
