"""Agents and enrolment: who reports for which server, and how another one joins.

Laws:
- A token is shown once, in the answer to the request that made it, and never stored or cached. It never stands in a command:
  other users of the server would see it in `ps`, and the shell's history would keep it.
- Whoever sees a provider sees its agents; only roles that may enrol create tokens or revoke.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collector.accounts.models import Account, Act
from collector.console.access import account_of, demand, visible, visible_or_404
from collector.console.htmx import partial
from collector.console.names import tell_apart
from collector.console.paging import page_of
from collector.registry import enrolment
from collector.registry.models import Agent, Provider, Server, Token

PER_PAGE = 50
LIFETIMES = {1: _("1 jam"), 24: _("1 hari"), 168: _("7 hari")}  # hours


class ServerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none when it runs
    """Servers with their ids: names may be the same."""

    def label_from_instance(self, obj: Server) -> str:
        return f"{obj.name} ({obj.short_id})"


class TokenForm(forms.Form):
    """What a new token is for. Offers only what the account may see."""

    provider = forms.ModelChoiceField(Provider.objects.none(), label=_("Penyedia"))
    server = ServerField(
        Server.objects.none(), label=_("Server"), required=False, empty_label=_("Server baru"),
        help_text=_("Pilih server lama hanya bila agennya dipasang ulang."),
    )  # fmt: skip
    note = forms.CharField(label=_("Catatan"), max_length=200, required=False)
    hours = forms.TypedChoiceField(label=_("Masa berlaku"), choices=list(LIFETIMES.items()), coerce=int, initial=24)

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        providers = visible(Provider, account)
        self.fields["provider"].queryset = providers  # type: ignore[attr-defined]
        servers = visible(Server, account).filter(retired_at__isnull=True).select_related("provider")
        self.fields["server"].queryset = servers  # type: ignore[attr-defined]
        if account.sees_all:  # thousands: the page of the server is where its agent is replaced
            del self.fields["server"]
        else:
            self.fields["provider"].initial = account.provider_id

    def clean(self) -> dict[str, Any]:
        """A server belongs to the provider of its token."""
        said: dict[str, Any] = super().clean() or {}
        server, provider = said.get("server"), said.get("provider")
        if server is not None and provider is not None and server.provider_id != provider.pk:
            self.add_error("server", gettext("Server ini milik penyedia lain."))
        return said


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All agents of visible servers; for those who may enrol, tokens too."""
    account = account_of(request)
    query = request.GET.get("q", "").strip()[:100]
    retired = request.GET.get("retired") == "1"
    agents = visible(Agent, account).filter(server__retired_at__isnull=not retired).select_related("server__provider")
    if query:
        agents = agents.filter(
            Q(hostname__icontains=query) | Q(key_id__startswith=query) | Q(server__provider__name__icontains=query)
        )
    context = {"query": query, "retired": retired, "page": _page(request, agents)}
    if partial(request):
        response = render(request, "console/agents_rows.html", context)
    else:
        if account.may_enrol:
            context |= {"form": TokenForm(account), "tokens": page_of(request, _open_tokens(account), "tokens")}
        response = render(request, "console/agents.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _page(request: HttpRequest, agents: QuerySet[Agent]) -> Page[Agent]:
    page = page_of(request, agents, most=PER_PAGE)
    tell_apart(agent.server for agent in page)
    return page


def _open_tokens(account: Account) -> QuerySet[Token]:
    open_ones = visible(Token, account).filter(
        prober="", used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now()
    )
    return open_ones.select_related("provider", "server", "created_by")


@require_POST
@never_cache
def token(request: HttpRequest) -> HttpResponse:
    """Create a token and show it, this once."""
    account = account_of(request)
    demand(account.may_enrol)
    form = TokenForm(account, request.POST)
    if not form.is_valid():
        agents = visible(Agent, account).filter(server__retired_at__isnull=True).select_related("server__provider")
        tokens = page_of(request, _open_tokens(account), "tokens")
        context = {"form": form, "page": _page(request, agents), "query": "", "retired": False, "tokens": tokens}
        return render(request, "console/agents.html", context, status=400)
    said = form.cleaned_data
    made = enrolment.create_token(
        said["provider"], now=timezone.now(), by=account, server=said.get("server"), note=said["note"],
        lifetime=timedelta(hours=said["hours"]),
    )  # fmt: skip
    context = {
        "provider": said["provider"],
        "token": made,
        "command": f"pantau-agent enrol --collector {settings.CONFIG.url} --token -",
        "lifetime": LIFETIMES[said["hours"]],
    }
    return render(request, "console/token.html", context)


@require_POST
def revoke_token(request: HttpRequest, token: int) -> HttpResponse:
    """Let a token that was not used yet work no more."""
    account = account_of(request)
    demand(account.may_enrol)
    one = visible_or_404(visible(Token, account).select_related("provider"), pk=token)
    now = timezone.now()
    with transaction.atomic():
        changed = Token.objects.filter(pk=one.pk, used_at__isnull=True, revoked_at__isnull=True).update(revoked_at=now)
        if changed:
            Act.objects.create(
                at=now,
                account=account,
                provider=one.provider,
                verb="token.revoke",
                subject=one.note or str(one),
            )
    if changed:
        messages.success(request, gettext("Token dicabut."))
    else:
        messages.warning(request, gettext("Token ini sudah dipakai atau dicabut sebelumnya."))
    return redirect("probers" if one.prober else "agents")


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_agent(request: HttpRequest, agent: str) -> HttpResponse:
    """Refuse every further report of an agent. GET asks for the reason, POST does it."""
    account = account_of(request)
    rows = Agent.objects.at_the_door() if account.sees_all else visible(Agent, account)  # probers are LKPP's
    one = visible_or_404(rows.select_related("server__provider"), pk=agent)
    demand(account.may_enrol)
    back = "probers" if one.role == Agent.Role.PROBER else "agents"
    reason = request.POST.get("reason", "").strip()
    if request.method == "POST" and reason:
        if enrolment.revoke(one, now=timezone.now(), by=account, reason=reason):
            messages.success(request, gettext("Agen dicabut. Laporannya ditolak mulai sekarang."))
        else:
            messages.warning(request, gettext("Agen ini sudah dicabut sebelumnya."))
        return redirect(back)
    status = 400 if request.method == "POST" else 200
    context = {"agent": one, "back": reverse(back), "asked": request.method == "POST"}
    return render(request, "console/revoke.html", context, status=status)
