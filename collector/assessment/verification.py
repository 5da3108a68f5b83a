"""The public page of a certificate: whoever holds its token sees whether it holds, and nothing more.

Law: shown are provider, standard, number, date and state; not who assessed, not what was found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from checks.standard import load
from checks.text import Text
from collector.assessment.models import Certificate

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True)
class Verified:
    """What the public page shows. `state`: "valid", "revoked" or "replaced", `since` when."""

    provider: str
    letter: str
    standard: Text
    number: str
    issued_on: date
    state: str
    since: datetime


def verify(token: str) -> Verified | None:
    """What the certificate with `token` is; None if there is none."""
    if not TOKEN.fullmatch(token):
        return None
    found = Certificate.objects.select_related("standard__provider").filter(token=token).first()
    if found is None:
        return None
    letter = found.standard.letter
    return Verified(
        str(found.standard.provider), letter, load()[letter].title, found.number, found.issued_on, found.state,
        found.state_since,
    )  # fmt: skip
