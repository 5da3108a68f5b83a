"""Taking a server or an instance out of use.

Law: whoever may retire says why, and confirms it on a page that names what it ends. The act stands in the trail.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from collector.console.access import account_of, demand, visible, visible_or_404
from collector.console.names import tell_apart
from collector.console.reference import count_again
from collector.registry.models import Agent, Target
from collector.registry.retirement import retire
from collector.surveillance.models import Finding


@require_http_methods(["GET", "HEAD", "POST"])
def retire_target(request: HttpRequest, target: str) -> HttpResponse:
    """GET asks for the reason and a confirmation, POST does it. A provider itself is never retired."""
    account = account_of(request)
    rows = visible(Target, account).exclude(kind=Target.Kind.PROVIDER).select_related("provider")
    one = visible_or_404(rows, pk=target)
    demand(account.may_retire)
    reason, sure = request.POST.get("reason", "").strip(), request.POST.get("sure") == "1"
    of_server = one.kind == Target.Kind.SERVER
    if request.method == "POST" and reason and sure:
        if not retire(one, now=timezone.now(), by=account, reason=reason, count=count_again):
            messages.warning(request, gettext("Ini sudah dipensiunkan sebelumnya."))
        elif of_server:
            messages.success(request, gettext("Server dipensiunkan. Laporannya ditolak mulai sekarang."))
        else:
            messages.success(request, gettext("Instans dipensiunkan. Penguji luar tidak membacanya lagi."))
        return redirect("provider", slug=one.provider.slug)
    tell_apart([one])
    context = {
        "target": one,
        "of_server": of_server,
        "agents": visible(Agent, account).filter(server_id=one.pk, revoked_at__isnull=True).count(),
        "open": visible(Finding, account).filter(target=one, closed_at__isnull=True).count(),
        "asked": request.method == "POST",
        "reason": reason,
    }
    return render(request, "console/retire.html", context, status=400 if request.method == "POST" else 200)
