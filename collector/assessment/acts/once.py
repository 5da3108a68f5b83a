"""What comes with every form: text that was typed, and the one-time key (`new_key`) by which a form sent twice is done once.

Law: the key is looked up after the row is locked, so that of two that come at once the second finds the first done.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from collector.accounts.models import Account
from collector.assessment.models import Done


def typed(text: str) -> str:
    """What a person typed, without blanks around it and without what no database keeps (NUL, lone surrogates)."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "").strip()


def new_key() -> str:
    """A key for one form that is shown to one person."""
    return secrets.token_urlsafe(18)


def done_before(account: Account, key: str) -> int | None:
    """The row that the form with `key` made when it was sent before; None if it was not, or has no key."""
    if not key:
        return None
    return Done.objects.filter(account=account, key=key[:64]).values_list("made", flat=True).first()


def remember(account: Account, key: str, verb: str, made: int, now: datetime) -> None:
    """Remember that the form with `key` was done and made the row `made`."""
    if key:
        Done.objects.create(account=account, key=key[:64], verb=verb, made=made, at=now)
