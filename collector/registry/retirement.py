"""Servers and instances that are no longer used.

Laws:
- Retiring refuses a server's agents and its open tokens from the same moment on, and what probers say of an instance: what
  still reports is not hidden.
- Nothing known of it is deleted; it only counts no more. Who retires counts its provider again, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from collector.accounts.models import Account, Act
from collector.registry.enrolment import revoke
from collector.registry.models import Agent, Target, Token


def retire(
    target: Target, *, now: datetime, by: Account | None, reason: str, count: Callable[[int, datetime], None]
) -> bool:
    """Take `target` out of use. `count` counts a provider (its key) again. False if it was retired before."""
    with transaction.atomic():
        changed = Target.objects.filter(pk=target.pk, retired_at__isnull=True).update(
            retired_at=now, retired_reason=reason[:500]
        )
        if not changed:
            return False
        for agent in Agent.objects.filter(server_id=target.pk, revoked_at__isnull=True).select_related(
            "server__provider"
        ):
            revoke(agent, now=now, by=by, reason=reason)
        Token.objects.filter(server_id=target.pk, used_at__isnull=True, revoked_at__isnull=True).update(revoked_at=now)
        about = f"{target.name[:150]} {target.pk}"
        Act.objects.create(
            at=now,
            account=by,
            provider_id=target.provider_id,
            verb=f"{target.kind}.retire",
            subject=about,
            reason=reason,
        )
        count(target.provider_id, now)
    return True
