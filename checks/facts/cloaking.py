"""Whether a search engine is shown the same page as people: attackers show their page only to it."""

from __future__ import annotations

import math
import re
from collections import Counter

from checks.fact import Fact, Missing, reads
from checks.facts.gambling import SURE, normal, search, terms
from checks.facts.page_answer import document, refusal
from checks.facts.page_text import host
from checks.outside import BROWSER, SEARCH_ENGINE, SEARCH_REFERER, Page, Visit
from checks.text import Text

MOST_WORDS = 8
WORD = re.compile(r"[^\W\d_]{2,}")


class Cloaking(Fact, frozen=True):
    """The home page for a browser beside that for a search engine. `similarity` of their texts: 1 the same words as often,
    0 not one in common. `words` and `engine_words`: how many each has. `hidden`: words of gambling that only the search
    engine is shown. `host` and `engine_host`: where each ended. Never absent.
    """

    similarity: float
    words: int
    engine_words: int
    hidden: tuple[str, ...]
    host: str
    engine_host: str


def similarity(one: Counter[str], other: Counter[str]) -> float:
    """The cosine of two counts of words, 0 to 1. Numbers do not count: dates and tallies change from one second to the next."""
    shared = sum(count * other[word] for word, count in one.items())
    size = math.sqrt(sum(n * n for n in one.values())) * math.sqrt(sum(n * n for n in other.values()))
    return shared / size if size else float(one == other)


@reads(Page("", agent=BROWSER), Page("", agent=SEARCH_ENGINE, referer=SEARCH_REFERER))
def compared(browser: Visit, engine: Visit) -> Cloaking:
    page = document(browser)
    if how := refusal(engine):
        raise Missing(
            Text(
                f"situs menolak pengunjung yang menyebut dirinya mesin pencari ({how}); tidak dapat dibandingkan",
                f"the site refuses a visitor that calls itself a search engine ({how}); nothing to compare",
            )
        )
    shown = document(engine)
    counts = [Counter(WORD.findall(normal(f"{one.title}\n{one.text}"))) for one in (page, shown)]
    for_people = {*search(page, browser.url).words, *terms(normal(page.text))}
    hidden = [
        word for word in search(shown, engine.url).words if word not in for_people and terms(word).get(word) == SURE
    ]
    return Cloaking(
        round(similarity(*counts), 3), counts[0].total(), counts[1].total(), tuple(hidden[:MOST_WORDS]),
        host(browser.url)[:255], host(engine.url)[:255],
    )  # fmt: skip
