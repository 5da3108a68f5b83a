"""Registers of one target: the rows that hold, entering them by hand or as CSV, and every version that held before.

Laws:
- A version is whole: what is saved replaces the rows, and the one before stays readable.
- What is saved is based on what was looked at: if somebody else saved meanwhile, nothing is overwritten.
- A file that is not taken leaves the register as it is, and the form shows what holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from checks.register import Column, Registered, RowError, columns, row_type, write_csv
from checks.target import Target as TargetKind
from checks.text import Text
from collector.accounts.models import Account
from collector.console.access import account_of, demand, visible, visible_or_404
from collector.console.difference import Difference, difference
from collector.console.names import tell_apart
from collector.console.paging import page_of
from collector.console.reference import standards
from collector.console.register_list import RowCount, letter_of, registers, takers
from collector.console.register_rows import (
    EMPTY,
    ZONE,
    Cell,
    Line,
    lines_of,
    page_size,
    posted,
    rows_of,
    understood,
    uploaded,
)
from collector.registry.models import RegisterEntry, Target
from collector.registry.registrar import enter, latest

VERSIONS = 20  # on one page
SHOWN = 100  # rows of one version on one page


@dataclass(frozen=True)
class Attempt:
    """What somebody wants to save. `shown` are the lines that the form shows again; `fact` is None where `problems` say why."""

    shown: list[Line]
    fact: Registered | None
    problems: list[Text]


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, target: str, register: str) -> HttpResponse:
    """GET shows the rows that hold in a form, POST saves them."""
    account = account_of(request)
    one, kind = _found(account, target, register)
    held = latest(one, register)
    may = account.may_keep_registers and one.retired_at is None
    lines = lines_of(kind, held)
    asked = request.POST if request.method == "POST" else request.GET
    page: Page[Line] = Paginator(lines, page_size(row_type(kind))).get_page(asked.get("rows"))
    attempt = Attempt(list(page.object_list), None, [])
    conflict = False
    if request.method == "POST":
        demand(may)
        attempt = _attempt(request, kind, lines, page)
        reason = request.POST.get("reason", "").strip()
        if not reason:
            attempt.problems.append(Text("Tuliskan alasan perubahan register.", "Say why the register changes."))
        if conflict := request.POST.get("version") != str(held.pk if held else 0):
            changed = "Register diubah orang lain sejak halaman ini dibuka; periksa lagi lalu simpan."
            attempt.problems.append(
                Text(changed, "Somebody else changed the register meanwhile; look again, then save.")
            )
        if attempt.fact is not None and not attempt.problems:
            enter(one, attempt.fact, by=account, reason=reason[:1000], now=timezone.now())
            messages.success(request, gettext("Register disimpan. Penilaian menyusul dalam beberapa detik."))
            return redirect("register", target=one.pk, register=register)
    new = EMPTY if may and not page.has_next() and len(lines) < kind.most_rows else 0
    tell_apart([one])
    context = {
        "target": one,
        "register": register,
        "title": kind.title,
        "checks": takers(kind),
        "standard": standards().get(letter_of(kind)),
        "columns": columns(row_type(kind)),
        "lines": _cells(kind, [*attempt.shown, *({} for _ in range(new))], max(page.start_index(), 1)),
        "page": page,
        "held": held,
        "count": len(lines),
        "most": kind.most_rows,
        "versions": page_of(request, _versions(one, register), "versions", VERSIONS),
        "problems": attempt.problems,
        "conflict": conflict and held,
        "reason": request.POST.get("reason", ""),
        "may": may,
    }
    return render(request, "console/register.html", context, status=400 if attempt.problems else 200)


@require_safe
def export(request: HttpRequest, target: str, register: str) -> HttpResponse:
    """The rows that hold as a CSV file; where nothing was entered, its columns alone, to be filled in."""
    one, kind = _found(account_of(request), target, register)
    return _csv(kind, latest(one, register), f"{register}-{one.pk}.csv")


@require_safe
def export_version(request: HttpRequest, target: str, version: int) -> HttpResponse:
    """One version as a CSV file."""
    entry, kind = _version(account_of(request), target, version)
    return _csv(kind, entry, f"{entry.register}-{entry.target_id}-{entry.pk}.csv")


@require_safe
def version(request: HttpRequest, target: str, version: int) -> HttpResponse:
    """One version: its rows, and what changed from the one before it, or from `?against=`."""
    account = account_of(request)
    entry, kind = _version(account, target, version)
    others = RegisterEntry.objects.filter(target=entry.target, register=entry.register)
    against = request.GET.get("against", "")
    before = others.filter(pk=int(against)).first() if against.isascii() and against.isdecimal() else None
    before = before or others.filter(pk__lt=entry.pk).first()
    lines = lines_of(kind, entry)
    known = columns(row_type(kind))
    names = [column.name for column in known]
    page = Paginator(lines, SHOWN).get_page(request.GET.get("rows"))
    context = {
        "target": entry.target,
        "entry": entry,
        "register": entry.register,
        "title": kind.title,
        "columns": known,
        "before": before,
        "versions": _versions(entry.target, entry.register).exclude(pk=entry.pk)[:VERSIONS],
        "difference": _shown(kind, difference(lines_of(kind, before), lines, names)),
        "page": page,
        "lines": _cells(kind, list(page.object_list), max(page.start_index(), 1)),
        "newest": not others.filter(pk__gt=entry.pk).exists(),
    }
    return render(request, "console/register_version.html", context)


def _found(account: Account, target: str, register: str) -> tuple[Target, type[Registered]]:
    """A target, and a register about such targets. Raises Http404."""
    one = visible_or_404(visible(Target, account).select_related("provider"), pk=target)
    kind = registers(TargetKind(one.kind)).get(register)
    if kind is None:
        raise Http404
    return one, kind


def _version(account: Account, target: str, version: int) -> tuple[RegisterEntry, type[Registered]]:
    """One version of a register that this release knows. Raises Http404."""
    rows = RegisterEntry.objects.visible_to(account).filter(target=target)
    entry = visible_or_404(rows.select_related("target__provider", "entered_by"), pk=version)
    kind = registers().get(entry.register)
    if kind is None:
        raise Http404
    return entry, kind


def _versions(target: Target, register: str) -> QuerySet[RegisterEntry]:
    """All of them, the newest first, counted rather than read."""
    rows = RegisterEntry.objects.filter(target=target, register=register).defer("content")
    return rows.select_related("entered_by").annotate(count=RowCount(F("content")))


def _attempt(request: HttpRequest, kind: type[Registered], lines: list[Line], page: Page[Line]) -> Attempt:
    """What was typed on this page of the register, or uploaded in place of all of it."""
    upload = request.FILES.get("csv")
    if upload is not None:
        try:
            fact, problems = understood(kind, uploaded(kind, upload))
        except RowError as error:
            fact, problems = None, list(error.problems)
        return Attempt(list(page.object_list), fact, problems)
    typed = posted(request.POST, row_type(kind))
    first = max(page.start_index(), 1) - 1
    fact, problems = understood(kind, [*lines[:first], *typed, *lines[page.end_index() :]])
    return Attempt(typed, fact, problems)


def _cells(kind: type[Registered], lines: list[Line], first: int) -> list[tuple[int, list[Cell]]]:
    """`lines` as cells, each line with its number."""
    known = columns(row_type(kind))
    return [
        (number, [Cell(column, line.get(column.name, "")) for column in known])
        for number, line in enumerate(lines, first)
    ]


def _shown(kind: type[Registered], found: Difference) -> dict[str, object]:
    """A difference with the words of columns and choices."""
    known = {column.name: column for column in columns(row_type(kind))}

    def cell(name: str, value: str) -> Cell:
        return Cell(known.get(name) or Column(name, Text(name, name), "text", needed=False), value)

    return {
        "any": found.any,
        "added": [[cell(*one) for one in line.items() if one[1]] for line in found.added],
        "removed": [[cell(*one) for one in line.items() if one[1]] for line in found.removed],
        "changed": [
            (one.name, [(cell(this.column, this.before), cell(this.column, this.after)) for this in one.cells])
            for one in found.changed
        ],
    }


def _csv(kind: type[Registered], entry: RegisterEntry | None, name: str) -> HttpResponse:
    try:
        text = write_csv(row_type(kind), rows_of(kind, entry), ZONE)
    except msgspec.ValidationError as error:  # of a release whose columns were other ones
        raise Http404 from error
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=headers)
