"""The registers that are kept about one target, by standard: what each is for, and how it stands.

Laws:
- Every register that some check of this release takes is listed, also those that nobody has entered yet.
- A register stands under the standard of its checks; where they stand under several, under the first.
- Counting rows reads no rows: the database does it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Func, IntegerField, Max

from checks.fact import name_of
from checks.register import Registered
from checks.standard import LETTERS, Standard
from checks.target import Target as TargetKind
from checks.text import Text
from collector.console.reference import About, about, catalogue, standards
from collector.registry.models import RegisterEntry, Target


class RowCount(Func):
    """How many rows a version has."""

    output_field = IntegerField()
    template = "JSON_ARRAY_LENGTH(%(expressions)s, '$.rows')"

    def as_postgresql(self, compiler: object, connection: object, **context: object) -> object:
        """The same there."""
        template = "JSONB_ARRAY_LENGTH((%(expressions)s) -> 'rows')"
        return self.as_sql(compiler, connection, template=template, **context)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Kept:
    """One register of one target. `held` is the version that holds, without its rows; None where nobody entered one.

    `rows` and `versions` are counts.
    """

    name: str
    title: Text
    checks: tuple[About, ...]
    held: RegisterEntry | None
    rows: int
    versions: int


@dataclass(frozen=True)
class Shelf:
    """The registers of one standard. `standard` is None where their checks stand under none."""

    standard: Standard | None
    registers: tuple[Kept, ...]


def registers(about: TargetKind | None = None) -> dict[str, type[Registered]]:
    """Every register that some check takes, by name; with `about`, only those about such targets."""
    facts = {fact for fact in catalogue().taking if issubclass(fact, Registered)}
    return dict(sorted((name_of(fact), fact) for fact in facts if about is None or fact.about is about))


def takers(kind: type[Registered]) -> tuple[About, ...]:
    """The checks that take a register."""
    return tuple(about(check) for check in catalogue().taking[kind])


def kept(target: Target) -> list[Shelf]:
    """All registers about targets of this kind, as they stand for `target`."""
    found = registers(TargetKind(target.kind))
    entries = RegisterEntry.objects.filter(target=target, register__in=list(found)).order_by()
    newest = {name: (pk, n) for name, pk, n in entries.values_list("register").annotate(last=Max("pk"), n=Count("pk"))}
    rows = RegisterEntry.objects.filter(pk__in=[pk for pk, _ in newest.values()]).defer("content")
    held = {row.register: row for row in rows.annotate(count=RowCount(F("content"))).select_related("entered_by")}
    shelves: dict[str, list[Kept]] = defaultdict(list)
    for name, kind in found.items():
        entry = held.get(name)
        count = getattr(entry, "count", 0) or 0
        versions = newest[name][1] if name in newest else 0
        shelves[letter_of(kind)].append(Kept(name, kind.title, takers(kind), entry, count, versions))
    return [Shelf(standards().get(letter), tuple(shelves[letter])) for letter in (*LETTERS, "") if letter in shelves]


def waiting(shelves: Iterable[Shelf]) -> int:
    """How many of these registers nobody has entered."""
    return sum(one.held is None for shelf in shelves for one in shelf.registers)


def letter_of(kind: type[Registered]) -> str:
    """The standard that a register is kept for; empty where there is none."""
    codes = {check.code for check in catalogue().taking[kind]}
    return next((letter for letter in LETTERS if letter in standards() and codes & standards()[letter].checks), "")
