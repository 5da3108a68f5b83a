"""The first page: the nation for those who see it, their own provider for the others."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from checks.standard import LETTERS, Standard
from collector.console.access import account_of, visible
from collector.console.filters import SEVERITIES, STANDINGS, Filters
from collector.console.htmx import partial
from collector.console.matrix import matrix
from collector.console.paging import page_of
from collector.console.reference import standards
from collector.registry.models import Provider

PER_PAGE = 50


@dataclass(frozen=True)
class Column:
    """One standard at the head of the table, with how many providers do not meet it."""

    standard: Standard
    not_met: int


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Providers by standards, the worst first."""
    account = account_of(request)
    if not account.sees_all:
        return redirect("provider", slug=visible(Provider, account).get().slug)
    filters = Filters.read(request.GET)
    found = matrix(account)
    rows = found.chosen(filters)
    not_met = found.not_met()
    known = standards()
    context = {
        "matrix": found,
        "filters": filters,
        "page": page_of(request, rows, most=PER_PAGE),
        "columns": [Column(known[letter], not_met[letter]) for letter in LETTERS],
        "standings": STANDINGS,
        "severities": SEVERITIES,
    }
    template = "console/overview_rows.html" if partial(request) else "console/overview.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response
