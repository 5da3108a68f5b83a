"""Which waivers hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from collector.surveillance.models import Waiver


def waivers_in_force(servers: Collection[str], now: datetime) -> dict[str, set[tuple[str, str]]]:
    """(check code, subject) by server, of the waivers that hold at `now`."""
    found: dict[str, set[tuple[str, str]]] = {}
    rows = Waiver.objects.filter(
        target_id__in=list(servers), stage=Waiver.Stage.APPROVED, expires_at__gt=now, decided_at__lte=now
    )
    for server, code, subject in rows.values_list("target_id", "check_code", "subject"):
        found.setdefault(server, set()).add((code, subject))
    return found
