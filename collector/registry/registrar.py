"""The registrar: what people enter in registers becomes signed entries of the ledger, as reports of the collector itself.

Law: the row of the register, the act and the ledger's entry are one transaction: none is there without the others.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction

from checks.fact import Fact, Snapshot, name_of
from collector.accounts.models import Account, Act
from collector.ledger.models import Kind
from collector.ledger.own import append_own
from collector.registry.models import RegisterEntry, Target


def enter(target: Target, fact: Fact, *, by: Account | None, reason: str, now: datetime) -> RegisterEntry:
    """Enter `fact` in the register of its kind, for `target`. Raises `collector.keys.NoKey`."""
    register = name_of(type(fact))
    with transaction.atomic():
        admitted = append_own(target, Snapshot({type(fact): fact}), Kind.REGISTER, now)
        entry = RegisterEntry.objects.create(
            target=target, register=register, content=msgspec.to_builtins(fact),
            reason=reason, entered_by=by, entered_at=now, digest=admitted.digest,
        )  # fmt: skip
        Act.objects.create(
            at=now, account=by, provider=target.provider, verb="register.enter",
            subject=f"{register} · {target.name}"[:200], reason=reason,
        )  # fmt: skip
    return entry


def latest(target: Target, register: str) -> RegisterEntry | None:
    """What holds now."""
    return RegisterEntry.objects.filter(target=target, register=register).first()
