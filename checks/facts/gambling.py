"""Words by which pages of online gambling are known, and how much each says. Used by the facts of pages; no fact of its own.

Laws:
- Whole words only: "slot" in "slotting", "cialis" in "specialist" are nothing.
- A word that honest pages use as well (slot, judi, casino) weighs little; it never fires alone.
- A paragraph that speaks against gambling (a ban, a raid, a warning) is not counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from checks.facts.page_text import Document, host, site

SURE = 3
"""Weight of a term that no page of a procurement site has a reason for; others weigh 1."""
SURE_TERMS = (
    "slot gacor", "slot online", "situs slot", "slot maxwin", "slot deposit", "slot demo", "gacor", "maxwin", "togel", "sbobet",
    "joker123", "joker gaming", "pragmatic play", "pg soft", "habanero slot", "rtp live", "rtp slot", "scatter hitam",
    "mahjong ways", "gates of olympus", "sweet bonanza", "starlight princess", "wild bandito", "toto macau", "toto togel",
    "bandarqq", "bandar qq", "dominoqq", "domino qq", "pkv games", "judi bola", "agen bola", "agen judi", "bandar judi",
    "situs judi", "judi slot", "live casino", "casino online", "poker online", "bonus new member", "anti rungkad", "depo 10k",
    "freebet", "parlay", "live draw", "bocoran rtp", "slot thailand", "slot server",
)  # fmt: skip
COMMON_TERMS = (
    "slot",
    "judi",
    "judi online",
    "casino",
    "kasino",
    "poker",
    "toto",
    "jackpot",
    "scatter",
    "deposit pulsa",
    "taruhan",
)
NUMBERED = r"slot[\W_]{0,2}\d{2,4}|toto[\W_]{0,2}\d?4d|qq\d{2,5}|\w{2,12}88slot"
HOSTS = re.compile(r"gacor|maxwin|slot|togel|sbobet|casino|judi|poker|toto\d|toto4d|qq\d|bet\d{2}|\dbet")
AGAINST = re.compile(
    r"\b(me|di)?larang(an)?\b|\b(pem|mem|di)?berantas(an)?\b|\b(pen|men|di)?cegah(an)?\b|\b(pem|mem|di)?blokir(an)?\b|\bbahaya\b"
    r"|\b(men|di)?tolak\b|\bsanksi\b|\b(di|meng)?h?imbau(an)?\b|\bwaspada(i)?\b|\bsosialisasi\b|\btersangka\b|\bpolisi\b|\bpolri\b"
    r"|\b(di)?tangkap\b|\bsurat edaran\b|\bpenindakan\b|\bmenindak\b|\bstop judi\b|\bbebas judi\b|\bbanned?\b|\bprohibited\b"
)


def _pattern(terms: Iterable[str]) -> str:
    return "|".join(re.escape(term).replace(r"\ ", r"[\W_]{0,3}") for term in sorted(terms, key=len, reverse=True))


TERM = re.compile(
    rf"(?<![^\W_])(?:(?P<sure>{_pattern(SURE_TERMS)}|{NUMBERED})|(?P<common>{_pattern(COMMON_TERMS)}))(?![^\W_])"
)


@dataclass(frozen=True)
class Found:
    """What one page has of gambling. `words` the distinct terms, the heaviest first; `score` the sum of their weights.

    `links`: how many links lead to another site with such a term in its name or in what the link says. `title`: a sure term
    stands in the title or the description for search engines.
    """

    words: tuple[str, ...]
    score: int
    links: int
    title: bool


def normal(text: str) -> str:
    """`text` in plain small letters: letters drawn to look like others become those."""
    return unicodedata.normalize("NFKC", text).casefold()


def terms(text: str) -> dict[str, int]:
    """The distinct terms in `text`, each with its weight."""
    found: dict[str, int] = {}
    for match in TERM.finditer(text):
        word = " ".join(re.split(r"[\W_]+", match[0]))
        found[word] = SURE if match["sure"] else 1
    return found


def search(page: Document, url: str) -> Found:
    """What `page`, which came from `url`, has of gambling."""
    found: dict[str, int] = {}
    for block in page.blocks:
        words = terms(text := normal(block))
        if words and not AGAINST.search(text):
            found |= words
    here = site(host(url))
    links = 0
    for link in page.links:
        there = host(link.url)
        if site(there) == here:
            continue
        said = terms(normal(link.said))
        links += bool(HOSTS.search(there) or SURE in said.values())
    title = normal(page.title)
    named = SURE in terms(title).values() and not AGAINST.search(title)
    if named:
        found |= terms(title)
    ordered = sorted(found, key=lambda word: (-found[word], word))
    return Found(tuple(ordered), sum(found.values()), links, named)
