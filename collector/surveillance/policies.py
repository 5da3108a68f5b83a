"""Policies and their rulebooks.

Laws:
- A policy holds from its date on; what was received before is judged under the policy before, also when judged again.
- A rulebook that does not fit the catalogue never comes into force.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from checks.catalogue import Catalogue, catalogue
from checks.policy import Policy, PolicyError, Rulebook, read_policy, rulebook
from collector.accounts.models import Account, Act
from collector.surveillance.models import PolicyVersion


def in_force(now: datetime) -> Policy:
    """The policy in force at `now`; the default policy where none was published."""
    row = PolicyVersion.objects.filter(in_force_from__lte=now).order_by("-in_force_from").first()
    return read_policy(bytes(row.body)) if row else Policy()


def publish(policy: Policy, *, now: datetime, by: Account | None) -> PolicyVersion:
    """Put `policy` into force from `now` on. Raises PolicyError if it does not fit the catalogue, or was published before."""
    rulebook(catalogue(), policy)
    with transaction.atomic():
        if before := PolicyVersion.objects.filter(digest=policy.digest).first():
            raise PolicyError([
                f"version: this very policy was published at {before.in_force_from:%Y-%m-%d %H:%M:%SZ}; "
                f"to return to it, give it another version than {policy.version!r}"
            ])  # fmt: skip
        row = PolicyVersion.objects.create(
            digest=policy.digest, body=policy.encode(), in_force_from=now, published_by=by
        )
        Act.objects.create(
            at=now, account=by, verb="policy.publish", subject=f"{policy.version} {policy.digest[:12]}"[:200]
        )
    return row


@dataclass
class Rulebooks:
    """All rulebooks of this collector. One per judging thread, read again before each batch: a policy holds at once."""

    catalogue: Catalogue
    _default: Rulebook = field(init=False)
    _dated: list[tuple[datetime, Rulebook]] = field(default_factory=list)
    _by_digest: dict[str, Rulebook] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._default = rulebook(self.catalogue, Policy())

    def refresh(self) -> None:
        """Read what was published since. If that fails, everything stays as it was."""
        rows = list(PolicyVersion.objects.order_by("in_force_from").values_list("in_force_from", "digest"))
        known = {self._default.digest: self._default, **self._by_digest}
        if fresh := [digest for _, digest in rows if digest not in known]:
            for row in PolicyVersion.objects.filter(digest__in=fresh):
                known[row.digest] = rulebook(self.catalogue, read_policy(bytes(row.body)))
        self._dated = [(in_force_from, known[digest]) for in_force_from, digest in rows]
        self._by_digest = known

    def at(self, moment: datetime) -> Rulebook:
        """The rulebook in force at `moment`."""
        place = bisect_right(self._dated, moment, key=lambda one: one[0])
        return self._dated[place - 1][1] if place else self._default

    def shortest_silence(self) -> int:
        """Seconds: no policy that ever held calls a server silent sooner."""
        return min(book.policy.silence_after for book in (self._default, *(book for _, book in self._dated)))

    def named(self, digest: str) -> Rulebook | None:
        """The rulebook of the policy with `digest`, if this collector ever had it."""
        return self._by_digest.get(digest)
