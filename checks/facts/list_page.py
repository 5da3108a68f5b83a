"""The list of tenders: the page of SPSE that needs its database."""

from __future__ import annotations

from checks.fact import Fact, reads
from checks.facts.page_answer import refusal
from checks.facts.page_text import read
from checks.outside import Page, Visit

MARKERS = ("tbllelang", "tbltender")  # ids of the table of tenders in SPSE 4


class ListPage(Fact, frozen=True):
    """Answer of `/lelang`. `status`, `trouble`, `refusal`, `seconds` as of HomePage. `table`: it shows the table of tenders.

    Never absent.
    """

    status: int
    trouble: str
    refusal: str
    seconds: float
    table: bool


@reads(Page("/lelang"))
def tenders(visit: Visit) -> ListPage:
    table = visit.status == 200 and any(marker in read(visit.text, visit.url).ids for marker in MARKERS)
    return ListPage(visit.status, visit.trouble, refusal(visit), round(visit.seconds, 2), table)
