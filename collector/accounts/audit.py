"""The audit trail: recording human acts, and verifying that nobody changed, removed or inserted one.

Laws:
- Whatever way an act is created, `Act.save` chains it: sequence, digest before, digest.
- `verify_acts` finds every change, removal and insertion by whoever cannot write the whole chain anew. Whoever could is found by a
  head told outside before: `since`.
- In one transaction the ledger is written first and the act last: locks are then always taken in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from collector.accounts.act_chain import act_digest
from collector.accounts.models import Account, Act, ActHead

MOST_PROBLEMS = 1000


def record(
    account: Account | None,
    verb: str,
    subject: str,
    *,
    provider: int | None = None,
    reason: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    now: datetime,
) -> Act:
    """Append an act. `provider` is a key; `before` and `after` are what of the subject changed."""
    return Act.objects.create(
        at=now, account=account, provider_id=provider, verb=verb, subject=subject[:200], reason=reason,
        before=dict(before or {}), after=dict(after or {}),
    )  # fmt: skip


@dataclass
class Trail:
    """What was found. `head` is "SEQUENCE:DIGEST" of the last act: told outside, it can be verified later."""

    acts: int = 0
    head: str = "0:"
    problems: list[str] = field(default_factory=list)

    def tell(self, problem: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


def verify_acts(since: str = "") -> Trail:
    """Read all acts once, in order. `since`: a head told before, which must still be part of the chain."""
    found = Trail()
    told_at, _, told = since.partition(":")
    sequence, previous, key = 0, "", 0
    seen = not since or since == "0:"
    for act in Act.objects.order_by("sequence", "id").iterator(chunk_size=500):
        found.acts += 1
        name = f"act {act.sequence} ({act.verb} {act.subject[:60]})"
        if act.sequence != sequence + 1:
            found.tell(f"{name}: {act.sequence - sequence - 1} acts before it are gone")
        if act.previous != previous:
            found.tell(f"{name}: names {act.previous[:16]}… as its predecessor, which is {previous[:16]}…")
        if act.pk <= key:
            found.tell(f"{name}: its row is older than that of the act before it")
        if (made := digest_of(act)) != act.digest:
            found.tell(f"{name}: its digest is {made[:16]}…, stored is {act.digest[:16]}…")
        seen = seen or (str(act.sequence) == told_at and act.digest == told)
        sequence, previous, key = act.sequence, act.digest, act.pk
    found.head = f"{sequence}:{previous}"
    head = ActHead.objects.filter(pk=ActHead.ONLY).first()
    known = (head.sequence, head.digest) if head else (0, "")
    if known != (sequence, previous):
        found.tell(
            f"the last act is {sequence}, but {known[0]} were recorded: the chain was cut, lengthened or written anew"
        )
    if not seen:
        found.tell(f"the head {since[:40]}… told before is not part of the chain: it was written anew, or cut")
    return found


def digest_of(act: Act) -> str:
    """The digest that what `act` says now has."""
    return act_digest(
        sequence=act.sequence, previous=act.previous, at=act.at, account=act.account_id, provider=act.provider_id,
        verb=act.verb, subject=act.subject, reason=act.reason, before=act.before, after=act.after,
    )  # fmt: skip
