"""What changed between two versions of a register, row by row. Pure.

Laws:
- Rows that are the same in both are no difference, wherever they stand.
- A row that bears the same name (its first column) in both, with other cells different, has changed; else one is gone, one new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

Line = dict[str, str]


@dataclass(frozen=True)
class Changed:
    """One cell of a row: what stood there, and what does now."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Altered:
    """One row with cells that differ. `name` is its first column."""

    name: str
    cells: tuple[Changed, ...]


@dataclass(frozen=True)
class Difference:
    """Rows that are new, gone, and changed."""

    added: tuple[Line, ...]
    removed: tuple[Line, ...]
    changed: tuple[Altered, ...]

    @property
    def any(self) -> bool:
        """Is there one?"""
        return bool(self.added or self.removed or self.changed)


def difference(before: Sequence[Line], after: Sequence[Line], names: Sequence[str]) -> Difference:
    """What changed from `before` to `after`, in columns called `names`, of which the first names a row."""
    gone, new = _without(before, after), _without(after, before)
    by_name: dict[str, list[Line]] = defaultdict(list)
    for line in gone:
        by_name[line.get(names[0], "")].append(line)
    added, changed = [], []
    for line in new:
        same = by_name[line.get(names[0], "")]
        if not same:
            added.append(line)
            continue
        old = min(same, key=lambda one: len(_cells(one, line, names)))
        same.remove(old)
        changed.append(Altered(line.get(names[0], ""), _cells(old, line, names)))
    left = {id(line) for lines in by_name.values() for line in lines}
    return Difference(tuple(added), tuple(line for line in gone if id(line) in left), tuple(changed))


def _without(lines: Sequence[Line], others: Sequence[Line]) -> list[Line]:
    """Those of `lines` that are not among `others`, each as often as it is there more."""
    there = Counter(map(_key, others))
    found = []
    for line in lines:
        key = _key(line)
        if there[key]:
            there[key] -= 1
        else:
            found.append(line)
    return found


def _key(line: Line) -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in line.items() if value)


def _cells(before: Line, after: Line, names: Sequence[str]) -> tuple[Changed, ...]:
    return tuple(
        Changed(name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys((*names, *before, *after))
        if before.get(name, "") != after.get(name, "")
    )
