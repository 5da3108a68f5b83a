"""The probers of LKPP: which there are, when each was last heard, and how another one joins.

Laws:
- Probers belong to no provider: for an account of a provider this page does not exist.
- A token is shown once, as those of agents are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from collector.accounts.models import Account
from collector.console.access import account_of, demand
from collector.console.agents import LIFETIMES
from collector.console.paging import page_of
from collector.console.reference import rulebook_at
from collector.registry.enrolment import PROBER_NAME, create_prober_token
from collector.registry.instances import probed
from collector.registry.models import Agent, Target, Token
from collector.surveillance.models import TargetState

LATE = timedelta(minutes=15)  # probers survey every few minutes
SAMPLE = 50  # instances that tell when a prober was heard


class ProberForm(forms.Form):
    """What a new prober is called."""

    name = forms.CharField(
        label=_("Nama penguji"), max_length=63,
        validators=[RegexValidator(f"^{PROBER_NAME}$", _("Huruf, angka, titik, garis bawah, dan tanda hubung saja."))],
        widget=forms.TextInput(attrs={"placeholder": "jakarta-1"}),
        help_text=_("Sama dengan name di bagian [prober] pengaturannya: tempat atau jaringan dari mana ia melihat."),
    )  # fmt: skip
    note = forms.CharField(label=_("Catatan"), max_length=200, required=False)
    hours = forms.TypedChoiceField(label=_("Masa berlaku"), choices=list(LIFETIMES.items()), coerce=int, initial=24)


@dataclass(frozen=True)
class Prober:
    """One prober in the list. `heard_at` is None until its first report."""

    agent: Agent
    heard_at: datetime | None
    silent: bool


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All probers, and their tokens for those who may enrol."""
    return _page(request, _of_lkpp(request), ProberForm())


@require_POST
@never_cache
def token(request: HttpRequest) -> HttpResponse:
    """Create a token for a prober and show it, this once."""
    account = _of_lkpp(request)
    demand(account.may_enrol)
    form = ProberForm(request.POST)
    if not form.is_valid():
        return _page(request, account, form)
    said = form.cleaned_data
    made = create_prober_token(
        said["name"], now=timezone.now(), by=account, note=said["note"], lifetime=timedelta(hours=said["hours"])
    )
    context = {
        "prober": said["name"],
        "token": made,
        "command": f"pantau-agent enrol --collector {settings.CONFIG.url} --token -",
        "lifetime": LIFETIMES[said["hours"]],
    }
    return render(request, "console/token.html", context)


def probers() -> QuerySet[Agent]:
    """Those that still hold a good key first."""
    return Agent.objects.filter(role=Agent.Role.PROBER).order_by("revoked_at", "hostname", "-enrolled_at")


def _page(request: HttpRequest, account: Account, form: ProberForm) -> HttpResponse:
    now = timezone.now()
    rows = page_of(request, probers())
    heard = last_heard()
    context: dict[str, Any] = {
        "page": rows,
        "probers": [_prober(one, heard.get(one.pk), now) for one in rows],
        "names": probers().filter(revoked_at__isnull=True).values("hostname").distinct().count(),
        "quorum": rulebook_at(now).policy.quorum,
        "instances": probed().count(),
    }
    if account.may_enrol:
        tokens = Token.objects.exclude(prober="").filter(
            used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
        )
        context |= {"form": form, "tokens": page_of(request, tokens.select_related("created_by"), "tokens")}
    return render(request, "console/probers.html", context, status=400 if form.is_bound else 200)


def last_heard() -> dict[str, datetime]:
    """When each prober, by its key, last surveyed an instance. Every prober surveys every instance, so a few tell it: the ledger
    has no index for this question.
    """
    found: dict[str, datetime] = {}
    for row in TargetState.objects.filter(target__kind=Target.Kind.INSTANCE).order_by("-heard_at")[:SAMPLE]:
        for agent, view in row.remembered().views.items():
            if view.taken_at is not None and view.taken_at > found.get(agent, view.taken_at - LATE):
                found[agent] = view.taken_at
    return found


def _prober(agent: Agent, heard: datetime | None, now: datetime) -> Prober:
    return Prober(agent, heard, heard is None or now - heard > LATE)


def _of_lkpp(request: HttpRequest) -> Account:
    """Whose request this is. Raises Http404 for people of a provider."""
    account = account_of(request)
    if not account.sees_all:
        raise Http404
    return account
