"""The bytes an act is hashed over, and its digest. Pure.

Laws:
- The digest of an act covers all that the act says and the digest of the act before it: none can be changed, removed or
  inserted without changing every digest after it.
- The bytes are canonical JSON (sorted keys, no spaces, UTF-8, UTC with microseconds): both databases give them back alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TypeAlias

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"


def plain(value: object) -> Plain:
    """`value` as JSON that databases keep unchanged: a fraction is written as text, so are dates and whatever is unknown."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        return [plain(one) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def moment(at: datetime) -> str:
    """`at` as it is hashed: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def act_digest(
    *, sequence: int, previous: str, at: datetime, account: int | None, provider: int | None, verb: str, subject: str,
    reason: str, before: object, after: object,
) -> str:  # fmt: skip
    """SHA-256 (hex) of one act. `account` and `provider` are keys; `previous` is the digest before, "" for the first."""
    body = {
        "sequence": sequence, "previous": previous, "at": moment(at), "account": account, "provider": provider,
        "verb": verb, "subject": subject, "reason": reason, "before": before, "after": after,
    }  # fmt: skip
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
