"""Registers: tables that people keep about a server or a provider, as typed rows. Pure.

    class ApprovedChange(Row):
        number: Annotated[str, column("Nomor formulir", "Form number")]
        opens: Annotated[datetime, column("Mulai", "From")]

    class ChangeRegister(Registered):
        title: ClassVar[Text] = Text("Register perubahan", "Register of changes")
        rows: tuple[ApprovedChange, ...] = ()

A register is a fact like any other: its recipe reads the `Register` of its name, its checks join it with what hosts tell.

Laws:
- The columns of a form and of a CSV file are those of the row; what a person typed becomes a row, or says which column is wrong.
- Moments are typed in the zone of the people who keep the register (WIB unless told otherwise), and kept aware.
- A file is taken whole or not at all. One that is too large is refused before its rows are read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, ClassVar, TypeVar, get_args, get_type_hints

import msgspec

from checks.column import MOMENT, MOST_CELL, Choice, Column, Refused, column, of_field, read, shown
from checks.fact import Fact
from checks.text import Text

__all__ = [
    "MOMENT", "MOST_BYTES", "MOST_CELL", "MOST_ROWS", "Choice", "Column", "Registered", "Row", "RowError", "cells", "column",
    "columns", "decode", "read_csv", "read_row", "row_type", "write_csv",
]  # fmt: skip

MOST_ROWS = 500
MOST_BYTES = 1 << 20
"""Of a register as JSON: it travels as one signed entry. 2000 licences with all columns filled are about 0.9 MiB."""
MOST_PROBLEMS = 50
"""That are named one by one; of the others it is said how many there are."""
FORMULA = re.compile(r"'*[=+\-@]")
ESCAPED = re.compile(r"'+[=+\-@]")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
SEPARATOR = re.compile(r"sep=([,;\t])\r?\n?", re.IGNORECASE)


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One row of a register. Each field is annotated with its `column`."""


class Registered(Fact, frozen=True):
    """A register: all rows that hold. `title` is what people call it; `most_rows` is how many it may have."""

    title: ClassVar[Text] = Text("", "")
    most_rows: ClassVar[int] = MOST_ROWS

    rows: tuple[Row, ...] = ()


class RowError(ValueError):
    """What somebody typed is no row. `problems` name the column and what is wrong, in both languages."""

    def __init__(self, problems: Sequence[Text]) -> None:
        super().__init__("; ".join(problem.en for problem in problems))
        self.problems = tuple(problems)


R = TypeVar("R", bound=Row)


def row_type(register: type[Registered]) -> type[Row]:
    """The type of the rows of `register`."""
    row: type[Row] = get_args(get_type_hints(register)["rows"])[0]
    return row


def columns(row: type[Row]) -> tuple[Column, ...]:
    """The columns of `row`, in the order of its fields."""
    return tuple(map(of_field, msgspec.structs.fields(row)))


def read_row(row: type[R], cells: Mapping[str, str], zone: tzinfo) -> R:
    """The row in `cells`, by the names of columns. Raises RowError."""
    return _row(row, columns(row), cells, zone)


def _row(row: type[R], known: Iterable[Column], cells: Mapping[str, str], zone: tzinfo) -> R:
    values: dict[str, Any] = {}
    problems = []
    for one in known:
        text = " ".join(cells.get(one.name, "").split())
        try:
            if text:
                values[one.name] = read(one, text, zone)
            elif one.needed:
                raise Refused(one, "harus diisi", "is needed")
        except Refused as refused:
            problems.append(refused.problem)
    if problems:
        raise RowError(problems)
    return msgspec.convert(values, row)


def cells(row: Row, zone: tzinfo) -> dict[str, str]:
    """`row` as it would be typed."""
    return {one.name: shown(getattr(row, one.name), zone) for one in columns(type(row))}


def decode(raw: bytes) -> str:
    """The text of a CSV file as spreadsheets write it: UTF-8, UTF-16 with its mark, or Windows-1252. Raises RowError."""
    for start, indonesian, english in (
        (b"PK\x03\x04", "buku kerja Excel atau LibreOffice", "a workbook of Excel or LibreOffice"),
        (b"\xd0\xcf\x11\xe0", "buku kerja Excel lama", "an old workbook of Excel"),
        (b"%PDF", "berkas PDF", "a PDF"),
    ):
        if raw.startswith(start):
            raise RowError(
                [Text(f"ini {indonesian}; simpan sebagai CSV UTF-8", f"this is {english}; save it as CSV UTF-8")]
            )
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise RowError(
        [Text("pengodean teks tidak dikenali; simpan sebagai CSV UTF-8", "unknown text encoding; save it as CSV UTF-8")]
    )


