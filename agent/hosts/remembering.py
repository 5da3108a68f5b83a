"""A host that also answers what the agent itself remembers of it.

Laws:
- Only what the surveys of this agent read is remembered: it is the same host, read in the same way.
- Without enough memory the reading is Missing, and says how long it will take; nothing is guessed.
"""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from agent.history import History, NoHistory
from agent.hosts.base import Host
from checks.fact import Fact, Missing, Snapshot, recipes
from checks.source import History as Remembered
from checks.source import Samples, Source
from checks.text import Text

T = TypeVar("T")
DAY = 86400.0  # seconds
ROUNDING = 1e-6  # days


@dataclass(frozen=True)
class RememberingHost:
    """`host`, with the agent's `memory` of it. `clock` gives seconds since the epoch."""

    host: Host
    memory: History
    clock: Callable[[], float] = time.time

    def read(self, source: Source[T]) -> T:
        """See `agent.hosts.base.Host`."""
        if isinstance(source, Remembered):
            return cast(T, self._recall(source))
        return self.host.read(source)

    def _recall(self, source: Remembered[object]) -> tuple[Samples, ...]:
        try:
            found = self.memory.samples(source, self.clock())
        except NoHistory:
            found = ()
        except (sqlite3.Error, OSError) as error:
            raise Missing(
                Text(f"riwayat agen tidak dapat dibaca: {error}", f"the agent's history cannot be read: {error}")
            ) from error
        days = max((one.points[-1][0] - one.points[0][0] for one in found), default=0.0) / DAY
        if days + ROUNDING < source.needs:
            raise Missing(_too_short(days, source.needs))
        return found


def series(facts: Iterable[type[Fact]]) -> Mapping[type[Fact], tuple[Remembered[Fact], ...]]:
    """What is to be remembered of each fact, so that the recipes of `facts` can be followed."""
    found: dict[type[Fact], dict[str, Remembered[Fact]]] = defaultdict(dict)
    for fact in facts:
        for recipe in recipes(fact):
            for source in recipe.sources:
                if isinstance(source, Remembered):
                    found[source.fact][source.series] = source
    return {fact: tuple(sources.values()) for fact, sources in found.items()}


def remember(
    memory: History, wanted: Mapping[type[Fact], tuple[Remembered[Fact], ...]], snapshot: Snapshot, at: datetime
) -> None:
    """Keep what a survey read of the facts in `wanted`."""
    for kind, fact in snapshot.facts.items():
        for source in wanted.get(kind, ()):
            memory.remember(source, source.sample(fact), at)


def _too_short(days: float, needs: float) -> Text:
    if days <= 0:
        return Text(
            f"perlu {needs:g} hari sampel, dan belum ada satu pun; sampel dikumpulkan oleh `pantau-agent run`",
            f"needs {needs:g} days of samples, and there are none yet; `pantau-agent run` gathers them",
        )
    left = needs - days
    return Text(
        f"perlu {needs:g} hari sampel; baru {days:.1f} hari, {left:.1f} hari lagi",
        f"needs {needs:g} days of samples; there are {days:.1f} so far, {left:.1f} to go",
    )
