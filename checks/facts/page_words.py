"""Words of gambling in the pages that the public gets: the home page and those it links to."""

from __future__ import annotations

import re

import msgspec

from checks.fact import After, Fact, Missing, reads
from checks.facts.gambling import search
from checks.facts.home_page import HOME, HomePage
from checks.facts.page_answer import document
from checks.outside import Pages, Visit

MOST_WORDS = 8
MOST_BYTES = 256 * 1024


class Suspect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One page with words of gambling: its address, the heaviest of the words, the score of all, and what supports them:
    links to other sites with such names (`links`), the page's own title (`title`).
    """

    page: str
    words: tuple[str, ...]
    score: int
    links: int
    title: bool


class PageWords(Fact, frozen=True):
    """How many pages were read, how many could not be, and those with words of gambling, the worst first, five at most.

    Never absent.
    """

    read: int
    unread: int
    suspects: tuple[Suspect, ...]


@reads(
    HOME, After(HomePage, "pages {ten links of the home page}", lambda home: Pages(home.paths, max_bytes=MOST_BYTES))
)
def words(home: Visit, linked: tuple[Visit, ...]) -> PageWords:
    pages = [(home, document(home))]
    unread = 0
    for visit in linked:
        try:
            pages.append((visit, document(visit)))
        except Missing:
            unread += 1
    suspects = []
    for visit, page in pages:
        found = search(page, visit.url)
        if found.words or found.links:
            shown = re.sub(r"[?#].*", "", visit.url)[:200]
            suspects.append(Suspect(shown, found.words[:MOST_WORDS], found.score, found.links, found.title))
    suspects.sort(key=lambda one: (-one.score, -one.links, one.page))
    return PageWords(len(pages), unread, tuple(suspects[:5]))
