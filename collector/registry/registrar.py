"""The registrar: what people enter in registers becomes signed entries of the ledger, as reports of the collector itself.

Laws:
- The row of the register, the act and the ledger's entry are one transaction: none is there without the others.
- Each server has a chain of its own here; its stream is derived from the server's id.
- The collector's key is enrolled as an agent without a server: the door refuses it, `verify` knows it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from django.db import transaction

from checks import SOFTWARE
from checks.check import DAY
from checks.fact import Fact, Snapshot, name_of
from collector.accounts.models import Account, Act
from collector.keys import collector_key
from collector.ledger.admitted import Admitted
from collector.ledger.append import Appender
from collector.ledger.models import Entry, Kind
from collector.registry.models import Agent, RegisterEntry, Server
from evidence.envelope import seal
from evidence.key import PrivateKey
from evidence.report import MEDIA_TYPE, Report, pack

VANTAGE = "register"


def enter(server: Server, fact: Fact, *, by: Account, reason: str, now: datetime) -> RegisterEntry:
    """Enter `fact` in the register of its kind, for `server`. Raises `collector.keys.NoKey`."""
    key = collector_key()
    with transaction.atomic():
        Server.objects.select_for_update().get(pk=server.pk)  # one writer of this chain at a time
        admitted = _sealed(server, fact, key, now)
        Appender.create().append([admitted], Kind.REGISTER)
        entry = RegisterEntry.objects.create(
            server=server, register=name_of(type(fact)), content=msgspec.to_builtins(fact),
            reason=reason, entered_by=by, entered_at=now, digest=admitted.digest,
        )  # fmt: skip
        Act.objects.create(
            at=now, account=by, provider=server.provider, verb="register.enter",
            subject=f"{name_of(type(fact))} · {server.hostname}"[:200], reason=reason,
        )  # fmt: skip
    return entry


def latest(server: Server, register: str) -> RegisterEntry | None:
    """What holds now."""
    return RegisterEntry.objects.filter(server=server, register=register).first()


def stream_of(server: str) -> str:
    """The stream of a server's registers."""
    return hashlib.sha256(f"register|{server}".encode()).hexdigest()[:16]


def _sealed(server: Server, fact: Fact, key: PrivateKey, now: datetime) -> Admitted:
    agent, _ = Agent.objects.get_or_create(
        key_id=key.public.id,
        defaults={"public_key": key.public.raw, "hostname": "collector", "software": SOFTWARE, "enrolled_at": now},
    )
    stream = stream_of(server.pk)
    chain = Entry.objects.filter(agent=agent, stream=stream, kind=Kind.REGISTER)
    before = chain.order_by("-sequence").values_list("sequence", "digest").first()
    facts, missing, absent = pack(Snapshot({type(fact): fact}))
    report = Report(
        server=server.pk, stream=stream, sequence=before[0] + 1 if before else 1, previous=before[1] if before else "",
        taken_at=now, boot_id="", software=SOFTWARE, policy="", every=DAY, vantage=VANTAGE,
        facts=facts, missing=missing, absent=absent,
    )  # fmt: skip
    envelope = seal(MEDIA_TYPE, report.encode(), key)
    return Admitted(envelope, report, envelope.digest, agent.key_id, now)
