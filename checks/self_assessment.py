"""The items of self-assessment as data: what is asked, what would show it, which checks could contradict the answer. Pure.

The items stand in `items/<version>.toml`, one file a version; `ITEMS` and `LINKED` are what checks need of the newest.

Laws:
- A version that was released never changes: what was judged by it stays as it was. A change is a new file with a later date.
- An item is linked to a check only where the check failing means that what the item asks for is not, or not wholly, applied.
  That the check passes does not prove the answer: documents are read by people.
- Links to what comes and goes within hours (load, space, outages) are left out: an answer holds for a year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Generic, TypeVar

import msgspec

from checks.standard import LETTERS
from checks.text import Text

V = TypeVar("V")


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question ("k.2"): the evidence that would show it, where it was seen, the codes of checks that could contradict it."""

    id: str
    question: Text
    evidence: Text
    source: str
    checks: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        """The standard it stands under."""
        return self.id[0]


class Questionnaire(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All items of one version, and the day from which it holds. `note`: whose choice it is."""

    version: str
    effective: date
    note: Text
    items: tuple[Item, ...]

    def of(self, letter: str) -> tuple[Item, ...]:
        """The items of one standard, in order."""
        return tuple(item for item in self.items if item.letter == letter)


@cache
def questionnaires() -> tuple[Questionnaire, ...]:
    """All versions, the earliest first. Raises ValueError naming the file that is wrong."""
    found = []
    for entry in (resources.files("checks") / "items").iterdir():
        if entry.name.endswith(".toml"):
            try:
                made = msgspec.toml.decode(entry.read_bytes(), type=Questionnaire)
                _numbered(made)
            except (ValueError, msgspec.DecodeError) as error:
                raise ValueError(f"items/{entry.name}: {error}") from error
            found.append(made)
    found.sort(key=lambda one: (one.effective, one.version))
    if len({one.version for one in found}) < len(found) or len({one.effective for one in found}) < len(found):
        raise ValueError("items/: two versions bear one name, or hold from one day")
    return tuple(found)


def in_force(day: date) -> Questionnaire:
    """The version that holds on `day`; the first one before there was any."""
    known = questionnaires()
    return next((one for one in reversed(known) if one.effective <= day), known[0])


def version(name: str) -> Questionnaire:
    """The version called `name`. Raises KeyError."""
    return {one.version: one for one in questionnaires()}[name]


def _numbered(made: Questionnaire) -> None:
    """Law: every standard has items, numbered from 1, in order."""
    expected = []
    for letter in LETTERS:
        if not made.of(letter):
            raise ValueError(f"standard {letter} has no items")
        expected += [f"{letter}.{number}" for number in range(1, len(made.of(letter)) + 1)]
    for item, wanted in zip(made.items, expected, strict=True):
        if item.id != wanted:
            raise ValueError(f"item {item.id!r} stands where {wanted!r} should")


class _Derived(Mapping[str, V], Generic[V]):
    """A mapping that is made when it is first looked at: nothing is read while a module is imported."""

    def __init__(self, make: Callable[[], dict[str, V]]) -> None:
        self._make = cache(make)

    def __getitem__(self, key: str) -> V:
        return self._make()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._make())

    def __len__(self) -> int:
        return len(self._make())


ITEMS: Mapping[str, int] = _Derived(lambda: {letter: len(questionnaires()[-1].of(letter)) for letter in LETTERS})
"""Items to be answered, by the standard's letter; they are numbered from 1. Tested against `standards/*.toml`."""

LINKED: Mapping[str, tuple[str, ...]] = _Derived(
    lambda: {item.id: item.checks for item in questionnaires()[-1].items if item.checks}
)
"""Item of the self-assessment -> the checks that contradict the answer "applied" when they fail."""
