"""What an audit costs on the audited machine, fact by fact.

Laws:
- Facts are read one at a time, so that what the process spends meanwhile is spent for one fact. `check` reads several at a
  time, and takes less wall time than the sum.
- What several facts need (a source, or another fact) is paid by the first of them: each source is read once.
- The figures are the kernel's: CPU of this process and of the commands it ran, bytes of all their read(2) calls.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.audit import Audit, judged, readable
from agent.hosts.base import Host
from agent.survey import Survey
from checks.check import Check
from checks.fact import After, Fact, recipes
from checks.policy import Rulebook

ACCOUNT = Path("/proc/self/io")


@dataclass(frozen=True)
class Cost:
    """Wall seconds; CPU seconds (user and system) of this process, and of the commands it ran; bytes that both read, None
    where the kernel does not count them.
    """

    wall: float
    cpu: float
    read: int | None
    commands: float = 0.0

    def __sub__(self, before: Cost) -> Cost:
        read = None if self.read is None or before.read is None else self.read - before.read
        return Cost(self.wall - before.wall, self.cpu - before.cpu, read, self.commands - before.commands)


@dataclass(frozen=True)
class Price:
    """What reading one fact cost, and how many of the chosen checks take it."""

    fact: type[Fact]
    cost: Cost
    checks: int


@dataclass(frozen=True)
class Prices:
    """Of each fact, and of what came before (the start of the program) and after (judging). `wall` of `start` is unknown: 0."""

    start: Cost
    facts: tuple[Price, ...]
    judging: Cost


def spent() -> Cost:
    """What this process and its ended children have spent since its start; wall time since an arbitrary moment."""
    own, commands = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Cost(time.monotonic(), own.ru_utime + own.ru_stime, _read(), commands.ru_utime + commands.ru_stime)


def priced(
    host: Host,
    rulebook: Rulebook,
    checks: Collection[Check],
    *,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Audit, Prices]:
    """`agent.audit.audit`, one fact after another, and what each cost."""
    survey = Survey(host)
    began = spent()
    wanted = list(_in_order(readable(checks)))
    found: list[Price] = []
    for number, fact in enumerate(wanted):
        progress(number, len(wanted))
        before = spent()
        survey.outcome(fact)
        found.append(Price(fact, spent() - before, sum(fact in check.facts for check in checks)))
    progress(len(wanted), len(wanted))
    before = spent()
    taken = judged(survey.take(wanted), rulebook, checks, now())
    return taken, Prices(Cost(0.0, began.cpu, began.read, began.commands), tuple(found), spent() - before)


def _in_order(facts: Iterable[type[Fact]]) -> Iterator[type[Fact]]:
    """`facts`, each after those it needs."""
    wanted = sorted(set(facts), key=lambda fact: fact.__name__)
    done: set[type[Fact]] = set()

    def visit(fact: type[Fact]) -> Iterator[type[Fact]]:
        if fact in done:
            return
        done.add(fact)
        for recipe in recipes(fact):
            needed = [recipe.given] if recipe.given else []
            needed += [source.fact for source in recipe.sources if isinstance(source, After)]
            for one in needed:
                if one in wanted:
                    yield from visit(one)
        yield fact

    for fact in wanted:
        yield from visit(fact)


def _read() -> int | None:
    try:
        for line in ACCOUNT.read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name == "rchar":
                return int(value)
    except (OSError, ValueError):
        pass
    return None
