from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.page_answer import document, refusal
from tests.checks.visits import CHALLENGE, EMPTY, FORBIDDEN, REJECTED, SILENT, visit


def test_a_web_firewalls_refusal_is_told_from_a_page_and_from_an_outage() -> None:
    assert (refusal(FORBIDDEN), refusal(CHALLENGE), refusal(REJECTED)) == ("403", "503 challenge", "200 challenge")
    assert refusal(visit("<p>x</p>", 503, headers={"cf-mitigated": "challenge"})) == "503 challenge"
    assert refusal(visit()) == ""
    assert refusal(visit("<h1>502 Bad Gateway</h1>", 502)) == ""
    assert refusal(SILENT) == ""
    long = "<p>" + "pengadaan barang dan jasa " * 100 + "</p><p>Masukkan captcha: security check</p>"
    assert refusal(visit(long)) == ""


@pytest.mark.parametrize(
    "seen", [FORBIDDEN, CHALLENGE, REJECTED, SILENT, EMPTY, visit("x", 404), visit("{}"), visit("\0" * 99)]
)
def test_where_no_page_was_seen_the_reason_is_said(seen: object) -> None:
    with pytest.raises(Missing, match=r"\w"):
        document(seen)  # type: ignore[arg-type]
