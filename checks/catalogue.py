"""The catalogue: every check of the product, found by walking the topic folders.

There is no registry to enter: a check or a recipe is found because it stands in a module of these folders.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType

import checks
from checks.check import Check
from checks.fact import Fact, Snapshot, name_of, vantages
from checks.target import Target
from checks.vantage import Vantage

TOPICS = ("security", "capacity", "availability", "continuity", "governance")


@dataclass(frozen=True)
class Catalogue:
    """All checks by code, in the order of their codes."""

    checks: Mapping[str, Check]

    @cached_property
    def facts(self) -> Mapping[str, type[Fact]]:
        """All facts that some check takes, by their names on the wire."""
        found = {name_of(fact): fact for check in self.checks.values() for fact in check.facts}
        return dict(sorted(found.items()))

    @cached_property
    def answerable(self) -> tuple[Check, ...]:
        """The checks a host can answer by itself."""
        return self.at(Vantage.HOST)

    def at(self, vantage: Vantage) -> tuple[Check, ...]:
        """The checks that can be answered from one vantage alone."""
        return tuple(check for check in self if vantage in check.vantages)

    @cached_property
    def surveyed(self) -> tuple[Check, ...]:
        """The checks that take some fact of a host: those it answers by itself, and those it only contributes to."""
        return tuple(check for check in self if any(Vantage.HOST in vantages(fact) for fact in check.facts))

    @cached_property
    def joined(self) -> tuple[Check, ...]:
        """The checks whose facts come from several vantages."""
        return tuple(check for check in self if not check.vantages)

    @cached_property
    def expected(self) -> Mapping[Target, tuple[Check, ...]]:
        """By target: the checks that whoever surveys it answers or contributes to. What was never told of them is unknown."""
        about = {target: tuple(check for check in self if check.target is target) for target in Target}
        return {**about, Target.SERVER: self.surveyed}

    @cached_property
    def gathered(self) -> Mapping[Target, tuple[Check, ...]]:
        """By target: the checks whose facts the collector holds until it has them all."""
        joined = {target: tuple(check for check in self.joined if check.target is target) for target in Target}
        return {**joined, Target.PROVIDER: self.expected[Target.PROVIDER]}

    @cached_property
    def taking(self) -> Mapping[type[Fact], tuple[Check, ...]]:
        """The checks that take each fact."""
        found: dict[type[Fact], list[Check]] = {}
        for check in self:
            for fact in dict.fromkeys(check.facts):
                found.setdefault(fact, []).append(check)
        return {fact: tuple(takers) for fact, takers in found.items()}

    def covered(self, snapshot: Snapshot) -> list[Check]:
        """The checks all of whose facts `snapshot` covers, in the order of their codes. A check without facts is not among them."""
        candidates = {
            check.code: check
            for facts in (snapshot.facts, snapshot.missing, snapshot.absent)
            for fact in facts
            for check in self.taking.get(fact, ())
        }
        return [check for _, check in sorted(candidates.items()) if all(snapshot.covers(fact) for fact in check.facts)]

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks.values())


def catalogue() -> Catalogue:
    """Import every topic module and collect its checks. Raises ValueError where two checks share a code."""
    found: dict[str, Check] = {}
    for topic in TOPICS:
        for module in _modules(importlib.import_module(f"{checks.__name__}.{topic}")):
            for check in _checks_of(module):
                if found.setdefault(check.code, check) is not check:
                    raise ValueError(f"two checks are called {check.code}; one of them is in {module.__name__}")
    return Catalogue(dict(sorted(found.items())))


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{info.name}")


def _checks_of(module: ModuleType) -> Iterator[Check]:
    for value in vars(module).values():
        if isinstance(value, Check):
            yield value
        elif isinstance(value, tuple):  # a family: rows that differ only by a value
            yield from (item for item in value if isinstance(item, Check))
