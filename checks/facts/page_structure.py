"""What the home page is made of, to be compared with what a person approved."""

from __future__ import annotations

from typing import ClassVar

from checks.baseline import Approved, Listed, listed
from checks.fact import reads
from checks.facts.home_page import HOME
from checks.facts.items import item
from checks.facts.page_answer import document
from checks.facts.page_text import host
from checks.outside import Visit
from checks.source import Register
from checks.target import Target


class PageStructure(Listed, frozen=True):
    """`part WAY` for each way from the page to an element, however often it occurs: a longer list of tenders changes nothing;
    `script HOST`, `frame HOST`, `form HOST` of what it loads and where it sends what people type; `title TITLE`.

    Never absent.
    """


class ApprovedPageStructure(Approved, frozen=True):
    """What of `PageStructure` a person approved. Absent: nothing yet."""

    about: ClassVar[Target] = Target.INSTANCE


@reads(HOME)
def structure(visit: Visit) -> PageStructure:
    page = document(visit)
    found = [item("title", page.title)]
    found += (item("part", way) for way in page.parts)
    found += (item(one.kind, host(one.url)) for one in page.loaded if host(one.url))
    found += (item("form", host(url)) for url in page.forms)
    return listed(PageStructure, found)


@reads(Register("approved_page_structure", ApprovedPageStructure))
def approved_structure(approved: ApprovedPageStructure) -> ApprovedPageStructure:
    return approved
