from __future__ import annotations

from checks.facts.outbound import Connection, Outbound
from checks.security.outbound import known_destinations
from checks.text import words
from checks.verdict import Status, Verdict

MAIL, LKPP, ELSEWHERE = Connection("java", "10.0.0.25", 25), Connection("java", "103.55.160.11", 443), "36.66.1.2"


def judged(*seen: Connection, total: int | None = None, **thresholds: tuple[str, ...] | bool) -> Verdict:
    said = known_destinations(Outbound(seen, len(seen) if total is None else total), **thresholds)
    assert isinstance(said, Verdict)
    return said


def test_the_own_network_and_lkpp_are_known() -> None:
    assert judged().status is Status.PASS
    assert judged(MAIL, LKPP).status is Status.PASS
    assert judged(MAIL, private=False, allowed=("10.0.0.5",)).status is Status.FAIL


def test_a_public_address_is_a_breach_where_policy_declares_others_and_undetermined_where_it_declares_none() -> None:
    stranger = Connection("httpd", ELSEWHERE, 4444)
    assert judged(stranger).status is Status.UNKNOWN
    assert judged(stranger, allowed=("8.8.8.0/24",)).status is Status.FAIL
    assert "httpd -> 36.66.1.2 port 4444" in words(judged(stranger, allowed=("8.8.8.0/24",)).measured, "id")
    assert judged(stranger, allowed=("36.66.0.0/16",)).status is Status.PASS


def test_postgresql_has_no_business_on_the_internet() -> None:
    assert judged(Connection("postgres", ELSEWHERE, 443)).status is Status.FAIL
    assert judged(Connection("postgres", ELSEWHERE, 443), allowed=("36.66.1.2",)).status is Status.PASS


def test_whose_process_is_not_seen_and_what_is_not_told_is_undetermined() -> None:
    assert judged(Connection("", ELSEWHERE, 443), allowed=("8.8.8.8",)).status is Status.UNKNOWN
    assert judged(MAIL, total=40).status is Status.UNKNOWN


def test_a_wrong_line_of_policy_judges_nobody() -> None:
    assert judged(LKPP, allowed=("lkpp.go.id",)).status is Status.UNKNOWN


def test_ipv6_is_compared_too() -> None:
    assert judged(Connection("java", "2001:4860:4860::8888", 443), allowed=("2001:4860::/32",)).status is Status.PASS
