"""Waivers: one person asks, another decides.

Laws:
- Whoever asks never decides, and only an approver decides. The database holds the first of these too.
- A decision is a compare-and-swap on the stage: of two who decide at once one wins, and the other is told.
- A waiver ends, within a year. What is waived stays evaluated and visible.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collector.accounts.models import Account, Act
from collector.console.access import account_of, demand, visible, visible_or_404
from collector.console.findings import listed
from collector.console.names import tell_apart
from collector.console.paging import page_of
from collector.console.reference import about_code, judging
from collector.console.waiver_form import WaiverForm
from collector.registry.models import Target
from collector.surveillance.models import Finding, Waiver

PER_PAGE = 50
STAGES = tuple(stage.value for stage in Waiver.Stage)
VERBS = {Waiver.Stage.APPROVED: "waiver.approve", Waiver.Stage.REJECTED: "waiver.reject"}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All visible waivers, the newest first; `?stage=` leaves one stage."""
    account = account_of(request)
    stage = request.GET.get("stage", "")
    stage = stage if stage in STAGES else ""
    rows = visible(Waiver, account).select_related("target__provider", "requested_by", "decided_by")
    waiting = rows.filter(stage=Waiver.Stage.REQUESTED).count()
    if stage:
        rows = rows.filter(stage=stage)
    page = page_of(request, rows, most=PER_PAGE)
    tell_apart(waiver.target for waiver in page)
    context = {
        "page": page,
        "rows": [(waiver, about_code(waiver.check_code)) for waiver in page],
        "stage": stage,
        "stages": STAGES,
        "waiting": waiting,
        "now": timezone.now(),
    }
    return render(request, "console/waivers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def request_one(request: HttpRequest) -> HttpResponse:
    """Ask for a waiver."""
    account = account_of(request)
    demand(account.may_request_waiver)
    known = request.POST if request.method == "POST" else request.GET
    target = visible(Target, account).select_related("provider").filter(pk=known.get("target", "")).first()
    if request.method == "POST":
        form = WaiverForm(account, request.POST)
        if form.is_valid():
            waiver = ask(account, form, timezone.now())
            messages.success(request, gettext("Pengecualian diajukan. Orang lain harus memutuskannya."))
            return redirect("waiver", waiver=waiver.pk)
    else:
        initial = {name: request.GET.get(name, "") for name in ("target", "check", "subject")}
        form = WaiverForm(account, initial=initial)
    if target is not None:
        tell_apart([target])
    context = {"form": form, "target": target, "check": about_code(known.get("check", ""))}
    return render(request, "console/waiver_request.html", context, status=400 if form.is_bound else 200)


def ask(account: Account, form: WaiverForm, now: datetime) -> Waiver:
    """Record the request in a valid form."""
    said = form.cleaned_data
    with transaction.atomic():
        waiver = Waiver.objects.create(
            target=said["target"], check_code=said["check"], subject=said["subject"], justification=said["justification"],
            requested_by=account, requested_at=now, expires_at=said["expires_at"],
        )  # fmt: skip
        _act(account, "waiver.request", waiver, said["justification"], now)
    return waiver


@require_safe
def one(request: HttpRequest, waiver: int) -> HttpResponse:
    """The page of one waiver."""
    account = account_of(request)
    return _page(request, account, _found(account, waiver))


@require_POST
def decide(request: HttpRequest, waiver: int) -> HttpResponse:
    """Approve or reject, with a reason."""
    account = account_of(request)
    found = _found(account, waiver)
    demand(account.may_approve_waiver and account.pk != found.requested_by_id)
    stage, reason = request.POST.get("stage", ""), request.POST.get("reason", "").strip()
    if stage not in {Waiver.Stage.APPROVED, Waiver.Stage.REJECTED} or not reason:
        messages.error(request, gettext("Pilih keputusan dan tuliskan alasannya."))
        return _page(request, account, found, status=400)
    now = timezone.now()
    if stage == Waiver.Stage.APPROVED and found.expires_at <= now:
        messages.error(request, gettext("Masa berlakunya sudah lewat; tolak, lalu minta pengajuan baru."))
        return _page(request, account, found, status=400)
    if not settle(found, account, Waiver.Stage(stage), reason, now):
        found = _found(account, waiver)
        told = gettext("Pengecualian ini sudah diputuskan oleh %(who)s: %(stage)s. Keputusan Anda tidak dicatat.")
        messages.error(request, told % {"who": found.decided_by, "stage": found.get_stage_display()})
        return _page(request, account, found, status=409)
    messages.success(request, gettext("Keputusan dicatat."))
    return redirect("waiver", waiver=waiver)


def settle(waiver: Waiver, account: Account, stage: Waiver.Stage, reason: str, now: datetime) -> bool:
    """Decide `waiver` unless somebody else has. False: they were first, and nothing was written."""
    with transaction.atomic():
        decided = (
            Waiver.objects.filter(pk=waiver.pk, stage=Waiver.Stage.REQUESTED)
            .exclude(requested_by=account)
            .update(stage=stage, decided_by=account, decided_at=now, decision_reason=reason)
        )
        if not decided:
            return False
        _act(account, VERBS[stage], waiver, reason, now)
    if stage == Waiver.Stage.APPROVED:
        judging().refresh([waiver.target_id], now)
    return True


def _act(account: Account, verb: str, waiver: Waiver, reason: str, now: datetime) -> None:
    about = f"{waiver.target.name} {waiver.check_code} {waiver.subject}".strip()[:200]
    Act.objects.create(
        at=now, account=account, provider_id=waiver.target.provider_id, verb=verb, subject=about, reason=reason
    )


def _found(account: Account, key: int) -> Waiver:
    rows = visible(Waiver, account).select_related("target__provider", "requested_by", "decided_by")
    return visible_or_404(rows, pk=key)


def _page(request: HttpRequest, account: Account, waiver: Waiver, status: int = 200) -> HttpResponse:
    findings = (
        visible(Finding, account)
        .filter(target=waiver.target, check_code=waiver.check_code, closed_at__isnull=True)
        .order_by("subject", "pk")
    )
    if waiver.subject:
        findings = findings.filter(subject=waiver.subject)
    tell_apart([waiver.target])
    context = {
        "waiver": waiver,
        "check": about_code(waiver.check_code),
        "found": listed(request, findings, "page"),
        "holds": waiver.holds(timezone.now()),
        "may_decide": waiver.may_be_decided_by(account),
        "own": account.pk == waiver.requested_by_id,
    }
    return render(request, "console/waiver.html", context, status=status)
