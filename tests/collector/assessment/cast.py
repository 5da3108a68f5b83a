"""The people of a determination, and how they get there."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from checks.calendar import today
from collector.accounts.models import Account, Role
from collector.assessment.acts import begin, determination, factual, self_assessment
from collector.assessment.acts.step import Sent
from collector.assessment.models import Certificate, ProviderStandard, Recommendation, Transition
from collector.registry.models import Provider
from tests.collector.world import World

ITEMS = {"a": 5, "k": 3, "m": 4}


@dataclass
class Cast:
    """`admin` and `head` are the LPSE's; `assessor`, `second` and `approver` are LKPP's."""

    world: World
    lpse: Provider
    admin: Account
    head: Account
    assessor: Account
    second: Account
    approver: Account
    clock: count[int] = field(default_factory=itertools.count)

    @classmethod
    def of(cls, world: World, name: str = "LPSE Kota Contoh") -> Cast:
        lpse = world.provider(name)
        people = [world.account(role, lpse) for role in (Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD)]
        theirs = [world.account(role) for role in (Role.OFFICER, Role.OFFICER, Role.APPROVER)]
        return cls(world, lpse, people[0], people[1], theirs[0], theirs[1], theirs[2])

    def sent(self, reason: str = "", key: str = "", seen: int | None = None) -> Sent:
        """A form, a second after the last."""
        return Sent(self.now(), key=key, seen=seen, reason=reason)

    def now(self) -> datetime:
        return self.world.ago(hours=2) + timedelta(seconds=next(self.clock))

    @property
    def today(self) -> date:
        """The day on which all of it happens, where LKPP is."""
        return today(self.world.ago(hours=2))

    def standard(self, letter: str = "k") -> ProviderStandard:
        return ProviderStandard.objects.get(provider=self.lpse, letter=letter)

    def self_assessed(self, letter: str = "k", answer: str = "2") -> Transition:
        """A self-assessment of which every item has one answer, submitted."""
        begin.begin(self.admin, self.lpse, letter, self.sent())
        for number in range(1, ITEMS[letter] + 1):
            self_assessment.answer(
                self.admin,
                self.lpse.pk,
                letter,
                self.sent(),
                item=f"{letter}.{number}",
                answer=answer,
                note="SK 12/2026",
            )
        return self_assessment.submit(self.head, self.lpse.pk, letter, self.sent())

    def judged(self, letter: str = "k", answer: str = "2", **other: str) -> None:
        """All items judged by `answer`, but for those of `other` ("item 2" is `i2`)."""
        factual.assess(self.assessor, self.lpse.pk, letter, self.sent(), mode="on_site")
        for number in range(1, ITEMS[letter] + 1):
            said = other.get(f"i{number}", answer)
            factual.judge(
                self.assessor, self.lpse.pk, letter, self.sent(), item=f"{letter}.{number}", answer=said, note="Dilihat"
            )

    def determined(self, letter: str = "k") -> Certificate:
        """The whole straight way."""
        self.self_assessed(letter)
        self.judged(letter)
        factual.conclude(self.assessor, self.lpse.pk, letter, self.sent())
        return self.certified(letter)

    def certified(self, letter: str = "k") -> Certificate:
        determination.propose(self.assessor, self.lpse.pk, letter, self.sent("Memenuhi"))
        made = determination.determine(
            self.approver, self.lpse.pk, letter, self.sent(), signatory="Dr. Sari", position="Deputi II"
        )
        return Certificate.objects.get(pk=made.detail["certificate"])

    def recommended(self, item: str = "k.2") -> Recommendation:
        made = factual.recommend(
            self.assessor, self.lpse.pk, "k", self.sent(), text="Tetapkan standar pengerasan", item=item
        )
        return Recommendation.objects.get(pk=made.detail["recommendation"])