def read_csv(row: type[R], text: str, zone: tzinfo, most: int = MOST_ROWS) -> tuple[R, ...]:
    """The rows in a CSV file (comma, semicolon or tab; the first line names the columns or bears their labels).

    `most`: how many rows the register may have. Raises RowError naming every wrong line, fifty of them at the most.
    """
    known = columns(row)
    try:
        names, lines = _split(text.lstrip("\ufeff"), _names(known), most)
    except csv.Error as error:
        raise RowError([Text(f"bukan berkas CSV: {error}", f"not a CSV file: {error}")]) from error
    _check_names(known, names)
    rows, problems = [], []
    for number, line in lines:
        try:
            if any(value.strip() for value in line[len(names) :]):
                raise RowError([Text("sel lebih banyak daripada kolom", "more cells than columns")])
            typed = {
                name: value[1:] if ESCAPED.match(value) else value for name, value in zip(names, line, strict=False)
            }
            rows.append(_row(row, known, typed, zone))
        except RowError as error:
            problems += [Text(f"baris {number}: {one.id}", f"line {number}: {one.en}") for one in error.problems]
    if (more := len(problems) - MOST_PROBLEMS) > 0:
        problems[MOST_PROBLEMS:] = [Text(f"dan {more} kesalahan lain", f"and {more} more problems")]
    if not problems and (size := len(msgspec.json.encode(rows))) > MOST_BYTES:
        problems.append(
            Text(f"{size} byte; paling banyak {MOST_BYTES}", f"{size} bytes; {MOST_BYTES} at the most")
        )  # fmt: skip
    if problems:
        raise RowError(problems)
    return tuple(rows)


def _names(known: Iterable[Column]) -> dict[str, str]:
    """What the first line may call each column: its name, or its label in either language; in small letters."""
    return {called.casefold(): one.name for one in known for called in (one.label.en, one.label.id, one.name)}


def _check_names(known: Iterable[Column], names: Sequence[str]) -> None:
    allowed = {one.name: one for one in known}
    unknown = [name[:40] for name in names if name not in allowed]
    twice = sorted({name for name in names if name in allowed and names.count(name) > 1})
    lacking = [one.name for one in allowed.values() if one.needed and one.name not in names]
    if not (unknown or twice or lacking):
        return
    said = {"unknown": unknown[:10], "missing": lacking, **({"twice": twice} if twice else {})}
    words = {"unknown": "tidak dikenal", "missing": "kurang", "twice": "dua kali"}
    in_english = "; ".join(f"{word}: {', '.join(found) or '-'}" for word, found in said.items())
    in_indonesian = "; ".join(f"{words[word]}: {', '.join(found) or '-'}" for word, found in said.items())
    listed = ", ".join(allowed)
    raise RowError(
        [
            Text(
                f"kolom di baris pertama harus {listed}; {in_indonesian}",
                f"the first line must name the columns {listed}; {in_english}",
            )
        ]
    )


def _split(text: str, called: Mapping[str, str], most: int) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The columns that the first line names, and the other lines that say something, with their numbers.

    Raises csv.Error, and RowError as soon as there are more than `most` lines.
    """
    before = 0
    delimiter = None
    if match := SEPARATOR.match(text):  # Excel's own first line
        delimiter, text, before = match[1], text[match.end() :], 1
    head = re.split(r"[\r\n]", text[:10_000], maxsplit=1)[0]
    ended = (line[0] for line in LINE.finditer(text))  # one by one: a StringIO takes four bytes a character
    reader = csv.reader(ended, delimiter=delimiter or max(",;\t", key=head.count), strict=True)
    names = [" ".join(name.split()) for name in next(reader, [])]
    while names and not names[-1]:  # empty columns that a spreadsheet left
        names.pop()
    lines: list[tuple[int, list[str]]] = []
    for line in reader:
        if any(value.strip() for value in line):
            if len(lines) == most:
                raise RowError([Text(f"lebih dari {most} baris", f"more than {most} rows")])
            lines.append((before + reader.line_num, line))
    return [called.get(name.casefold(), name) for name in names], lines


def write_csv(row: type[Row], rows: Iterable[Row], zone: tzinfo) -> str:
    """`rows` as a CSV file that `read_csv` reads back. No cell can become a formula where it is opened."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    known = columns(row)
    writer.writerow([one.name for one in known])
    for one in rows:
        typed = [shown(getattr(one, named.name), zone) for named in known]
        writer.writerow([f"'{cell}" if FORMULA.match(cell) else cell for cell in typed])
    return out.getvalue()
