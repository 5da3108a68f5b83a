"""The clock of the public site, by the Date of its answers, against the prober's."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from checks.fact import Fact, Missing, reads
from checks.facts.home_page import HOME
from checks.facts.page_answer import TROUBLES
from checks.outside import Visit
from checks.text import Text


class PublicClock(Fact, frozen=True):
    """`offset`: the site's clock minus the prober's, in seconds; the truth is within `accuracy` of it (half the way there and
    back, and half of the second that a Date leaves out). The prober's own clock is judged where the prober is. Never absent.
    """

    offset: float
    accuracy: float


@reads(HOME)
def date(visit: Visit) -> PublicClock:
    if visit.trouble or visit.sent is None or visit.received is None:
        raise Missing(TROUBLES.get(visit.trouble, Text("tidak ada jawaban", "no answer")))
    if visit.headers.get("age", "0").strip() not in {"", "0"}:
        raise Missing(
            Text(
                "halaman berasal dari cache: tanggalnya bukan jam server",
                "the page is cached: its date is not the server's clock",
            )
        )
    said = visit.headers.get("date", "")
    try:
        told = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise Missing(Text("jawaban tidak menyebut tanggal", "the answer says no date")) from error
    told = told.replace(tzinfo=UTC) if told.tzinfo is None else told
    way = (visit.received - visit.sent).total_seconds()
    if way < 0:
        raise Missing(Text("jam prober bergeser selama pengukuran", "the prober's clock was moved while measuring"))
    offset = (told - visit.sent).total_seconds() + 0.5 - way / 2
    return PublicClock(round(offset, 2), round(way / 2 + 0.5, 2))
