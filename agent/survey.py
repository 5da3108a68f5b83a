"""Read facts from a host: the only place where recipes meet a host.

Laws:
- Recipes are tried best first; the first that gives a fact wins.
- Absent only if every recipe says so; if one could not be read the fact is missing, with all the reasons.
- One fact that fails, hangs or raises never stops the others.
- Within one survey each source is read once, whichever facts need it: they all speak of the same moment.
- A program that ran out of its time once gets little time for the rest of the survey: a broken tool costs its time once, not
  with every fact that asks it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Generic, TypeVar

from agent.hosts.base import Host
from checks.fact import Absent, After, Fact, Missing, Recipe, Snapshot, Unread, recipes
from checks.source import Command, Source, Sql
from checks.text import Words, joined

K = TypeVar("K")
V = TypeVar("V")

THREADS = 4  # most facts wait for a child process or for a disk
LITTLE = 2.0  # seconds


@dataclass(frozen=True)
class Outcome:
    """What came of reading one fact: exactly one of the three is set. `seconds` is wall time."""

    fact: Fact | None = None
    missing: Words | None = None
    absent: Words | None = None
    seconds: float = 0.0


@dataclass
class Once(Generic[K, V]):
    """Makes the value of each key once; who asks meanwhile waits for it."""

    _made: dict[K, V] = field(default_factory=dict)
    _locks: dict[K, Lock] = field(default_factory=dict)
    _guard: Lock = field(default_factory=Lock)

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of `key`, made by `make` if nobody asked before."""
        with self._guard:
            lock = self._locks.setdefault(key, Lock())
        with lock:
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]


@dataclass
class Survey:
    """One survey of one host: reads each fact once, whoever asks for it. `progress(done, total)` follows along.

    `threads`: how many facts are read at a time.
    """

    host: Host
    progress: Callable[[int, int], None] = lambda done, total: None
    threads: int = THREADS
    _outcomes: Once[type[Fact], Outcome] = field(default_factory=Once)
    _readings: Once[Source[object], object] = field(default_factory=Once)
    _late: set[str] = field(default_factory=set)  # programs that ran out of their time

    def take(self, facts: Iterable[type[Fact]]) -> Snapshot:
        """Read `facts`, several at a time; those with heavy sources first, because the others fit in beside them."""
        wanted = sorted(set(facts), key=lambda fact: (not _heavy(fact), fact.__name__))
        done = 0
        self.progress(0, len(wanted))
        with ThreadPoolExecutor(self.threads, thread_name_prefix="survey") as pool:
            for _ in pool.map(self.outcome, wanted):
                done += 1
                self.progress(done, len(wanted))
        seen = {fact: self.outcome(fact) for fact in wanted}
        return Snapshot(
            {kind: one.fact for kind, one in seen.items() if one.fact is not None},
            {kind: one.missing for kind, one in seen.items() if one.missing is not None},
            {kind: one.absent for kind, one in seen.items() if one.absent is not None},
        )

    def outcome(self, kind: type[Fact]) -> Outcome:
        """What came of reading `kind`; read at the first call."""
        return self._outcomes.get(kind, lambda: self._timed(kind))

    def _timed(self, kind: type[Fact]) -> Outcome:
        start = time.monotonic()
        fact, missing, absent = self._try(kind)
        return Outcome(fact, missing, absent, time.monotonic() - start)

    def _try(self, kind: type[Fact]) -> tuple[Fact | None, Words | None, Words | None]:
        missing: list[Words] = []
        absent: list[Words] = []
        for recipe in recipes(kind):
            try:
                return self._follow(recipe), None, None
            except Absent as error:
                absent.append(error.reason)
            except Missing as error:
                missing.append(error.reason)
            except Exception as error:  # noqa: BLE001 - law: a parser that breaks costs its own fact, no other
                missing.append(f"{recipe.parse.__module__}.{recipe.parse.__name__}: {type(error).__name__}: {error}")
        if missing:
            return None, joined(missing), None
        if absent:
            return None, None, joined(absent)
        return None, f"nothing says how to read {kind.__name__}", None

    def _follow(self, recipe: Recipe[Fact]) -> Fact:
        if recipe.given is not None:
            given = self.outcome(recipe.given)
            if given.absent is not None:
                raise Absent(given.absent)
        return recipe.parse(*[self._reading(recipe, self._resolve(source)) for source in recipe.sources])

    def _reading(self, recipe: Recipe[Fact], source: Source[object]) -> object:
        try:
            return self._read(source)
        except Absent as error:
            raise Absent(recipe.absent or error.reason) from error

    def _read(self, source: Source[object]) -> object:
        reading = self._readings.get(source, lambda: self._attempt(source))
        if isinstance(reading, Unread):
            raise type(reading)(reading.reason)
        return reading

    def _attempt(self, source: Source[object]) -> object:
        program = _program(source)
        if program in self._late:
            source = replace(source, timeout=min(source.timeout, LITTLE))
        start = time.monotonic()
        try:
            return self.host.read(source)
        except Unread as error:
            if program and time.monotonic() - start >= source.timeout:
                self._late.add(program)
            return type(error)(error.reason)  # kept without its traceback, for the next who asks

    def _resolve(self, source: Source[object]) -> Source[object]:
        if not isinstance(source, After):
            return source
        before = self.outcome(source.fact)
        if before.fact is None:
            if before.absent is not None:
                raise Absent(before.absent)
            raise Missing(before.missing or "not read")
        return source.make(before.fact)


def _program(source: Source[object]) -> str:
    """What is run for `source`; empty where nothing is."""
    if isinstance(source, Command):
        return source.argv[0]
    return "psql" if isinstance(source, Sql) else ""


def _heavy(fact: type[Fact]) -> bool:
    return any(isinstance(s, Command) and s.heavy for recipe in recipes(fact) for s in recipe.sources)
