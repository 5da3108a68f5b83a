from __future__ import annotations

import dataclasses

import pytest

from checks.availability.public_site import home_page, list_page, public_name
from checks.facts.home_page import home
from checks.facts.list_page import tenders
from checks.facts.public_name import PublicName
from checks.outside import Visit
from checks.verdict import Status
from tests.checks.visits import REFUSALS, SILENT, URL, visit
from tests.public_site import LIST

NAME = PublicName("lpse.example.go.id", ("8.8.8.8",), (), ())


def test_a_page_in_time_passes_and_a_slow_one_fails() -> None:
    assert home_page(home(visit())).status is Status.PASS
    slow = home_page(home(visit(seconds=12.0)))
    assert (slow.status, slow.measured.en) == (Status.FAIL, "200 after 12.0 s")


@pytest.mark.parametrize("seen", REFUSALS)
def test_a_web_firewall_that_refuses_the_prober_is_never_down(seen: Visit) -> None:
    for said in (home_page(home(seen)), list_page(tenders(seen))):
        assert said.status is Status.UNKNOWN
        assert said.measured.en.startswith("the site answers, but refuses the probe")


@pytest.mark.parametrize("trouble", ["name", "refused", "silent", "tls", "broken", "loop"])
def test_no_answer_is_down(trouble: str) -> None:
    seen = dataclasses.replace(SILENT, trouble=trouble)
    assert home_page(home(seen)).status is Status.FAIL
    assert list_page(tenders(seen)).status is Status.FAIL


@pytest.mark.parametrize("status", [404, 500, 502, 503])
def test_an_error_is_down(status: int) -> None:
    assert home_page(home(visit("<h1>Oops, an error occured</h1>", status))).status is Status.FAIL


def test_where_the_prober_is_led_inside_nothing_is_known() -> None:
    assert home_page(home(dataclasses.replace(SILENT, trouble="inward"))).status is Status.UNKNOWN


def test_the_list_of_tenders_needs_its_table() -> None:
    assert list_page(tenders(visit(LIST))).status is Status.PASS
    assert list_page(tenders(visit(LIST, 500))).status is Status.FAIL
    assert list_page(tenders(visit())).status is Status.UNKNOWN
    assert list_page(tenders(visit("x", 404))).status is Status.UNKNOWN
    assert list_page(tenders(visit(LIST, seconds=30.0))).status is Status.FAIL


def test_a_name_must_lead_to_a_known_place() -> None:
    assert public_name(NAME, home(visit())).status is Status.PASS
    assert public_name(NAME, home(visit(url="https://spse.inaproc.id/example"))).status is Status.PASS
    said = public_name(NAME, home(visit(url="https://gacor.example/", hops=(URL,))))
    assert (said.status, said.measured.en) == (Status.FAIL, "redirected to gacor.example")
    assert public_name(PublicName("x", (), (), ()), home(SILENT)).status is Status.FAIL


def test_a_private_address_is_the_sight_from_the_inner_network() -> None:
    inner = PublicName("lpse.example.go.id", ("10.1.2.3",), (), ("10.1.2.3",))
    assert public_name(inner, home(visit())).status is Status.UNKNOWN
