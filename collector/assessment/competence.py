"""The dictionary and the standards of competence (152/2022, 2.1.c) as data, and what a person lacks. Pure but for the data files.

They stand in `competences/<version>.toml`, one file a version.

Laws:
- A version that was released never changes; a change is a new file with a later date.
- A level that was never assessed is a gap: unknown is not met.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import msgspec

from checks.standard import LETTERS
from checks.text import Text


class Competence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the dictionary. `standards`: the letters it serves."""

    code: str
    title: Text
    standards: str


class Position(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A standard of competence: the level (from 1) that a position needs of each competence."""

    code: str
    title: Text
    needs: dict[str, int]


class Dictionary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version, from the day `effective`. `levels`: what each level means, from 1. `note`: whose choice it is."""

    version: str
    effective: date
    note: Text
    levels: tuple[Text, ...]
    competences: tuple[Competence, ...]
    positions: tuple[Position, ...]

    def position(self, code: str) -> Position | None:
        """The position called `code`."""
        return next((one for one in self.positions if one.code == code), None)

    def competence(self, code: str) -> Competence | None:
        """The competence called `code`."""
        return next((one for one in self.competences if one.code == code), None)


@dataclass(frozen=True)
class Gap:
    """A competence of which a person has less than the position needs. `present` None: never assessed."""

    competence: Competence
    needed: int
    present: int | None


@cache
def dictionaries() -> tuple[Dictionary, ...]:
    """All versions, the earliest first. Raises ValueError naming the file that is wrong."""
    found = []
    for entry in (resources.files("collector") / "assessment" / "competences").iterdir():
        if entry.name.endswith(".toml"):
            try:
                made = msgspec.toml.decode(entry.read_bytes(), type=Dictionary)
                _whole(made)
            except (ValueError, msgspec.DecodeError) as error:
                raise ValueError(f"competences/{entry.name}: {error}") from error
            found.append(made)
    return tuple(sorted(found, key=lambda one: one.effective))


def in_force(day: date) -> Dictionary:
    """The version that holds on `day`; the first one before there was any."""
    known = dictionaries()
    return next((one for one in reversed(known) if one.effective <= day), known[0])


def gaps(dictionary: Dictionary, position: str, levels: Mapping[str, int]) -> tuple[Gap, ...]:
    """What a person in `position` lacks, given the latest `levels` by competence. Of an unknown position: nothing is known."""
    held = dictionary.position(position)
    if held is None:
        return ()
    return tuple(
        Gap(one, held.needs[one.code], levels.get(one.code))
        for one in dictionary.competences
        if one.code in held.needs and levels.get(one.code, 0) < held.needs[one.code]
    )


def _whole(made: Dictionary) -> None:
    codes = [one.code for one in made.competences]
    names = [one.code for one in made.positions]
    if len(set(codes)) < len(codes) or len(set(names)) < len(names):
        raise ValueError("a code stands twice")
    for competence in made.competences:
        if not competence.standards or not set(competence.standards) <= set(LETTERS):
            raise ValueError(f"{competence.code}: standards must be letters a to q")
    for position in made.positions:
        for code, level in position.needs.items():
            if code not in codes or not 1 <= level <= len(made.levels):
                raise ValueError(f"{position.code}: {code} = {level}")
