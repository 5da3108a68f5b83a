"""Servers that are no longer used.

Laws:
- Retiring refuses the server's agents and its open tokens from the same moment on: what still reports is not hidden.
- Nothing known of it is deleted; it only counts no more. Who retires counts its provider again, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from collector.accounts.models import Account, Act
from collector.registry.enrolment import revoke
from collector.registry.models import Agent, Server, Token


def retire(
    server: Server, *, now: datetime, by: Account | None, reason: str, count: Callable[[int, datetime], None]
) -> bool:
    """Take `server` out of use. `count` counts a provider (its key) again. False if it was retired before."""
    with transaction.atomic():
        changed = Server.objects.filter(pk=server.pk, retired_at__isnull=True).update(
            retired_at=now, retired_reason=reason[:500]
        )
        if not changed:
            return False
        for agent in Agent.objects.filter(server=server, revoked_at__isnull=True).select_related("server__provider"):
            revoke(agent, now=now, by=by, reason=reason)
        Token.objects.filter(server=server, used_at__isnull=True, revoked_at__isnull=True).update(revoked_at=now)
        about = f"{server.name[:150]} {server.pk}"
        Act.objects.create(
            at=now, account=by, provider_id=server.provider_id, verb="server.retire", subject=about, reason=reason
        )
        count(server.provider_id, now)
    return True
