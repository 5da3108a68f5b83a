"""The structure of the home page, to be compared with one that a person approved."""

from __future__ import annotations

from checks.fact import Fact, reads
from checks.facts.home_page import HOME
from checks.facts.page_answer import document
from checks.outside import Visit


class PageStructure(Fact, frozen=True):
    """The home page's skeleton: a digest of its elements in their order (no words, no attributes), how many they are, the
    title, and the size in characters.
    """

    skeleton: str
    elements: int
    title: str
    size: int


@reads(HOME)
def structure(visit: Visit) -> PageStructure:
    found = document(visit)
    return PageStructure(found.skeleton, found.elements, found.title, len(visit.text))
