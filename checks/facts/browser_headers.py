"""What the public site tells browsers to do for their users' safety, and the flags of its cookies."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.home_page import HOME
from checks.facts.page_answer import TROUBLES, refusal
from checks.outside import Page, Visit
from checks.text import Text

MOST_COOKIES = 20
MAX_AGE = re.compile(r'max-age\s*=\s*"?(\d{1,12})', re.IGNORECASE)


class BrowserHeaders(Fact, frozen=True):
    """Headers of the home page. `hsts`: seconds of Strict-Transport-Security, None where there is none or not over TLS.

    `frames`: X-Frame-Options, or frame-ancestors of the policy; `nosniff`, `policy` (Content-Security-Policy) and `referrer`
    are whether they are there with a meaning. Never absent.
    """

    secure: bool
    hsts: int | None
    frames: str
    nosniff: bool
    policy: bool
    referrer: str


class Cookie(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One cookie that the site sets: its name and flags, never its value. `same_site` is empty where it says none."""

    name: str
    secure: bool
    http_only: bool
    same_site: str


class Cookies(Fact, frozen=True):
    """The cookies that the home page and the login page set, each name once with its weakest flags. Never absent."""

    cookies: tuple[Cookie, ...]


def _answered(visit: Visit) -> Visit:
    """`visit`, if it is an answer of the site itself. Raises Missing."""
    if visit.trouble:
        raise Missing(TROUBLES[visit.trouble])
    if how := refusal(visit):
        raise Missing(
            Text(f"situs menjawab, tetapi menolak prober ({how})", f"the site answers, but refuses the probe ({how})")
        )
    if not 200 <= visit.status < 400:
        raise Missing(Text(f"halaman menjawab {visit.status}", f"the page answers {visit.status}"))
    return visit


@reads(HOME)
def headers(visit: Visit) -> BrowserHeaders:
    said = _answered(visit).headers
    age = MAX_AGE.search(said.get("strict-transport-security", ""))
    policy = said.get("content-security-policy", "").strip()
    ancestors = re.search(r"frame-ancestors\s+([^;]+)", policy, re.IGNORECASE)
    frames = said.get("x-frame-options", "").strip() or (f"frame-ancestors {ancestors[1].strip()}" if ancestors else "")
    return BrowserHeaders(
        secure=visit.secure,
        hsts=int(age[1]) if age and visit.secure else None,
        frames=frames[:100],
        nosniff=said.get("x-content-type-options", "").strip().lower() == "nosniff",
        policy=bool(policy),
        referrer=said.get("referrer-policy", "").strip().lower()[:100],
    )


@reads(HOME, Page("/login", max_bytes=65536))
def cookies(home: Visit, login: Visit) -> Cookies:
    """The login page may be elsewhere (404): its cookies count if it gives some."""
    return Cookies(parse(cookie for visit in (_answered(home), login) for cookie in visit.cookies))


def parse(said: Iterable[str]) -> tuple[Cookie, ...]:
    """Values of Set-Cookie as cookies. One that is deleted (an empty value) carries nothing."""
    found: dict[str, Cookie] = {}
    for line in said:
        first, *rest = (part.strip() for part in line.split(";"))
        name, equals, value = first.partition("=")
        if not equals or not name.strip() or not value.strip().strip('"'):
            continue
        flags = {key.strip().lower(): value.strip() for key, _, value in (part.partition("=") for part in rest)}
        one = Cookie(name.strip()[:60], "secure" in flags, "httponly" in flags, flags.get("samesite", "").lower()[:10])
        before = found.get(one.name)
        if before:
            weaker = one.same_site if before.same_site else before.same_site
            one = Cookie(one.name, one.secure and before.secure, one.http_only and before.http_only, weaker)
        found[one.name] = one
    return tuple(found.values())[:MOST_COOKIES]
