from __future__ import annotations

import msgspec
import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.browser_headers import Cookie, Cookies, cookies, headers, parse
from checks.outside import Visit
from tests.checks.facts.fuzzing import mixed
from tests.checks.visits import REFUSALS, SILENT, visit
from tests.public_site import SAFE

LOWER = {name.lower(): value for name, value in SAFE.items()}


def test_headers_are_read_and_hsts_counts_only_over_tls() -> None:
    said = headers(visit(headers=LOWER))
    assert (said.hsts, said.frames, said.nosniff, said.policy) == (31536000, "SAMEORIGIN", True, True)
    assert headers(visit(headers=LOWER, secure=False)).hsts is None
    none = headers(visit(headers={}))
    assert (none.hsts, none.frames, none.nosniff, none.policy, none.referrer) == (None, "", False, False, "")


def test_frame_ancestors_stand_for_x_frame_options() -> None:
    assert (
        headers(visit(headers={"content-security-policy": "default-src *; frame-ancestors 'self'"})).frames
        == "frame-ancestors 'self'"
    )


@pytest.mark.parametrize("seen", [*REFUSALS, SILENT, visit("x", 500), visit("x", 404)])
def test_headers_of_no_page_are_missing(seen: Visit) -> None:
    for reading in (lambda: headers(seen), lambda: cookies(seen, visit())):
        with pytest.raises(Missing):
            reading()


def test_flags_of_a_cookie_are_kept_and_never_its_value() -> None:
    home = visit(
        cookies=("SPSE_SESSION=s3cret-value; Path=/; Secure; HttpOnly; SameSite=Lax", "gone=; Max-Age=0", "x", "=y")
    )
    login = visit("x", 404, cookies=("SPSE_SESSION=other; httponly",))
    fact = cookies(home, login)
    assert fact.cookies == (Cookie("SPSE_SESSION", False, True, ""),)  # the weakest of what was set counts
    assert b"s3cret" not in msgspec.json.encode(fact)
    assert cookies(home, SILENT) == Cookies((Cookie("SPSE_SESSION", True, True, "lax"),))


@given(mixed("a=b", ";", "=", "Secure", "HttpOnly", "SameSite=", '""', " "))
def test_whatever_stands_in_a_cookie_it_is_read(line: str) -> None:
    assert len(parse([line])) <= 1
