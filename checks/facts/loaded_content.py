"""Scripts and frames that the home page loads from elsewhere."""

from __future__ import annotations

import msgspec

from checks.fact import Fact, reads
from checks.facts.home_page import HOME
from checks.facts.page_answer import document
from checks.facts.page_text import host, site
from checks.outside import Visit

MOST = 30


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another site that scripts or frames come from: `kind` script or frame, and whether each says its digest (integrity)."""

    kind: str
    host: str
    integrity: bool


class LoadedContent(Fact, frozen=True):
    """Scripts and frames of the home page from other sites, by host, 30 at most of `total`. `own`: how many are its own.

    Never absent.
    """

    own: int
    origins: tuple[Origin, ...]
    total: int


@reads(HOME)
def loaded(visit: Visit) -> LoadedContent:
    page = document(visit)
    here = site(host(visit.url))
    found: dict[tuple[str, str], bool] = {}
    own = 0
    for one in page.loaded:
        there = host(one.url)
        if not there:  # data: and the like come with the page itself
            continue
        if site(there) == here:
            own += 1
        else:
            key = one.kind, there[:255]
            found[key] = found.get(key, True) and one.integrity
    origins = [Origin(kind, name, integrity) for (kind, name), integrity in sorted(found.items())]
    return LoadedContent(own, tuple(origins[:MOST]), len(origins))
