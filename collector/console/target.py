"""One target: a server, an instance, or a provider itself. Every result as it stands now, what needs attention first; who
reports of it; its findings; what people keep about it.

Laws:
- Checks never reported are listed too.
- An instance shows what each vantage point sees, and how long it answered beside how long nobody looked.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from checks.policy import Rulebook
from checks.target import Target as TargetKind
from checks.verdict import Status
from collector.accounts.models import Account
from collector.console.access import account_of, visible, visible_or_404
from collector.console.baselines import kept as baselines_kept
from collector.console.findings import listed, worst_first
from collector.console.htmx import partial
from collector.console.instances import may_consent
from collector.console.names import tell_apart
from collector.console.paging import page_of
from collector.console.reference import About, about, catalogue, rulebook_at
from collector.console.register_list import kept, waiting
from collector.console.register_rows import ZONE
from collector.console.results import Shows, all_results, chips, grouped, sides_of
from collector.console.uptime import Uptime, uptime
from collector.console.vantages import fresh, vantages
from collector.ledger.models import Entry, Kind
from collector.registry.models import Agent, Target
from collector.surveillance.disputes import disputes
from collector.surveillance.models import Finding, TargetState, Waiver
from collector.surveillance.standing import Shown
from collector.surveillance.state import State
from collector.surveillance.uptime import answering
from collector.surveillance.waivers import waivers_in_force

TEMPLATES: dict[str, str] = {
    Target.Kind.SERVER: "console/server.html",
    Target.Kind.INSTANCE: "console/instance.html",
    Target.Kind.PROVIDER: "console/organisation.html",
}
SHOWN = (Kind.REPORT, Kind.SURVEY)  # entries that are surveys; what people entered in registers is shown with them


def show_server(request: HttpRequest, target: str) -> HttpResponse:
    """The page of a server."""
    return show(request, target, Target.Kind.SERVER)


def show_instance(request: HttpRequest, target: str) -> HttpResponse:
    """The page of an instance."""
    return show(request, target, Target.Kind.INSTANCE)


def show_organisation(request: HttpRequest, target: str) -> HttpResponse:
    """The page of what is judged about a provider itself."""
    return show(request, target, Target.Kind.PROVIDER)


@require_safe
def show(request: HttpRequest, target: str, kind: str) -> HttpResponse:
    """The page of one target of this kind."""
    account = account_of(request)
    one = visible_or_404(visible(Target, account).select_related("provider"), pk=target, kind=kind)
    row = visible(TargetState, account).filter(pk=one.pk).first()
    now = timezone.now()
    rulebook = rulebook_at(now)
    wanted = request.GET.get("status", "")
    wanted = wanted if wanted in set(Shown) else ""
    state = row.remembered() if row else State()
    found = disputes([one.pk], rulebook, now).get(one.pk, {}) if kind == Target.Kind.SERVER else {}
    waived = waivers_in_force([one.pk], now).get(one.pk, set())
    results = all_results(state, rulebook, waived, now, sides_of(account, found))
    context: dict[str, object] = {
        "target": one,
        "row": row,
        "state": state,
        "chips": chips(results, wanted),
        "wanted": wanted,
        "total": len(results),
        "answered": len({result.code for result in results}),
        "groups": grouped([result for result in results if wanted in ("", result.status)], unfold=bool(wanted)),
        "unreported": [] if wanted else _unreported(results, TargetKind(one.kind)),
    }
    if partial(request):
        template = "console/target_results.html"
    else:
        template = TEMPLATES[one.kind]
        findings = visible(Finding, account).filter(target=one)
        tell_apart([one])
        shelves = kept(one)
        context |= {
            "last": _entries(one).first(),
            "disputed": sum(bool(result.sides) for result in results),
            "registers": shelves,
            "waiting": waiting(shelves),
            "baselines": baselines_kept(one),
            "open": listed(request, worst_first(findings.filter(closed_at__isnull=True)), "page"),
            "closed": listed(request, findings.filter(closed_at__isnull=False).order_by("-closed_at", "pk"), "closed"),
            "waivers": page_of(request, visible(Waiver, account).filter(target=one), "waivers"),
            **_of_kind(request, account, one, state, rulebook, now),
        }
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _of_kind(
    request: HttpRequest, account: Account, one: Target, state: State, rulebook: Rulebook, now: datetime
) -> dict[str, object]:
    """What only a target of this kind has."""
    if one.kind == Target.Kind.SERVER:
        return {
            "agents": page_of(request, visible(Agent, account).filter(server_id=one.pk), "agents"),
            "instances": visible(Target, account).filter(servers=one.pk, retired_at__isnull=True),
        }
    if one.kind == Target.Kind.INSTANCE:
        seen = vantages(state, rulebook, now)
        return {
            "servers": visible(Target, account).filter(instances=one.pk, retired_at__isnull=True),
            "vantages": seen,
            "fresh": fresh(seen),
            "quorum": rulebook.policy.quorum,
            "answers": answers(state, fresh(seen), rulebook.policy.quorum),
            "uptime": uptime_of(one, state, now),
            "may_consent": may_consent(account) and one.retired_at is None,
        }
    return {}


def answers(state: State, fresh: int, quorum: int) -> str:
    """Does an instance answer now, as a status? Unknown where too few vantage points look."""
    return answering(state.current).value if fresh >= quorum else Status.UNKNOWN.value


def uptime_of(instance: Target, state: State, now: datetime) -> Uptime | None:
    """When it answered; None where nobody ever looked."""
    if not state.segments:
        return None
    return uptime(state.segments, min(instance.registered_at, state.segments[0].since), now, ZONE)


def _entries(target: Target) -> QuerySet[Entry]:
    """Entries of a target that the account was found to see, the newest first, without their payloads."""
    return (
        Entry.objects.filter(target=target, kind__in=SHOWN)
        .defer("payload", "signature")
        .select_related("agent")
        .order_by("-id")
    )


def _unreported(results: list[Shows], kind: TargetKind) -> list[About]:
    """Checks of this release that are expected of this target and were never answered."""
    answered = {result.code for result in results}
    return [about(check) for check in catalogue().expected[kind] if check.code not in answered]
