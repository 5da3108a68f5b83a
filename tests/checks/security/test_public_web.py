from __future__ import annotations

import pytest

from checks.check import Check
from checks.facts.browser_headers import BrowserHeaders, Cookie, Cookies, headers
from checks.facts.exposed_paths import InternalPages, ServedFiles
from checks.facts.home_page import home
from checks.facts.plain_http import PlainHttp
from checks.outside import Visit
from checks.security.public_web import hsts, internal_pages, redirected, security_headers, served_files, session_cookies
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.visits import REFUSALS, SILENT, visit
from tests.public_site import SAFE

GOOD = headers(visit(headers={name.lower(): value for name, value in SAFE.items()}))
BARE = BrowserHeaders(True, None, "", False, False, "")


@pytest.mark.parametrize(
    ("http", "status"),
    [
        (PlainHttp(200, "", "", "https", "x"), Status.PASS),
        (PlainHttp(0, "silent", "", "https", "x"), Status.PASS),
        (PlainHttp(403, "", "403", "https", "x"), Status.PASS),
        (PlainHttp(0, "refused", "", "", ""), Status.PASS),
        (PlainHttp(200, "", "", "", ""), Status.FAIL),
        (PlainHttp(404, "", "", "", ""), Status.FAIL),
        (PlainHttp(200, "", "", "http", "x"), Status.FAIL),
        (PlainHttp(403, "", "403", "", ""), Status.UNKNOWN),
        (PlainHttp(0, "silent", "", "", ""), Status.UNKNOWN),
        (PlainHttp(0, "refused", "", "http", "x"), Status.UNKNOWN),
        (PlainHttp(0, "loop", "", "https", "x"), Status.UNKNOWN),
        (PlainHttp(502, "", "", "", ""), Status.UNKNOWN),
    ],
)
def test_only_a_way_to_https_or_a_closed_port_passes(http: PlainHttp, status: Status) -> None:
    assert redirected(http).status is status


def test_hsts_needs_half_a_year() -> None:
    assert hsts(GOOD).status is Status.PASS
    assert hsts(BARE).status is Status.FAIL
    assert hsts(BrowserHeaders(True, 300, "", True, True, "")).status is Status.FAIL
    assert "HTTPS" in hsts(BrowserHeaders(False, None, "", True, True, "")).measured.en


def test_each_missing_header_is_named() -> None:
    assert security_headers(GOOD).status is Status.PASS
    said = security_headers(BARE)
    assert (said.status, said.value) == (Status.FAIL, 4)
    said = security_headers(BrowserHeaders(True, 1, "ALLOWALL", True, True, "unsafe-url"))
    assert said.measured.en == "missing: X-Frame-Options, Referrer-Policy"
    assert (
        security_headers(BrowserHeaders(True, 1, "frame-ancestors *", True, True, "no-referrer")).status is Status.FAIL
    )
    assert (
        security_headers(BrowserHeaders(True, 1, "frame-ancestors 'self'", True, True, "no-referrer")).status
        is Status.PASS
    )


@pytest.mark.parametrize(("check", "fact"), [(internal_pages, InternalPages), (served_files, ServedFiles)])
def test_what_is_open_fails_and_what_is_closed_passes(check: Check, fact: type[ServedFiles]) -> None:
    def said(*paths: object) -> tuple[Status, str]:
        verdict = check(home(visit()), fact(*paths))  # type: ignore[arg-type]
        assert isinstance(verdict, Verdict)
        return verdict.status, words(verdict.measured, "en")

    assert said(7, (), ()) == (Status.PASS, "7 addresses are closed")
    assert said(7, ("/metrics",), ("/x",)) == (Status.FAIL, "open: /metrics")
    assert said(7, (), ("/x",))[0] is Status.UNKNOWN
    assert said(0, (), ())[0] is Status.UNKNOWN


@pytest.mark.parametrize("seen", [*REFUSALS, SILENT])
def test_a_prober_that_is_refused_everywhere_cannot_say_that_anything_is_closed(seen: Visit) -> None:
    assert internal_pages(home(seen), InternalPages(7, (), ())).status is Status.UNKNOWN
    assert internal_pages(home(seen), InternalPages(7, ("/metrics",), ())).status is Status.FAIL


def test_a_session_cookie_needs_all_three_flags() -> None:
    (good,) = session_cookies(Cookies((Cookie("PLAY_SESSION", True, True, "lax"), Cookie("TS01", False, False, ""))))
    assert (good.status, good.subject) == (Status.PASS, "PLAY_SESSION")
    (bad,) = session_cookies(Cookies((Cookie("SPSE_SESSION", False, True, "none"),)))
    assert bad.status is Status.FAIL
    assert bad.measured.en == "without Secure, SameSite=none"


def test_without_a_session_cookie_nothing_is_known() -> None:
    (said,) = session_cookies(Cookies((Cookie("lang", False, False, ""),)))
    assert said.status is Status.UNKNOWN
