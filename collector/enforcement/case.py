"""What the ladder judges: a case of one provider, its items, and the acts taken in it. Pure values.

An item is a non-conformity with one standard that an officer confirmed. What an act is about are items; its standards follow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from checks.calendar import WIB
from collector.enforcement.deadline import end_of
from collector.enforcement.rules import Rules
from collector.enforcement.rungs import Form, Rung
from collector.enforcement.unlawful import Unlawful


class Stage(StrEnum):
    """Where an act stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ISSUED = "issued"
    RECEIVED = "received"
    REJECTED = "rejected"  # by an approver
    RETRACTED = "retracted"  # by its proposer
    WITHDRAWN = "withdrawn"  # after it was issued


PENDING = frozenset({Stage.PROPOSED, Stage.APPROVED})
IN_FORCE = frozenset({Stage.ISSUED, Stage.RECEIVED})


@dataclass(frozen=True)
class Item:
    """One non-conformity. `machine`: its basis is machine evidence; `found`: machines find it still (True for a person's).

    `told_at`: since when the provider sees it; `answered`: it has said something to it; `settled`: a person closed it.
    """

    id: int
    standard: str
    told_at: datetime
    machine: bool = True
    found: bool = True
    answered: bool = False
    settled: bool = False


@dataclass(frozen=True)
class Pause:
    """A time in which an objection was open. `stops`: by the rules the time for improvement stood still meanwhile."""

    since: datetime
    until: datetime | None
    stops: bool


@dataclass(frozen=True)
class Action:
    """One act of the ladder. `rules`: those in force when it was proposed, which hold for its whole life."""

    id: int
    rung: Rung
    items: frozenset[int]
    proposed_by: int
    rules: Rules
    stage: Stage = Stage.PROPOSED
    approved_by: frozenset[int] = frozenset()
    sla_clause: str = ""
    form: Form | None = None
    letter: str = ""
    issued_at: datetime | None = None
    received_on: date | None = None
    window_ends: datetime | None = None
    improve_by: datetime | None = None
    more_days: int = 0  # that objections added
    pauses: tuple[Pause, ...] = ()
    withdrawal_asked_by: int | None = None

    @property
    def in_force(self) -> bool:
        """Was it issued, and not withdrawn?"""
        return self.stage in IN_FORCE

    @property
    def pending(self) -> bool:
        """Is it proposed or approved, and not issued yet?"""
        return self.stage in PENDING

    @property
    def objected(self) -> bool:
        """Is an objection to it open?"""
        return any(pause.until is None for pause in self.pauses)

    def improve_until(self) -> datetime | None:
        """When the time for improvement ends: the time that an objection stopped is added, to the end of that day.

        None: it does not run, or stands still.
        """
        due = self.improve_by
        if due is None or self.received_on is None or self.stage is not Stage.RECEIVED:
            return None
        if any(pause.stops and pause.until is None for pause in self.pauses):
            return None
        began, stopped = end_of(self.received_on), timedelta()
        for pause in self.pauses:
            since, until = max(pause.since, began), pause.until
            if pause.stops and until is not None and since < until and not passed(due + stopped, since):
                stopped += until - since
        return end_of((due + stopped).astimezone(WIB).date()) if stopped else due

    def ran_out(self, now: datetime) -> bool:
        """Is the time for improvement over, and the window for objecting too?"""
        due = self.improve_until()
        return due is not None and passed(due, now) and self.window_ends is not None and passed(self.window_ends, now)


@dataclass(frozen=True)
class Case:
    """Everything the laws of the ladder ask about. A reopened case is a new one."""

    items: tuple[Item, ...] = ()
    actions: tuple[Action, ...] = ()
    closed: bool = False

    @property
    def improved(self) -> bool:
        """Did a person close or dismiss every item?"""
        return all(item.settled for item in self.items)

    def item(self, key: int) -> Item:
        """The item with this key. Raises Unlawful."""
        for one in self.items:
            if one.id == key:
                return one
        raise Unlawful(
            "Ketidaksesuaian itu bukan bagian dari kasus ini.", "That non-conformity is not part of this case."
        )

    def action(self, key: int) -> Action:
        """The act with this key. Raises Unlawful."""
        for one in self.actions:
            if one.id == key:
                return one
        raise Unlawful("Tindakan itu bukan bagian dari kasus ini.", "That act is not part of this case.")

    def standards(self, items: Iterable[int]) -> frozenset[str]:
        """The standards of `items`."""
        return frozenset(self.item(key).standard for key in items)

    def with_action(self, action: Action) -> Case:
        """The case with `action` in the place of the one with its key, or added."""
        rest = [one if one.id != action.id else action for one in self.actions]
        return replace(self, actions=tuple(rest if any(one.id == action.id for one in rest) else [*rest, action]))

    def with_item(self, item: Item) -> Case:
        """The case with `item` in the place of the one with its key, or added."""
        rest = [one if one.id != item.id else item for one in self.items]
        return replace(self, items=tuple(rest if any(one.id == item.id for one in rest) else [*rest, item]))


def passed(due: datetime, now: datetime) -> bool:
    """Is the last second of `due` over?"""
    return now >= due + timedelta(seconds=1)
