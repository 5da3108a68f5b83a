from __future__ import annotations

from checks.facts.plain_http import unencrypted
from checks.outside import Visit

PLAIN = "http://lpse.example.go.id:80/"


def test_where_it_leads_is_told_even_if_nobody_answers_there() -> None:
    led = unencrypted(Visit("https://lpse.example.go.id/", 200, hops=(PLAIN,)))
    assert (led.scheme, led.host) == ("https", "lpse.example.go.id")
    assert unencrypted(Visit("https://x.example/", hops=(PLAIN,), trouble="silent")).scheme == "https"


def test_an_answer_without_a_redirect_leads_nowhere() -> None:
    assert (unencrypted(Visit(PLAIN, 200)).scheme, unencrypted(Visit(PLAIN, trouble="refused")).trouble) == (
        "",
        "refused",
    )
    assert unencrypted(Visit(PLAIN, 403)).refusal == "403"
