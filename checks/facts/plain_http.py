"""What the public site says to who asks without encryption."""

from __future__ import annotations

from urllib.parse import urlsplit

from checks.fact import Fact, reads
from checks.facts.page_answer import refusal
from checks.facts.page_text import host
from checks.outside import Page, Visit


class PlainHttp(Fact, frozen=True):
    """Answer to a first request over plain HTTP, redirects followed. `status` 0: none, for `trouble` (see checks.outside).

    `scheme` and `host`: where redirects led to, whether or not it answers there; empty where there was none. Never absent.
    """

    status: int
    trouble: str
    refusal: str
    scheme: str
    host: str


@reads(Page("/", plain=True, max_bytes=4096))
def unencrypted(visit: Visit) -> PlainHttp:
    scheme, name = (urlsplit(visit.url).scheme, host(visit.url)) if visit.hops else ("", "")
    return PlainHttp(visit.status, visit.trouble, refusal(visit), scheme[:20], name[:255])
