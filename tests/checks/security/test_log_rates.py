from __future__ import annotations

import msgspec
import pytest

from checks.facts.log_rates import Rate
from checks.facts.spse_errors import SpseErrors
from checks.facts.waf_blocks import WafBlocks
from checks.facts.web_directives import WebServer
from checks.facts.web_server import WebServers
from checks.security import log_rates
from checks.text import words
from checks.verdict import Status, Verdict

BARE = WebServer("apache", "prod", False, (), True)
WITH_WAF = WebServers((msgspec.structs.replace(BARE, engines={"": "on"}),))

RATES = [
    (Rate(0, 7, 0.0), Status.PASS),
    (Rate(120, 7, 40.0), Status.PASS),
    (Rate(900, 7, 40.0), Status.FAIL),
    (Rate(40, 7, 1.0), Status.PASS),
    (Rate(40, 0, 0.0), Status.PASS),
    (Rate(900, 2, 1.0), Status.UNKNOWN),
]


def errors(rate: Rate, **thresholds: float) -> Verdict:
    verdict = log_rates.spse_errors_do_not_surge(SpseErrors(rate), **thresholds)
    assert isinstance(verdict, Verdict)
    return verdict


def blocks(web: WebServers, found: WafBlocks | None) -> Status:
    verdict = log_rates.waf_blocks_do_not_surge(web, found)
    assert isinstance(verdict, Verdict)
    return verdict.status


@pytest.mark.parametrize(("rate", "expected"), RATES)
def test_far_more_than_usual_fails(rate: Rate, expected: Status) -> None:
    assert errors(rate).status is expected
    assert blocks(WITH_WAF, WafBlocks(rate)) is expected


def test_the_limits_differ() -> None:
    rate = Rate(400, 7, 100.0)

    assert errors(rate).status is Status.FAIL
    assert blocks(WITH_WAF, WafBlocks(rate)) is Status.PASS
    assert errors(rate, times=4.0).status is Status.PASS


def test_what_was_counted_is_told_with_what_is_usual() -> None:
    verdict = errors(Rate(900, 7, 40.0))

    assert words(verdict.measured, "en") == "900 errors in 24 hours; median of the 7 days before 40"
    assert words(verdict.expected, "id") == "<= 120 dalam 24 jam"


def test_without_a_firewall_or_its_log_there_is_nothing_to_count() -> None:
    assert blocks(WebServers((BARE,)), WafBlocks(Rate(0, 7, 0.0))) is Status.NOT_APPLICABLE
    assert blocks(WITH_WAF, None) is Status.UNKNOWN
