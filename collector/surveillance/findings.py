"""Writes what opened and closed as rows of `Finding`."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from checks.text import Words
from collector.surveillance.models import Finding
from collector.surveillance.settlement import Closed, Opened, Transition


def write_findings(transitions: Collection[tuple[str, Transition]]) -> None:
    """Closings of what stood open first, then everything new at once: what opened and closed meanwhile is new and closed."""
    rows: dict[str, Finding] = {}
    for server, one in transitions:
        match one:
            case Opened():
                rows[one.id] = Finding(
                    id=one.id,
                    target_id=server,
                    check_code=one.check.code,
                    subject=one.subject,
                    severity=one.check.severity.value,
                    since=one.since,
                    opened_at=one.at,
                    measured=_stored(one.measured),
                    expected=_stored(one.expected),
                    opened_by_id=one.entry or None,
                )
            case Closed() if one.id in rows:
                rows[one.id].closed_at, rows[one.id].closed_by_id = one.at, one.entry or None
            case Closed():
                Finding.objects.filter(id=one.id, closed_at__isnull=True).update(
                    closed_at=one.at, closed_by_id=one.entry or None
                )
    fields = [field.name for field in Finding._meta.concrete_fields if not field.primary_key]
    Finding.objects.bulk_create(
        rows.values(), batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def _stored(said: Words) -> object:
    """`said` as JSON that every database takes: PostgreSQL refuses NUL."""
    return msgspec.json.decode(msgspec.json.encode(said).replace(b"\\u0000", b"?"))
