"""Rows of registers between people and facts: what a form or a CSV file holds, and what a version held.

Laws:
- All rows are good, or none is taken, and every wrong cell is named.
- What a form shows is a page of rows; what it brings back replaces that page, never the others.
- A version that this release no longer understands is shown as it was entered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import IO
from zoneinfo import ZoneInfo

import msgspec
from django.http import QueryDict

from checks.register import (
    MOST_BYTES,
    Column,
    Registered,
    Row,
    RowError,
    cells,
    columns,
    decode,
    read_csv,
    read_row,
    row_type,
)
from checks.text import Text
from collector.registry.models import RegisterEntry

ZONE: tzinfo = ZoneInfo("Asia/Jakarta")
EMPTY = 3  # rows offered for new entries
MOST_CSV = 1_000_000  # bytes; the door takes no larger request anyway
PER_PAGE = 50
FIELDS = 900  # Django refuses a form with more than a thousand

Line = dict[str, str]
"""One row as it is typed: text by the names of columns."""

INPUTS = {"date": "date", "moment": "datetime-local", "number": "number"}
WELL_FORMED = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
    "moment": re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?", re.ASCII),
    "number": re.compile(r"-?\d+", re.ASCII),
}


@dataclass(frozen=True)
class Cell:
    """One cell of the form."""

    column: Column
    value: str

    @property
    def input(self) -> str:
        """The type of its input. What such an input would swallow, because it is no date, say, is kept in one of text."""
        form = WELL_FORMED.get(self.column.kind)
        return "text" if form is None or (self.value and not form.fullmatch(self.value)) else INPUTS[self.column.kind]

    @property
    def typed(self) -> str:
        """The value as its input wants it."""
        return self.value.replace(" ", "T", 1) if self.input == "datetime-local" else self.value

    @property
    def step(self) -> str:
        """Of a moment that has seconds; empty elsewhere."""
        return "1" if self.input == "datetime-local" and self.value.count(":") == 2 else ""

    @property
    def known(self) -> bool:
        """Of a choice: is the value one of them, or empty?"""
        return not self.value or any(self.value == value for value, _ in self.column.choices)

    @property
    def said(self) -> str | Text:
        """The value as people read it."""
        return dict(self.column.choices).get(self.value, self.value)


def page_size(row: type[Row]) -> int:
    """How many rows one form shows."""
    return max(1, min(PER_PAGE, FIELDS // len(columns(row)) - EMPTY))


def rows_of(kind: type[Registered], entry: RegisterEntry | None) -> tuple[Row, ...]:
    """The rows of a version; none where nothing was entered. Raises msgspec.ValidationError where they cannot be understood."""
    return msgspec.convert(entry.content, kind).rows if entry else ()


def lines_of(kind: type[Registered], entry: RegisterEntry | None) -> list[Line]:
    """The rows of a version as they would be typed."""
    try:
        return [cells(row, ZONE) for row in rows_of(kind, entry)]
    except msgspec.ValidationError:
        rows = entry.content.get("rows", []) if entry else []
        return [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]


def uploaded(kind: type[Registered], upload: IO[bytes]) -> list[Line]:
    """The lines of a CSV file. Raises RowError."""
    raw = upload.read(MOST_CSV + 1)
    if len(raw) > MOST_CSV:
        raise RowError([Text("Berkas CSV lebih dari 1 MB.", "The CSV file is larger than 1 MB.")])
    found = read_csv(row_type(kind), decode(raw), ZONE, kind.most_rows)
    return [cells(one, ZONE) for one in found]


def posted(form: QueryDict, row: type[Row]) -> list[Line]:
    """The lines of a form in which something is typed."""
    names = [column.name for column in columns(row)]
    by_column = {name: form.getlist(name) for name in names}
    count = max((len(values) for values in by_column.values()), default=0)
    lines = [{name: _at(values, number) for name, values in by_column.items()} for number in range(count)]
    return [line for line in lines if any(value.strip() for value in line.values())]


def _at(values: Sequence[str], number: int) -> str:
    """The value there; moments as they are shown, not as browsers send them."""
    value = values[number] if number < len(values) else ""
    return value.replace("T", " ") if WELL_FORMED["moment"].fullmatch(value) else value


def understood(kind: type[Registered], lines: Sequence[Line]) -> tuple[Registered | None, list[Text]]:
    """The register that `lines` are, or None and what is wrong with them."""
    row = row_type(kind)
    rows, problems = [], []
    if len(lines) > kind.most_rows:
        return None, [Text(f"Lebih dari {kind.most_rows} baris.", f"More than {kind.most_rows} rows.")]
    for number, line in enumerate(lines, 1):
        try:
            rows.append(read_row(row, line, ZONE))
        except RowError as error:
            problems += [Text(f"Baris {number}: {one.id}", f"Row {number}: {one.en}") for one in error.problems]
    fact = kind(tuple(rows))
    if not problems and (size := len(msgspec.json.encode(fact))) > MOST_BYTES:
        problems.append(
            Text(
                f"Register ini menjadi {size} byte; paling banyak {MOST_BYTES}.",
                f"The register becomes {size} bytes; {MOST_BYTES} at the most.",
            )
        )
    return (None if problems else fact), problems
