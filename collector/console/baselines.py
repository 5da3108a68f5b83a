"""Baselines of one target: what is there now, what a person approved, what differs, and approving it.

Laws:
- What is approved is exactly what was looked at: if it has changed meanwhile, nothing is approved.
- An approval has a reason, and stands in the trail and in the ledger.
- Of an instance each vantage point tells what it sees; where they see different things, a person approves what one of them sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from checks.baseline import Approved, Baseline, Listed, baselines
from checks.fact import name_of
from checks.target import Target as TargetKind
from checks.text import Words
from collector.accounts.models import Account
from collector.console.access import account_of, demand, visible, visible_or_404
from collector.console.names import tell_apart
from collector.console.reference import About, about, catalogue
from collector.registry.models import RegisterEntry, Target
from collector.registry.registrar import enter, latest
from collector.surveillance.models import TargetState
from collector.surveillance.state import Held, State, View


@dataclass(frozen=True)
class Told:
    """What is there now, as the server or one or more vantage points (`by`) tell it, and how that differs from what was approved.

    `now` is None where they could not tell, for `reason`.
    """

    by: tuple[str, ...]
    at: datetime | None
    now: Listed | None
    reason: Words
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: bool = False

    @property
    def beyond(self) -> bool:
        """Has it changed in what the report does not list?"""
        return self.changed and not self.new and not self.gone


@dataclass(frozen=True)
class Shows:
    """One baseline as shown: what is there, told in one way or several, against what was approved (`held`)."""

    register: str
    check: About
    told: tuple[Told, ...]
    held: RegisterEntry | None

    @property
    def known(self) -> bool:
        """Has anybody told what is there?"""
        return any(one.now is not None for one in self.told)

    @property
    def changed(self) -> bool:
        """Is there something to approve?"""
        return any(one.changed for one in self.told)

    @property
    def added(self) -> bool:
        """Is there anything that nobody approved, or may there be?"""
        return any(one.new or one.beyond for one in self.told)

    @property
    def count(self) -> int:
        """How many items there are."""
        return max((one.now.count for one in self.told if one.now is not None), default=0)


def kept(target: Target) -> int:
    """How many baselines this release knows of targets of this kind."""
    return len(_of(target))


def _of(target: Target) -> list[Baseline]:
    return [one for one in baselines(catalogue()) if one.check.target is TargetKind(target.kind)]


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, target: str) -> HttpResponse:
    """GET shows all baselines of the target; POST approves one."""
    account = account_of(request)
    one = visible_or_404(visible(Target, account).select_related("provider"), pk=target)
    row = visible(TargetState, account).filter(pk=one.pk).first()
    state = row.remembered() if row else State()
    may = account.may_approve_baseline and one.retired_at is None
    if request.method == "POST":
        demand(may)
        _approve(request, account, one, state)
        return redirect("baselines", target=one.pk)
    tell_apart([one])
    shown = [_shows(one, baseline, state) for baseline in _of(one)]
    shown.sort(key=lambda this: not this.changed)
    return render(request, "console/baselines.html", {"target": one, "baselines": shown, "may": may})


def _sources(baseline: Baseline, state: State) -> Iterator[tuple[str, Held | None]]:
    """Who tells, and what: the server itself, or each vantage point by its name, the newest of each."""
    name = name_of(baseline.listed)
    if baseline.check.target is TargetKind.SERVER:
        yield "", state.held.get(name)
        return
    found = {view.name: view.held[name] for view in _oldest_first(state, name)}
    yield from sorted(found.items())


def _oldest_first(state: State, name: str) -> list[View]:
    views = [view for view in state.views.values() if name in view.held]
    return sorted(views, key=lambda view: view.held[name].at)


def _told(baseline: Baseline, state: State, approved: RegisterEntry | None) -> tuple[Told, ...]:
    """What is there; those who tell the same together."""
    found: dict[str, Told] = {}
    for by, held in _sources(baseline, state):
        now, reason = _read(baseline, held)
        key = now.digest if now is not None else f"? {by}"
        before = found.get(key)
        names = (*before.by, by) if before else (by,) if by else ()
        found[key] = _against(Told(names, held.at if held else None, now, reason), approved)
    return tuple(found.values())


def _read(baseline: Baseline, held: Held | None) -> tuple[Listed | None, Words]:
    if held is None or not held.raw:
        return None, (held.missing or held.absent) if held else ""
    try:
        return msgspec.json.decode(held.raw, type=baseline.listed), ""
    except msgspec.DecodeError as error:
        return None, str(error)


def _against(told: Told, approved: RegisterEntry | None) -> Told:
    """`told` with its difference from what was approved."""
    if told.now is None:
        return told
    if approved is None:
        return replace(told, changed=True)
    before = approved.content["items"]
    there, known = set(told.now.items), set(before)
    return replace(
        told,
        new=tuple(item for item in told.now.items if item not in known),
        gone=tuple(item for item in before if item not in there),
        changed=approved.content["digest"] != told.now.digest,
    )


def _shows(target: Target, baseline: Baseline, state: State) -> Shows:
    register = name_of(baseline.approved)
    held = latest(target, register)
    return Shows(register, about(baseline.check), _told(baseline, state, held), held)


def _approve(request: HttpRequest, account: Account, target: Target, state: State) -> None:
    """Approve what was told last, if it is what was looked at."""
    wanted, digest = request.POST.get("register", ""), request.POST.get("digest", "")
    reason = request.POST.get("reason", "").strip()
    baseline = {name_of(one.approved): one for one in _of(target)}.get(wanted)
    told = [one.now for one in _told(baseline, state, None) if one.now is not None] if baseline else []
    now = next((one for one in told if one.digest == digest), None)
    if baseline is None or not told:
        messages.error(request, gettext("Tidak ada yang dapat disetujui: hal ini belum dilaporkan."))
    elif not reason:
        messages.error(request, gettext("Tuliskan alasannya: perubahan mana yang membawa keadaan ini."))
    elif now is None:
        messages.warning(
            request, gettext("Keadaannya berubah sejak halaman ini dibuka. Lihat lagi sebelum menyetujui.")
        )
    else:
        at = timezone.now()
        approved: Approved = baseline.approved(now.items, now.count, now.digest, at)
        enter(target, approved, by=account, reason=reason[:1000], now=at)
        messages.success(request, gettext("Disetujui. Penilaian menyusul dalam beberapa detik."))
