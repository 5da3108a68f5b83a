"""Baselines of one server: what is there now, what a person approved, what differs, and approving it.

Laws:
- What is approved is exactly what was looked at: if it has changed meanwhile, nothing is approved.
- An approval has a reason, and stands in the trail and in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from checks.baseline import Approved, Baseline, Listed, baselines
from checks.fact import name_of
from checks.text import Words
from collector.accounts.models import Account
from collector.console.access import account_of, demand, visible, visible_or_404
from collector.console.reference import About, about, catalogue
from collector.registry.models import RegisterEntry, Server
from collector.registry.registrar import enter, latest
from collector.surveillance.models import TargetState
from collector.surveillance.state import State


@dataclass(frozen=True)
class Shows:
    """One baseline as shown. `now` is None where the host has not told, for `reason`."""

    register: str
    check: About
    now: Listed | None
    reason: Words
    held: RegisterEntry | None
    new: list[str]
    gone: list[str]

    @property
    def changed(self) -> bool:
        """Is there something to approve?"""
        return self.now is not None and (self.held is None or self.held.content["digest"] != self.now.digest)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, server: str) -> HttpResponse:
    """GET shows all baselines of the server; POST approves one."""
    account = account_of(request)
    one = visible_or_404(visible(Server, account).select_related("provider"), pk=server)
    row = visible(TargetState, account).filter(pk=one.pk).first()
    state = row.remembered() if row else State()
    if request.method == "POST":
        demand(account.may_approve_baseline and one.retired_at is None)
        _approve(request, account, one, state)
        return redirect("baselines", server=one.pk)
    shown = [_shows(one, baseline, state) for baseline in baselines(catalogue())]
    shown.sort(key=lambda this: not this.changed)
    may = account.may_approve_baseline and one.retired_at is None
    return render(request, "console/baselines.html", {"server": one, "baselines": shown, "may": may})


def _told(baseline: Baseline, state: State) -> tuple[Listed | None, Words]:
    held = state.held.get(name_of(baseline.listed))
    if held is None or not held.raw:
        return None, (held.missing or held.absent) if held else ""
    try:
        return msgspec.json.decode(held.raw, type=baseline.listed), ""
    except msgspec.DecodeError as error:
        return None, str(error)


def _shows(server: Server, baseline: Baseline, state: State) -> Shows:
    now, reason = _told(baseline, state)
    register = name_of(baseline.approved)
    held = latest(server, register)
    before = set(held.content["items"]) if held else set()
    items = now.items if now else ()
    new = [item for item in items if item not in before] if held else []
    gone = sorted(before - set(items)) if now else []
    return Shows(register, about(baseline.check), now, reason, held, new, gone)


def _approve(request: HttpRequest, account: Account, server: Server, state: State) -> None:
    """Approve what the host told last, if it is what was looked at."""
    wanted, digest = request.POST.get("register", ""), request.POST.get("digest", "")
    reason = request.POST.get("reason", "").strip()
    found = {name_of(baseline.approved): baseline for baseline in baselines(catalogue())}
    baseline = found.get(wanted)
    now = _told(baseline, state)[0] if baseline else None
    if baseline is None or now is None:
        messages.error(request, gettext("Tidak ada yang dapat disetujui: server belum melaporkan hal ini."))
    elif not reason:
        messages.error(request, gettext("Tuliskan alasannya: perubahan mana yang membawa keadaan ini."))
    elif now.digest != digest:
        messages.warning(
            request, gettext("Keadaan server berubah sejak halaman ini dibuka. Lihat lagi sebelum menyetujui.")
        )
    else:
        at = timezone.now()
        approved: Approved = baseline.approved(now.items, now.count, now.digest, at)
        enter(server, approved, by=account, reason=reason[:1000], now=at)
        messages.success(request, gettext("Disetujui. Penilaian menyusul dalam beberapa detik."))
