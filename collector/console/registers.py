"""Registers of one server: the rows that hold, entering them by hand or as CSV, and every version that held before.

Laws:
- A version is whole: what is saved replaces the rows, and the one before stays readable.
- All rows are good, or none is saved, and every wrong cell is named.
- What is saved is based on what was looked at: if somebody else saved meanwhile, nothing is overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from checks.fact import name_of
from checks.register import (
    MOST_ROWS,
    Column,
    Registered,
    Row,
    RowError,
    cells,
    columns,
    read_csv,
    read_row,
    row_type,
    write_csv,
)
from checks.text import Text
from collector.console.access import account_of, demand, visible, visible_or_404
from collector.console.reference import catalogue
from collector.registry.models import RegisterEntry, Server
from collector.registry.registrar import enter, latest

ZONE: tzinfo = ZoneInfo("Asia/Jakarta")
EMPTY = 3  # rows offered for new entries
MOST_CSV = 1 << 20  # bytes
MOST_VERSIONS = 50

TITLES = {
    "change_register": Text("Register perubahan", "Register of changes"),
    "remote_access_register": Text("Register akses jarak jauh", "Register of remote access"),
    "server_room_register": Text("Register ruang server", "Register of the server room"),
}


@dataclass(frozen=True)
class Cell:
    """One cell of the form."""

    column: Column
    value: str


def registers() -> dict[str, type[Registered]]:
    """Every register that some check reads, by name."""
    facts = {fact for check in catalogue() for fact in check.facts if issubclass(fact, Registered)}
    return dict(sorted((name_of(fact), fact) for fact in facts))


def title_of(name: str) -> Text:
    """What a register is called."""
    return TITLES.get(name, Text(name, name))


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, server: str, register: str) -> HttpResponse:
    """GET shows the rows that hold in a form, POST saves them."""
    account = account_of(request)
    one = visible_or_404(visible(Server, account).select_related("provider"), pk=server)
    kind = registers().get(register)
    if kind is None:
        raise Http404
    row = row_type(kind)
    held = latest(one, register)
    may = account.may_keep_registers and one.retired_at is None
    typed = [cells(entry, ZONE) for entry in rows_of(kind, held)]
    problems: list[Text] = []
    if request.method == "POST":
        demand(may)
        typed, problems = _typed(request, row)
        reason = request.POST.get("reason", "").strip()
        if not reason:
            problems.append(Text("Tuliskan alasan perubahan register.", "Say why the register changes."))
        if request.POST.get("version") != str(held.pk if held else 0):
            changed = "Register diubah orang lain sejak halaman ini dibuka; periksa lagi lalu simpan."
            problems.append(Text(changed, "Somebody else changed the register meanwhile; look again, then save."))
        if not problems:
            fact = kind(tuple(read_row(row, line, ZONE) for line in typed))
            enter(one, fact, by=account, reason=reason[:1000], now=timezone.now())
            messages.success(request, gettext("Register disimpan. Penilaian menyusul dalam beberapa detik."))
            return redirect("register", server=one.pk, register=register)
    lines = [*typed, *({} for _ in range(EMPTY if may and len(typed) < MOST_ROWS else 0))]
    context = {
        "server": one,
        "register": register,
        "title": title_of(register),
        "columns": columns(row),
        "lines": [[Cell(column, line.get(column.name, "")) for column in columns(row)] for line in lines],
        "held": held,
        "versions": RegisterEntry.objects.filter(target=one, register=register).select_related("entered_by")[
            :MOST_VERSIONS
        ],
        "may": may,
        "problems": problems,
    }
    return render(request, "console/register.html", context, status=400 if problems else 200)


@require_safe
def export(request: HttpRequest, server: str, version: int) -> HttpResponse:
    """One version as a CSV file."""
    account = account_of(request)
    entry = visible_or_404(RegisterEntry.objects.visible_to(account).filter(target=server), pk=version)
    kind = registers().get(entry.register)
    if kind is None:
        raise Http404
    text = write_csv(row_type(kind), rows_of(kind, entry), ZONE)
    name = f"{entry.register}-{entry.target_id}-{entry.pk}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=headers)


def rows_of(kind: type[Registered], entry: RegisterEntry | None) -> tuple[Row, ...]:
    """The rows of a version; none where nothing was entered."""
    return msgspec.convert(entry.content, kind).rows if entry else ()


def _typed(request: HttpRequest, row: type[Row]) -> tuple[list[dict[str, str]], list[Text]]:
    """What was typed or uploaded, as lines of cells, and what is wrong with it."""
    upload = request.FILES.get("csv")
    if upload is not None:
        raw = upload.read(MOST_CSV + 1)
        if len(raw) > MOST_CSV:
            return [], [Text("Berkas CSV lebih dari 1 MiB.", "The CSV file is larger than 1 MiB.")]
        try:
            found = read_csv(row, raw.decode("utf-8-sig", "replace"), ZONE)
        except RowError as error:
            return [], list(error.problems)
        return [cells(one, ZONE) for one in found], []
    lines = _lines(request.POST, row)
    problems = []
    for number, line in enumerate(lines, 1):
        try:
            read_row(row, line, ZONE)
        except RowError as error:
            problems += [Text(f"Baris {number}: {one.id}", f"Row {number}: {one.en}") for one in error.problems]
    if len(lines) > MOST_ROWS:
        problems.append(Text(f"Lebih dari {MOST_ROWS} baris.", f"More than {MOST_ROWS} rows."))
    return lines, problems


def _lines(posted: QueryDict, row: type[Row]) -> list[dict[str, str]]:
    """The lines of the form in which something is typed."""
    names = [column.name for column in columns(row)]
    by_column = {name: posted.getlist(name) for name in names}
    count = max((len(values) for values in by_column.values()), default=0)
    lines = [
        {name: values[number] if number < len(values) else "" for name, values in by_column.items()}
        for number in range(min(count, MOST_ROWS + EMPTY + 1))
    ]
    return [line for line in lines if any(value.strip() for value in line.values())]
