"""Policies and their rulebooks.

Laws:
- A policy holds from its date on; what was received before is judged under the policy before, also when judged again.
- A rulebook that does not fit the catalogue never comes into force.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime

from checks.catalogue import Catalogue, catalogue
from checks.policy import Policy, Rulebook, read_policy, rulebook
from collector.accounts.models import Account, Act
from collector.surveillance.models import PolicyVersion

REFRESH = 5.0  # seconds


def in_force(now: datetime) -> Policy:
    """The policy in force at `now`; the default policy where none was published."""
    row = PolicyVersion.objects.filter(in_force_from__lte=now).order_by("-in_force_from").first()
    return read_policy(bytes(row.body)) if row else Policy()


def publish(policy: Policy, *, now: datetime, by: Account | None) -> PolicyVersion:
    """Put `policy` into force from `now` on. Raises `checks.policy.PolicyError` if it does not fit the catalogue."""
    rulebook(catalogue(), policy)
    row = PolicyVersion.objects.create(digest=policy.digest, body=policy.encode(), in_force_from=now, published_by=by)
    Act.objects.create(at=now, account=by, verb="policy.publish", subject=f"{policy.version} {policy.digest[:12]}")
    return row


@dataclass
class Rulebooks:
    """All rulebooks of this collector, read again every few seconds. One per judging thread."""

    catalogue: Catalogue
    _default: Rulebook = field(init=False)
    _dated: list[tuple[datetime, Rulebook]] = field(default_factory=list)
    _by_digest: dict[str, Rulebook] = field(default_factory=dict)
    _read_at: float = float("-inf")

    def __post_init__(self) -> None:
        self._default = rulebook(self.catalogue, Policy())

    def refresh(self) -> None:
        """Read what was published since."""
        if time.monotonic() - self._read_at < REFRESH:
            return
        self._read_at = time.monotonic()
        known = {book.digest: book for _, book in self._dated}
        self._dated = []
        for row in PolicyVersion.objects.order_by("in_force_from"):
            book = known.get(row.digest) or rulebook(self.catalogue, read_policy(bytes(row.body)))
            self._dated.append((row.in_force_from, book))
        self._by_digest = {book.digest: book for book in (self._default, *(book for _, book in self._dated))}

    def at(self, moment: datetime) -> Rulebook:
        """The rulebook in force at `moment`."""
        place = bisect_right(self._dated, moment, key=lambda one: one[0])
        return self._dated[place - 1][1] if place else self._default

    def named(self, digest: str) -> Rulebook | None:
        """The rulebook of the policy with `digest`, if this collector ever had it."""
        return self._by_digest.get(digest)
