"""One finding, with everything that proves it: the facts, the signed envelope, and whether its signature still holds.

Laws:
- The signature is verified anew at each look, against the key that was enrolled. Nothing here trusts what was stored.
- What is downloaded is the envelope as it arrived, byte for byte in payload and signature.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checks.check import Check
from checks.fact import name_of
from checks.text import Words
from collector.console.access import account_of, visible, visible_or_404
from collector.console.findings import line, listed
from collector.console.names import tell_apart
from collector.console.reference import check_of
from collector.ledger.models import Entry
from collector.surveillance.models import Finding, Waiver
from collector.surveillance.own_facts import OWN
from evidence.envelope import MEDIA_TYPE, NotSigned, verify
from evidence.report import NotAReport, Report, read_report


@dataclass(frozen=True)
class Read:
    """One fact that the check takes, as it stands in the report. `how`: read, missing, absent, or nothing at all."""

    name: str
    how: str
    text: Words


@dataclass(frozen=True)
class Proof:
    """An entry of the ledger, verified now. `wrong` is empty if everything holds. `late` is in seconds."""

    entry: Entry
    wrong: str
    report: Report | None
    facts: tuple[Read, ...]


def proof(entry: Entry, check: Check | None) -> Proof:
    """What `entry` proves about `check`. The report is read only if the signature holds."""
    sealed = entry.envelope
    if sealed.digest != entry.digest:
        return Proof(entry, "digest", None, ())
    try:
        report = read_report(verify(sealed, entry.agent.key))
    except NotSigned:
        return Proof(entry, "signature", None, ())
    except NotAReport:
        return Proof(entry, "report", None, ())
    return Proof(entry, "", report, tuple(_read(report, name_of(fact)) for fact in check.facts) if check else ())


def _read(report: Report, name: str) -> Read:
    if name in report.facts:
        return Read(name, "read", msgspec.json.format(bytes(report.facts[name]), indent=2).decode())
    if name in report.missing:
        return Read(name, "missing", report.missing[name])
    if name in report.absent:
        return Read(name, "absent", report.absent[name])
    return Read(name, "", "")


@require_safe
def show(request: HttpRequest, finding: str) -> HttpResponse:
    """The page of one finding."""
    account = account_of(request)
    found = visible(Finding, account).select_related("target__provider", "opened_by__agent", "closed_by__agent")
    one = visible_or_404(found, pk=finding)
    check = check_of(one.check_code)
    same = visible(Finding, account).filter(target=one.target, check_code=one.check_code, subject=one.subject)
    waivers = visible(Waiver, account).filter(
        target=one.target, check_code=one.check_code, subject__in=["", one.subject]
    )
    now = timezone.now()
    tell_apart([one.target])
    context = {
        "finding": one,
        "line": line(one),
        "own": one.check_code in OWN,
        "opening": proof(one.opened_by, check) if one.opened_by else None,
        "closing": proof(one.closed_by, check) if one.closed_by else None,
        "history": listed(request, same.order_by("-since", "-pk"), "page"),
        "waivers": waivers.select_related("requested_by", "decided_by"),
        "waived": any(waiver.holds(now) for waiver in waivers),
    }
    return render(request, "console/finding.html", context)


@require_safe
def envelope(request: HttpRequest, finding: str, digest: str) -> HttpResponse:
    """The signed envelope that opened or closed a finding, as a file."""
    found = visible(Finding, account_of(request)).select_related("opened_by", "closed_by")
    one = visible_or_404(found, pk=finding)
    for entry in (one.opened_by, one.closed_by):
        if entry is not None and entry.digest == digest:
            name = f"pantau-{entry.digest[:16]}.dsse.json"
            return HttpResponse(
                entry.envelope.encode(),
                content_type=MEDIA_TYPE,
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )
    raise Http404
