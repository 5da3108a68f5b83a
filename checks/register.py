"""Registers: tables that people keep about a server, as typed rows. Pure.

    class ApprovedChange(Row):
        number: Annotated[str, column("Nomor formulir", "Form number")]
        opens: Annotated[datetime, column("Mulai", "From")]

    class ChangeRegister(Registered):
        rows: tuple[ApprovedChange, ...]

A register is a fact like any other: its recipe reads the `Register` of its name, its checks join it with what hosts tell.

Laws:
- The columns of a form and of a CSV file are those of the row; what a person typed becomes a row, or says which column is wrong.
- Moments are typed in the zone of the people who keep the register (WIB unless told otherwise), and kept aware.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

from checks.fact import Fact
from checks.text import Text

MOST_ROWS = 500
MOST_CELL = 300  # characters
MOMENT = "%Y-%m-%d %H:%M"


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One row of a register. Each field is annotated with its `column`."""


class Registered(Fact, frozen=True):
    """A register: all rows that hold."""

    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column: its name in CSV, its label, and what is typed there (text, moment, date or number). `needed`: not empty."""

    name: str
    label: Text
    kind: str
    needed: bool


def column(indonesian: str, english: str) -> msgspec.Meta:
    """The label of a column."""
    return msgspec.Meta(extra={"label": Text(indonesian, english)})


class RowError(ValueError):
    """What somebody typed is no row. `problems` name the column and what is wrong, in both languages."""

    def __init__(self, problems: Sequence[Text]) -> None:
        super().__init__("; ".join(problem.en for problem in problems))
        self.problems = tuple(problems)


KINDS: Mapping[type, str] = {str: "text", datetime: "moment", date: "date", int: "number"}

R = TypeVar("R", bound=Row)


def row_type(register: type[Registered]) -> type[Row]:
    """The type of the rows of `register`."""
    row: type[Row] = get_args(get_type_hints(register)["rows"])[0]
    return row


def columns(row: type[Row]) -> tuple[Column, ...]:
    """The columns of `row`, in the order of its fields."""
    found = []
    for one in msgspec.structs.fields(row):
        kind, meta = one.type.__origin__, one.type.__metadata__[0]
        found.append(Column(one.encode_name, meta.extra["label"], KINDS[kind], one.required))
    return tuple(found)


def read_row(row: type[R], cells: Mapping[str, str], zone: tzinfo) -> R:
    """The row in `cells`, by the names of columns. Raises RowError."""
    values: dict[str, Any] = {}
    problems = []
    for one in columns(row):
        text = " ".join(cells.get(one.name, "").split())
        if not text:
            if one.needed:
                problems.append(_wrong(one, "harus diisi", "is needed"))
            continue
        if len(text) > MOST_CELL:
            problems.append(_wrong(one, f"lebih dari {MOST_CELL} karakter", f"has more than {MOST_CELL} characters"))
            continue
        try:
            values[one.name] = _value(one.kind, text, zone)
        except ValueError:
            example = {"moment": "2026-11-23 08:00", "date": "2026-11-23", "number": "7"}[one.kind]
            problems.append(
                _wrong(one, f"{text!r} tidak dimengerti; tulis seperti {example}", f"{text!r} is not like {example}")
            )
    if problems:
        raise RowError(problems)
    return row(**values)


def cells(row: Row, zone: tzinfo) -> dict[str, str]:
    """`row` as it would be typed."""
    shown = {}
    for one in columns(type(row)):
        value = getattr(row, one.name)
        shown[one.name] = value.astimezone(zone).strftime(MOMENT) if isinstance(value, datetime) else str(value)
    return shown


def read_csv(row: type[R], text: str, zone: tzinfo) -> tuple[R, ...]:
    """The rows in a CSV file (comma, semicolon or tab; the first line names the columns). Raises RowError naming every line."""
    try:
        names, lines = _split(text.lstrip("\ufeff"))
    except csv.Error as error:
        raise RowError([Text(f"bukan berkas CSV: {error}", f"not a CSV file: {error}")]) from error
    known = {one.name: one for one in columns(row)}
    unknown = [name for name in names if name not in known]
    lacking = [one.name for one in known.values() if one.needed and one.name not in names]
    if unknown or lacking:
        allowed = ", ".join(known)
        raise RowError(
            [
                Text(
                    f"kolom di baris pertama harus {allowed}; tidak dikenal: {', '.join(unknown) or '-'}; "
                    f"kurang: {', '.join(lacking) or '-'}",
                    f"the first line must name the columns {allowed}; unknown: {', '.join(unknown) or '-'}; "
                    f"missing: {', '.join(lacking) or '-'}",
                )
            ]
        )
    rows, problems = [], []
    for number, line in lines:
        if not any(value.strip() for value in line):
            continue
        try:
            rows.append(read_row(row, dict(zip(names, line, strict=False)), zone))
        except RowError as error:
            problems += [Text(f"baris {number}: {one.id}", f"line {number}: {one.en}") for one in error.problems]
    if len(rows) > MOST_ROWS:
        problems.append(Text(f"lebih dari {MOST_ROWS} baris", f"more than {MOST_ROWS} rows"))
    if problems:
        raise RowError(problems)
    return tuple(rows)


def _split(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names of the first line, and the other lines with their numbers. Raises csv.Error."""
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    names = [name.strip() for name in next(reader, [])]
    return names, [(reader.line_num, line) for line in reader]


def write_csv(row: type[Row], rows: Iterable[Row], zone: tzinfo) -> str:
    """`rows` as a CSV file that `read_csv` reads back. No cell can become a formula where it is opened."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [one.name for one in columns(row)], lineterminator="\r\n")
    writer.writeheader()
    for one in rows:
        writer.writerow({name: f"'{cell}" if cell[:1] in "=+-@" else cell for name, cell in cells(one, zone).items()})
    return out.getvalue()


def _value(kind: str, text: str, zone: tzinfo) -> object:
    match kind:
        case "moment":
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=zone)
        case "date":
            return date.fromisoformat(text)
        case "number":
            return int(text)
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text


def _wrong(one: Column, indonesian: str, english: str) -> Text:
    return Text(f"{one.label.id}: {indonesian}", f"{one.label.en}: {english}")
