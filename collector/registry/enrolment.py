"""Tokens and enrolment.

Laws:
- A token is spent by compare-and-swap: of two agents that show the same token, one is enrolled.
- An unknown, expired, spent or revoked token get the same answer, so tokens cannot be probed.
- A key that is known is never enrolled again, not even with a good token.
- The name of a prober is LKPP's to give: it stands in the token, and whoever enrols must know it. A refusal spends no token.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from collector.accounts.models import Account, Act
from collector.registry.models import Agent, Provider, Server, Token
from evidence.enrolment import Enrolment
from evidence.key import PublicKey

PREFIX = "pantau-"
LIFETIME = timedelta(hours=24)
PROBER_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}"


class NotEnrolled(Exception):
    """Why an agent was not enrolled, in a sentence for the person who runs it."""


def token_digest(token: str) -> str:
    """The hash under which a token is kept. Tokens have 192 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_token(
    provider: Provider,
    *,
    now: datetime,
    by: Account | None = None,
    server: Server | None = None,
    note: str = "",
    lifetime: timedelta = LIFETIME,
) -> str:
    """A new token for one agent of `provider` (for `server`, if given). Returned once; only its hash is kept."""
    return _created(
        Token(
            provider=provider, server=server, note=note, created_by=by, created_at=now, expires_at=now + lifetime
        )
    )  # fmt: skip


def create_prober_token(
    name: str, *, now: datetime, by: Account | None = None, note: str = "", lifetime: timedelta = LIFETIME
) -> str:
    """A new token for the prober called `name` (as `PROBER_NAME`). Returned once; only its hash is kept."""
    if not re.fullmatch(PROBER_NAME, name):
        raise ValueError(
            f"{name!r} is no name of a prober such as jakarta-1: letters, digits, . _ - and at most 63 of them"
        )
    return _created(Token(prober=name, note=note, created_by=by, created_at=now, expires_at=now + lifetime))


def _created(row: Token) -> str:
    """Keep `row`, with the hash of a new token; returns the token."""
    token = PREFIX + secrets.token_urlsafe(24)
    row.digest = token_digest(token)
    with transaction.atomic():
        row.save()
        Act.objects.create(
            at=row.created_at, account=row.created_by, provider=row.provider, verb="token.create",
            subject=row.note or str(row),
        )  # fmt: skip
    return token


def enrol(enrolment: Enrolment, *, now: datetime) -> Agent:
    """The agent that `enrolment` (verified) makes. Raises NotEnrolled."""
    key = PublicKey.from_raw(enrolment.public_key)
    with transaction.atomic():
        digest = token_digest(enrolment.token)
        spent = Token.objects.filter(
            digest=digest, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
        ).update(used_at=now)
        if spent != 1:
            raise NotEnrolled("the token is unknown, expired or already used; ask your administrator for a new one")
        token = Token.objects.select_related("provider", "server").get(digest=digest)
        server = _server(token, enrolment)
        role = Agent.Role.PROBER if server is None else Agent.Role.AGENT
        try:
            with transaction.atomic():
                agent = Agent.objects.create(
                    key_id=key.id, role=role, server=server, public_key=key.raw, hostname=enrolment.hostname[:255],
                    machine_id=enrolment.machine_id[:64], software=enrolment.software[:80], enrolled_at=now,
                )  # fmt: skip
        except IntegrityError as error:
            raise NotEnrolled("this key was enrolled before; delete the agent's key file and enrol again") from error
        Token.objects.filter(pk=token.pk).update(agent=agent)
        Act.objects.create(
            at=now, account=token.created_by, provider=token.provider, verb="agent.enrol", subject=str(agent)[-200:]
        )
    return agent


def _server(token: Token, enrolment: Enrolment) -> Server | None:
    """The server that `token` enrols an agent of; None: it enrols a prober. Raises NotEnrolled."""
    if token.prober:
        if enrolment.hostname != token.prober:
            raise NotEnrolled(
                f"this token is of the prober {token.prober!r}: set its name in the settings (`[prober]`, `name`) and try again"
            )
        return None
    if token.server is not None and token.server.retired_at is not None:
        raise NotEnrolled("the server of this token is retired; ask your administrator for a token for a new server")
    return token.server or Server.objects.create(provider=token.provider, name=enrolment.hostname[:255])


def revoke(agent: Agent, *, now: datetime, by: Account | None, reason: str) -> bool:
    """Refuse every report of `agent` from now on. False if it was revoked before."""
    with transaction.atomic():
        changed = Agent.objects.filter(pk=agent.pk, revoked_at__isnull=True).update(
            revoked_at=now, revoked_reason=reason[:500]
        )
        if changed:
            Act.objects.create(
                at=now,
                account=by,
                provider=agent.provider,
                verb="agent.revoke",
                subject=str(agent)[-200:],
                reason=reason,
            )
    return bool(changed)
