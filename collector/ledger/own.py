"""The collector's own entries: what people entered in registers, and what it saw itself, sealed by its own key.

Laws:
- They are reports like any other: signed, chained, in the ledger; whoever verifies it verifies them too.
- Each (kind, target) has a chain of its own; its stream is derived from both.
- The collector's key is enrolled as an agent of no server: the door refuses it, `verify` knows it.
- The caller's transaction holds: without it nothing is there.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from checks import SOFTWARE
from checks.check import DAY, HOUR
from checks.fact import Snapshot
from collector.keys import collector_key
from collector.ledger.admitted import Admitted
from collector.ledger.append import Appender
from collector.ledger.models import Entry, Kind
from collector.registry.models import Agent, Target
from evidence.envelope import seal
from evidence.report import MEDIA_TYPE, Report, pack

VANTAGES = {Kind.REGISTER: "register", Kind.SURVEY: "collector"}
EVERY = {Kind.REGISTER: DAY, Kind.SURVEY: HOUR}


def append_own(target: Target, snapshot: Snapshot, kind: Kind, now: datetime) -> Admitted:
    """Seal and append what is known of `target` at `now`. Raises `collector.keys.NoKey`."""
    key = collector_key()
    with transaction.atomic():
        Target.objects.select_for_update().get(pk=target.pk)  # one writer of this chain at a time
        agent, _ = Agent.objects.get_or_create(
            key_id=key.public.id,
            defaults={
                "role": Agent.Role.COLLECTOR, "public_key": key.public.raw, "hostname": "collector",
                "software": SOFTWARE, "enrolled_at": now,
            },
        )  # fmt: skip
        stream = stream_of(target.pk, kind)
        chain = Entry.objects.filter(agent=agent, stream=stream, kind=kind)
        before = chain.order_by("-sequence").values_list("sequence", "digest").first()
        facts, missing, absent = pack(snapshot)
        report = Report(
            target=target.pk, stream=stream, sequence=before[0] + 1 if before else 1, previous=before[1] if before else "",
            taken_at=now, boot_id="", software=SOFTWARE, policy="", every=EVERY[kind], vantage=VANTAGES[kind],
            facts=facts, missing=missing, absent=absent,
        )  # fmt: skip
        envelope = seal(MEDIA_TYPE, report.encode(), key)
        admitted = Admitted(envelope, report, envelope.digest, agent.key_id, now)
        Appender.create().append([admitted], kind)
    return admitted


def stream_of(target: str, kind: Kind) -> str:
    """The stream of one kind of the collector's own entries about a target."""
    return hashlib.sha256(f"{VANTAGES[kind]}|{target}".encode()).hexdigest()[:16]
