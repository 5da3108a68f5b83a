"""One server: every result as it stands now, by standard; its last report; its agents; its findings.

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
from checks.standard import LETTERS, Standard
from collector.console.access import account_of, visible, visible_or_404
from collector.console.findings import RANK, lines
from collector.console.htmx import partial
from collector.console.reference import About, about, catalogue, rulebook_at, standards
from collector.ledger.models import Entry
from collector.registry.models import Agent, Server
from collector.surveillance.consumer import waivers_in_force
from collector.surveillance.models import Finding, ServerState, Waiver
from collector.surveillance.standing import Shown, shown
from collector.surveillance.state import Current, HostState, split

ORDER = (
    Shown.FAIL, Shown.WARN, Shown.UNKNOWN, Shown.STALE, Shown.WAIVED, Shown.PASS, Shown.NOT_APPLICABLE,
)  # fmt: skip
MOST = 50  # findings, reports


@dataclass(frozen=True)
class Shows:
    """One result as shown. `check` is None where this release no longer has it."""

    code: str
    subject: str
    check: About | None
    status: str
    current: Current

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Sorts what needs attention first."""
        severity = RANK[self.check.severity] if self.check else len(RANK)
        return (ORDER.index(Shown(self.status)), severity, self.code, self.subject)


@dataclass(frozen=True)
class Group:
    """Results of one standard, what needs attention first."""

    standard: Standard
    results: list[Shows]


@dataclass(frozen=True)
class Chip:
    """One status to filter by, with how many results have it."""

    status: str
    count: int
    chosen: bool


@require_safe
def show(request: HttpRequest, server: str) -> HttpResponse:
    """The page of one server."""
    account = account_of(request)
    one = visible_or_404(visible(Server, account).select_related("provider"), pk=server)
    row = visible(ServerState, account).filter(pk=one.pk).first()
    now = timezone.now()
    wanted = request.GET.get("status", "")
    wanted = wanted if wanted in set(Shown) else ""
    state = row.host_state() if row else HostState()
    results = all_results(state, rulebook_at(now), waivers_in_force([one.pk], now).get(one.pk, set()), now)
    counts = Counter(result.status for result in results)
    context: dict[str, object] = {
        "server": one,
        "row": row,
        "state": state,
        "chips": [
            Chip(status.value, counts[status.value], status == wanted) for status in ORDER if counts[status.value]
        ],
        "wanted": wanted,
        "total": len(results),
        "groups": grouped([result for result in results if wanted in ("", result.status)]),
        "unreported": [] if wanted else _unreported(results),
    }
    if partial(request):
        template = "console/server_results.html"
    else:
        template = "console/server.html"
        findings = visible(Finding, account).filter(server=one).select_related("server")
        entries = _entries(one)
        context |= {
            "last": entries.first(),
            "received": entries[:10],
            "agents": visible(Agent, account).filter(server=one),
            "findings": sorted(lines(findings.filter(closed_at__isnull=True)), key=lambda line: line.rank),
            "closed": lines(findings.filter(closed_at__isnull=False).order_by("-closed_at")[:MOST]),
            "waivers": visible(Waiver, account).filter(server=one).select_related("requested_by")[:MOST],
        }
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _entries(server: Server) -> QuerySet[Entry]:
    """Entries of a server that the account was found to see, the newest first, without their payloads."""
    return Entry.objects.filter(server=server).defer("payload", "signature").select_related("agent").order_by("-id")


def all_results(
    state: HostState, rulebook: Rulebook, waived: Collection[tuple[str, str]], now: datetime
) -> list[Shows]:
    """Every verdict of one server as it is shown at `now`."""
    found = []
    for name, current in state.current.items():
        code, subject = split(name)
        check = rulebook.catalogue.checks.get(code)
        status = shown(name, current, check, rulebook, waived, now).value
        found.append(Shows(code, subject, about(check) if check else None, status, current))
    return sorted(found, key=lambda result: result.order)


def grouped(results: list[Shows]) -> list[Group]:
    """`results` by the letter their code begins with, a to q."""
    by_letter: dict[str, list[Shows]] = {}
    for result in results:
        by_letter.setdefault(result.code[0].lower(), []).append(result)
    return [Group(standards()[letter], by_letter[letter]) for letter in LETTERS if letter in by_letter]


def _unreported(results: list[Shows]) -> list[About]:
    """Checks of this release that this server has never answered."""
    answered = {result.code for result in results}
    return [about(check) for check in catalogue() if check.code not in answered]
