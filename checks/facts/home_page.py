"""The home page of an instance as the public gets it: whether, how soon and from where it answers, and where it leads."""

from __future__ import annotations

import re

from checks.fact import Fact, reads
from checks.facts.page_answer import refusal
from checks.facts.page_text import host, read
from checks.outside import Page, Visit

HOME = Page("")
"""Read once in a survey, whichever facts rest on it."""

MOST_PAGES = 10
SKIPPED = re.compile(
    r"log-?(out|off|in)|keluar|masuk|hapus|delete|unduh|download|\.(pdf|docx?|xlsx?|pptx?|zip|rar|apk|exe|jpe?g|png|gif|mp4|css|js)\b",
    re.IGNORECASE,
)


class HomePage(Fact, frozen=True):
    """Answer of the public home page, redirects followed. `status` 0: no whole answer, for `trouble` (see checks.outside).

    `refusal`: it answers, but refuses the prober, and how ("403", "503 challenge"). `seconds`: of the whole way.
    `url` answered, after `hops` (both without query). `secure`: over TLS; `trusted`: with a certificate that was verified.
    `paths` are pages of the same host that it links to, ten at most. Never absent.
    """

    status: int
    trouble: str
    refusal: str
    seconds: float
    url: str
    hops: tuple[str, ...]
    secure: bool
    trusted: bool
    title: str
    paths: tuple[str, ...]


@reads(HOME)
def home(visit: Visit) -> HomePage:
    how = refusal(visit)
    found = read(visit.text, visit.url) if visit.status == 200 and not how else None
    return HomePage(
        status=visit.status,
        trouble=visit.trouble,
        refusal=how,
        seconds=round(visit.seconds, 2),
        url=_bare(visit.url),
        hops=tuple(map(_bare, visit.hops)),
        secure=visit.secure,
        trusted=visit.trusted,
        title=found.title if found else "",
        paths=_paths(visit.url, [link.url for link in found.links]) if found else (),
    )


def _bare(url: str) -> str:
    """`url` without what may be someone's own."""
    return re.sub(r"[?#;].*", "", url, flags=re.DOTALL)[:200]


def _paths(here: str, links: list[str]) -> tuple[str, ...]:
    """The first ten pages of the same host, without those that do something or are no page."""
    origin = "/".join(here.split("/", 3)[:3])
    paths: dict[str, None] = {}
    for link in links:
        url = link.partition("#")[0]
        path = url.removeprefix(origin)
        if path != url and path.startswith("/") and host(url) == host(here) and not SKIPPED.search(path):
            paths[path[:300]] = None
        if len(paths) > MOST_PAGES:
            break
    paths.pop(here.removeprefix(origin), None)
    return tuple(paths)[:MOST_PAGES]
