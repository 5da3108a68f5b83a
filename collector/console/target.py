"""One server: every result as it stands now, what needs attention first; its last report; its agents; its findings.

Laws:
- Each status is computed at the moment of looking: what grew stale since the last report is shown as stale.
- Waived failures stay in the list, with what was measured. Checks never reported are listed too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from checks.policy import Rulebook
from checks.target import Target as TargetKind
from checks.text import Text, Words
from checks.verdict import Status
from collector.console.access import account_of, visible, visible_or_404
from collector.console.findings import RANK, listed, worst_first
from collector.console.htmx import partial
from collector.console.names import tell_apart
from collector.console.paging import page_of
from collector.console.reference import About, about, catalogue, rulebook_at
from collector.console.registers import registers, title_of
from collector.ledger.models import Entry, Kind
from collector.registry.models import Agent, Target
from collector.surveillance.models import Finding, TargetState, Waiver
from collector.surveillance.standing import Shown, shown
from collector.surveillance.state import Current, State
from collector.surveillance.waivers import waivers_in_force

ORDER = (
    Shown.FAIL, Shown.DISPUTED, Shown.WARN, Shown.UNKNOWN, Shown.STALE, Shown.WAIVED, Shown.PASS, Shown.NOT_APPLICABLE,
)  # fmt: skip
FOLDED = frozenset({Shown.PASS, Shown.NOT_APPLICABLE})


@dataclass(frozen=True)
class Shows:
    """One result as shown. `check` is None where this release no longer has it."""

    code: str
    subject: str
    check: About | None
    status: str
    current: Current

    @property
    def title(self) -> Words:
        """What its check asks for; where it fails, that it is not met."""
        fails = self.current.status is Status.FAIL
        if self.check is None:
            return Text(f"Tidak terpenuhi: {self.code}", f"Not met: {self.code}") if fails else self.code
        return self.check.breach if fails else self.check.title

    @property
    def in_grace(self) -> bool:
        """Does it fail without being a finding yet?"""
        return self.status == Shown.FAIL and not self.current.finding

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Sorts what needs attention first."""
        severity = RANK[self.check.severity] if self.check else len(RANK)
        return (ORDER.index(Shown(self.status)), severity, self.code, self.subject)


@dataclass(frozen=True)
class Group:
    """Results of one status, by severity, code and subject. `folded`: shown when it is asked for."""

    status: str
    results: list[Shows]
    folded: bool


@dataclass(frozen=True)
class Chip:
    """One status to filter by, with how many results have it."""

    status: str
    count: int
    chosen: bool


SHOWN = (Kind.REPORT, Kind.SURVEY)  # entries that are surveys; what people entered in registers is shown with them


@require_safe
def show(request: HttpRequest, target: str) -> HttpResponse:
    """The page of one target."""
    account = account_of(request)
    one = visible_or_404(visible(Target, account).select_related("provider"), pk=target)
    row = visible(TargetState, account).filter(pk=one.pk).first()
    now = timezone.now()
    wanted = request.GET.get("status", "")
    wanted = wanted if wanted in set(Shown) else ""
    state = row.remembered() if row else State()
    results = all_results(state, rulebook_at(now), waivers_in_force([one.pk], now).get(one.pk, set()), now)
    counts = Counter(result.status for result in results)
    context: dict[str, object] = {
        "target": one,
        "row": row,
        "state": state,
        "chips": [
            Chip(status.value, counts[status.value], status == wanted) for status in ORDER if counts[status.value]
        ],
        "registers": [(name, title_of(name)) for name in registers()],
        "wanted": wanted,
        "total": len(results),
        "answered": len({result.code for result in results}),
        "groups": grouped([result for result in results if wanted in ("", result.status)], unfold=bool(wanted)),
        "unreported": [] if wanted else _unreported(results, TargetKind(one.kind)),
    }
    if partial(request):
        template = "console/target_results.html"
    else:
        template = "console/target.html"
        findings = visible(Finding, account).filter(target=one)
        tell_apart([one])
        context |= {
            "last": _entries(one).first(),
            "agents": page_of(request, visible(Agent, account).filter(server_id=one.pk), "agents"),
            "open": listed(request, worst_first(findings.filter(closed_at__isnull=True)), "page"),
            "closed": listed(request, findings.filter(closed_at__isnull=False).order_by("-closed_at", "pk"), "closed"),
            "waivers": page_of(request, visible(Waiver, account).filter(target=one), "waivers"),
        }
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _entries(target: Target) -> QuerySet[Entry]:
    """Entries of a target that the account was found to see, the newest first, without their payloads."""
    return (
        Entry.objects.filter(target=target, kind__in=SHOWN)
        .defer("payload", "signature")
        .select_related("agent")
        .order_by("-id")
    )


def all_results(state: State, rulebook: Rulebook, waived: Collection[tuple[str, str]], now: datetime) -> list[Shows]:
    """Every verdict of one target as it is shown at `now`."""
    found = []
    for code, subject, current in state.verdicts():
        check = rulebook.catalogue.checks.get(code)
        status = shown(code, subject, current, check, rulebook, waived, now).value
        found.append(Shows(code, subject, about(check) if check else None, status, current))
    return sorted(found, key=lambda result: result.order)


def grouped(results: list[Shows], *, unfold: bool) -> list[Group]:
    """`results`, in their order, by status. What is well is folded unless `unfold`."""
    by_status: dict[str, list[Shows]] = {}
    for result in results:
        by_status.setdefault(result.status, []).append(result)
    return [Group(status, found, status in FOLDED and not unfold) for status, found in by_status.items()]


def _unreported(results: list[Shows], kind: TargetKind) -> list[About]:
    """Checks of this release that are expected of this target and were never answered."""
    answered = {result.code for result in results}
    return [about(check) for check in catalogue().expected[kind] if check.code not in answered]
