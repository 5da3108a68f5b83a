"""Columns of registers: what may be typed in one cell, and how a value is shown there. Pure.

Laws:
- A cell is understood in one way or refused with an example; nothing is guessed between two readings of a date or a number.
- What is shown, typed again, gives the same value.
- Nothing is kept that a database, a terminal or an eye could be misled by: no control characters, no reordering of text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin

import msgspec

from checks.text import Text

MOST_CELL = 300  # characters
MOMENT = "%Y-%m-%d %H:%M"
YEARS = range(1900, 2201)

ISO_DAY = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})", re.ASCII)
OUR_DAY = re.compile(r"(?P<day>\d{1,2})(?P<between>[-/.])(?P<month>\d{1,2})(?P=between)(?P<year>\d{4})", re.ASCII)
CLOCK = re.compile(r"(?P<hour>\d{1,2})(?P<colon>[:.])(?P<minute>\d{2})(?:(?P=colon)(?P<second>\d{2}))?", re.ASCII)
ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", re.ASCII)
NUMBER = re.compile(r"[+-]?\d{1,15}", re.ASCII)
DECIMAL = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,2})?", re.ASCII)  # three digits could be thousands
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


class Choice(StrEnum):
    """One of a few things, each with its label in both languages.

    class Category(Choice):
        BOUGHT = "bought", "Lisensi beli", "Bought licence"
    """

    label: Text

    def __new__(cls, value: str, indonesian: str, english: str) -> Choice:
        made = str.__new__(cls, value)
        made._value_ = value
        made.label = Text(indonesian, english)
        return made


@dataclass(frozen=True)
class Column:
    """One column: its name in CSV, its label, and what is typed there (text, moment, date, number, decimal or choice).

    `needed`: not empty. `choices`: for a choice, what may stand there and its label, in order. `least` and `most`: bounds of
    a number, None where there is none.
    """

    name: str
    label: Text
    kind: str
    needed: bool
    choices: tuple[tuple[str, Text], ...] = ()
    least: int | None = None
    most: int | None = None


KINDS: Mapping[type, str] = {
    str: "text", datetime: "moment", date: "date", int: "number", float: "decimal",
}  # fmt: skip
EXAMPLES = {
    "moment": "2026-11-23 08:00", "date": "2026-11-23", "number": "7", "decimal": "99.5",
}  # fmt: skip
ALSO = {"moment": "23/11/2026 08:00", "date": "23/11/2026", "number": "7", "decimal": "99,5"}


def column(indonesian: str, english: str, *, least: int | None = None, most: int | None = None) -> msgspec.Meta:
    """The label of a column; `least` and `most` are what a number in it may be."""
    return msgspec.Meta(extra={"label": Text(indonesian, english), "least": least, "most": most})


def of_field(one: msgspec.structs.FieldInfo) -> Column:
    """The column that a field of a row is."""
    kind, meta = one.type.__origin__, one.type.__metadata__[0]
    if get_origin(kind) is UnionType:
        kind = next(part for part in get_args(kind) if part is not type(None))
    extra = meta.extra
    choices: tuple[tuple[str, Text], ...] = ()
    if issubclass(kind, Choice):
        choices = tuple((choice.value, choice.label) for choice in kind)
    word = "choice" if choices else KINDS[kind]
    return Column(one.encode_name, extra["label"], word, one.required, choices, extra["least"], extra["most"])


def shown(value: Any, zone: tzinfo) -> str:
    """`value` as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return local.strftime(MOMENT + (":%S" if local.second else ""))
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return value.value if isinstance(value, Choice) else str(value)


def read(one: Column, text: str, zone: tzinfo) -> object:
    """What was typed in a cell of `one`, blanks tidied and not empty. Raises Refused."""
    if len(text) > MOST_CELL:
        raise Refused(one, f"lebih dari {MOST_CELL} karakter", f"has more than {MOST_CELL} characters")
    if hidden := UNSEEN.search(text):
        code = f"U+{ord(hidden[0]):04X}"
        raise Refused(
            one, f"berisi karakter yang tidak terlihat ({code})", f"has a character that is not seen ({code})"
        )
    if one.kind == "choice":
        return _choice(one, text)
    try:
        value = _value(one.kind, text, zone)
    except (ValueError, OverflowError):
        like, or_like = EXAMPLES[one.kind], ALSO[one.kind]
        also = Text(f" atau {or_like}", f" or {or_like}") if or_like != like else Text("", "")
        raise Refused(
            one, f"{text!r} tidak dimengerti; tulis seperti {like}{also.id}", f"{text!r} is not like {like}{also.en}"
        ) from None
    if isinstance(value, (int, float)):
        _bounded(one, value)
    return value


class Refused(ValueError):
    """What stands in a cell cannot be taken, with the label of its column."""

    def __init__(self, one: Column, indonesian: str, english: str) -> None:
        self.problem = Text(f"{one.label.id}: {indonesian}", f"{one.label.en}: {english}")
        super().__init__(self.problem.en)


def _choice(one: Column, text: str) -> str:
    """By its value, or by its label in either language."""
    typed = text.casefold()
    for value, label in one.choices:
        if typed in {value.casefold(), label.id.casefold(), label.en.casefold()}:
            return value
    allowed = ", ".join(value for value, _ in one.choices)
    raise Refused(one, f"{text!r} bukan salah satu dari {allowed}", f"{text!r} is none of {allowed}")


def _bounded(one: Column, value: float) -> None:
    if one.least is not None and value < one.least:
        raise Refused(one, f"paling sedikit {one.least}", f"must be {one.least} at the least")
    if one.most is not None and value > one.most:
        raise Refused(one, f"paling banyak {one.most}", f"must be {one.most} at the most")


def _value(kind: str, text: str, zone: tzinfo) -> object:
    match kind:
        case "moment":
            return _moment(text, zone)
        case "date":
            return _day(text)
        case "number" if NUMBER.fullmatch(text):
            return int(text)
        case "decimal" if DECIMAL.fullmatch(text):
            return float(text.replace(",", "."))
        case "text":
            return text
    raise ValueError(text)


def _day(text: str) -> date:
    match = ISO_DAY.fullmatch(text) or OUR_DAY.fullmatch(text)
    if match is None or int(match["year"]) not in YEARS:
        raise ValueError(text)
    return date(int(match["year"]), int(match["month"]), int(match["day"]))


def _moment(text: str, zone: tzinfo) -> datetime:
    """ISO 8601, or a day and a clock as Indonesian spreadsheets write them (23/11/2026 20.00)."""
    day, _, clock = text.partition(" ")
    if match := CLOCK.fullmatch(clock):
        on = _day(day)
        return datetime(
            on.year, on.month, on.day, int(match["hour"]), int(match["minute"]), int(match["second"] or 0), tzinfo=zone
        )
    if not clock and (OUR_DAY.fullmatch(text) or ISO_DAY.fullmatch(text)):
        on = _day(text)
        return datetime(on.year, on.month, on.day, tzinfo=zone)
    moment = datetime.fromisoformat(text).replace(microsecond=0)
    if not ISO_MOMENT.match(text) or moment.year not in YEARS:
        raise ValueError(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
