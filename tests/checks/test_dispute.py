from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from checks.availability.public_site import home_page, list_page
from checks.catalogue import catalogue
from checks.check import Check
from checks.dispute import CONTRADICTIONS, Contradiction, contradicts, disputed
from checks.facts.exposed_paths import BELOW_FILES, ROOT_FILES, ServedFiles
from checks.facts.home_page import HomePage, home
from checks.facts.list_page import ListPage
from checks.facts.public_clock import PublicClock
from checks.facts.public_ports import PORTS, PublicPorts
from checks.security.network import UNNEEDED
from checks.security.public_clock import public_clock
from checks.security.public_ports import declared
from checks.security.public_web import served_files
from checks.target import Target
from checks.vantage import Vantage
from checks.verdict import Result, Status, Verdict, result
from tests.checks.visits import SILENT, visit

CATALOGUE = catalogue().checks
SITE = home(visit())
EACH = pytest.mark.parametrize("one", CONTRADICTIONS, ids=lambda one: f"{one.host}-{one.outside}")


def said(check: Check, *facts: object) -> Result:
    """What an outside check really says."""
    verdict = check(*facts)
    assert isinstance(verdict, Verdict)
    return result(check.code, verdict)


def ports(*numbers: int) -> Result:
    return said(declared, PublicPorts(len(PORTS), numbers, len(numbers), (), 0))


def served(*paths: str) -> Result:
    return said(served_files, SITE, ServedFiles(99, paths, ()))


def disputing(*observed: Result) -> set[str]:
    """The host checks whose pass is disputed by what was observed."""
    return {one.host for one in CONTRADICTIONS if disputed(one.host, Status.PASS, observed)}


# The data


@EACH
def test_a_host_check_of_the_catalogue_is_contradicted_by_an_outside_check_of_it(one: Contradiction) -> None:
    host, outside = CATALOGUE[one.host], CATALOGUE[one.outside]
    assert (host.target, outside.target) == (Target.SERVER, Target.INSTANCE)
    assert Vantage.HOST in host.vantages
    assert outside.vantages == {Vantage.OUTSIDE}
    assert one.outside in contradicts(one.host)


@EACH
def test_every_reason_says_both_sides_in_both_languages(one: Contradiction) -> None:
    assert "padahal menurut server" in one.reason.id
    assert "while the server says" in one.reason.en
    re.compile(one.mark)


def test_no_two_rows_are_of_one_pair_and_most_checks_have_none() -> None:
    pairs = [(one.host, one.outside) for one in CONTRADICTIONS]
    assert len(set(pairs)) == len(pairs)
    assert pairs == sorted(pairs)
    assert contradicts("K-SSH-01") == ()
    assert contradicts("L-AVL-03") == ("L-AVL-01", "L-AVL-02")


def test_what_is_marked_is_among_what_is_tried_from_outside() -> None:
    tried = {"K-NET-06": [str(port) for port in PORTS], "K-WEB-09": [*ROOT_FILES, *BELOW_FILES]}
    for one in CONTRADICTIONS:
        if one.outside in tried:
            assert any(re.search(one.mark, each) for each in tried[one.outside]), one.host
    assert {"vsftpd", "rpcbind", "smbd", "cups", "squid"} <= set(UNNEEDED)  # what K-NET-08 says are off


# What the checks really say


def observations() -> Iterator[tuple[Result, set[str]]]:
    yield ports(80, 443), set()
    yield ports(22, 443, 8443), set()  # undeclared, but no claim of the server is about it
    yield ports(443, 5432), {"K-NET-04", "K-PG-02"}
    yield ports(443, 9090), {"K-NET-05"}
    yield ports(21, 443), {"K-NET-08"}
    yield ports(15432, 54321), set()
    yield served(), set()
    yield served("/.git/HEAD"), set()
    yield served("/conf/application.conf"), {"K-APP-02", "K-WEB-07"}
    yield served("/conf/application.conf.bak"), {"K-WEB-07"}
    yield served("/server.pid"), {"K-WEB-07"}
    yield served("/server-status", "/phpinfo.php"), {"K-WEB-02", "K-IOC-03"}
    yield said(home_page, SITE), set()
    yield said(home_page, home(SILENT)), {"L-AVL-03", "L-AVL-06"}
    yield said(list_page, ListPage(500, "", "", 0.1, False)), {"L-AVL-03", "L-AVL-05"}
    yield said(list_page, ListPage(404, "", "", 0.1, False)), set()
    yield said(public_clock, PublicClock(600.0, 0.6)), {"K-TIME-02"}
    yield said(public_clock, PublicClock(0.1, 0.6)), set()


@pytest.mark.parametrize(("observed", "hosts"), list(observations()))
def test_only_what_was_seen_from_outside_disputes_and_only_what_it_is_about(observed: Result, hosts: set[str]) -> None:
    assert disputing(observed) == hosts


def test_only_a_pass_is_disputed_and_only_by_a_failure() -> None:
    down = said(home_page, home(SILENT))
    for status in Status:
        assert bool(disputed("L-AVL-03", status, [down])) is (status is Status.PASS)
        other = Result("L-AVL-01", status, down.measured)
        assert bool(disputed("L-AVL-03", Status.PASS, [other])) is (status is Status.FAIL)


def test_a_prober_that_is_refused_disputes_nothing() -> None:
    refused = HomePage(403, "", "403", 0.1, SITE.url, (), True, True, "", ())
    assert disputing(said(home_page, refused)) == set()


def test_both_sides_are_handed_over_to_be_shown() -> None:
    observed = ports(5432)
    ((contradiction, seen),) = disputed("K-NET-04", Status.PASS, [ports(80), observed])
    assert seen is observed
    assert contradiction.reason.id.startswith("port PostgreSQL menjawab dari internet")
