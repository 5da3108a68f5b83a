"""The clock of the host itself, for what lies there with a date: parsers read no clock of their own."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from checks.fact import Missing
from checks.source import Command
from checks.text import Text

CLOCK = Command(("date", "+%s %F"))
PRINTED = re.compile(r"(\d{1,11}) (\d{4}-\d\d-\d\d)\n?", re.ASCII)


def moment(printed: str) -> datetime:
    """The moment that `CLOCK` printed, in UTC. Raises Missing."""
    seconds, _ = _parts(printed)
    return datetime.fromtimestamp(seconds, UTC)


def today(printed: str) -> date:
    """The day that `CLOCK` printed, in the zone of the host. Raises Missing."""
    return _parts(printed)[1]


def _parts(printed: str) -> tuple[int, date]:
    match = PRINTED.fullmatch(printed)
    try:
        if match is not None:
            return int(match[1]), date.fromisoformat(match[2])
    except ValueError:
        pass
    raise Missing(Text("date tidak mencetak waktu", "date printed no time"))
