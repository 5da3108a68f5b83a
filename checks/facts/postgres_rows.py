"""Queries to PostgreSQL and their rows: what the `postgres_*` facts have in common. Holds no fact of its own.

Laws:
- Every query runs read-only, time-limited, and with nothing but the system catalogue in its search path: the agent may
  ask as superuser, and a function that the application's role left in `public` must never be called by that superuser.
- Rows have exactly the columns that were asked for, with the types that were asked for, or the fact is Missing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import TypeVar

import msgspec

from checks.fact import Missing
from checks.source import Sql
from checks.text import Text

R = TypeVar("R", bound=msgspec.Struct)

OURSELVES = "pantau-agent"  # so that the administrator sees in pg_stat_activity who asks
GUARD = (
    "SET search_path = pg_catalog; SET statement_timeout = 8000; SET transaction_read_only = on; "
    f"SET application_name = '{OURSELVES}'; "
)


def query(text: str, database: str = "postgres") -> Sql:
    """`text` as a source, guarded as the laws say."""
    return Sql(GUARD + " ".join(text.split()), database=database)


def rows(printed: str, row: type[R]) -> tuple[R, ...]:
    """The rows of a CSV with a header line. The columns are the fields of `row`, in order; empty stands for NULL."""
    fields = msgspec.structs.fields(row)
    try:
        header, *lines = list(csv.reader(io.StringIO(printed), strict=True))
    except (ValueError, csv.Error):
        raise Missing(Text("psql tidak mencetak tabel", "psql printed no table")) from None
    if tuple(header) != tuple(field.encode_name for field in fields):
        raise Missing(
            Text(
                f"psql mencetak kolom lain dari yang diminta: {', '.join(header)[:100]}",
                f"psql printed other columns than were asked for: {', '.join(header)[:100]}",
            )
        )
    found = []
    for cells in lines:
        if len(cells) != len(fields):
            raise Missing(
                Text(
                    "psql mencetak baris yang jumlah kolomnya berbeda dari judulnya",
                    "psql printed a row with another number of columns than its header",
                )
            )
        named = {
            field.name: cell if cell or field.type is str else None for field, cell in zip(fields, cells, strict=True)
        }
        try:
            found.append(msgspec.convert(named, row, strict=False))
        except msgspec.ValidationError as error:
            raise Missing(
                Text(
                    f"psql mencetak nilai yang tidak masuk akal: {error}",
                    f"psql printed a value that makes no sense: {error}",
                )
            ) from None
    return tuple(found)


def one(printed: str, row: type[R]) -> R:
    """The only row. Raises Missing where there is none, or more than one."""
    found = rows(printed, row)
    if len(found) != 1:
        raise Missing(
            Text(
                f"psql mencetak {len(found)} baris, padahal diminta satu",
                f"psql printed {len(found)} rows where one was asked for",
            )
        )
    return found[0]


def distinct(parts: tuple[R, ...], key: Callable[[R], str]) -> tuple[R, ...]:
    """`parts` without those whose key was seen before."""
    return tuple({key(part): part for part in reversed(parts)}.values())[::-1]
