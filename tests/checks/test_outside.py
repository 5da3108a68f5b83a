from __future__ import annotations

import dataclasses

import pytest

from checks import VERSION
from checks.outside import BROWSER, HONEST, Dns, Hello, Outside, Page, Pages, Tcp, Tls, Visit
from checks.source import MEBIBYTE
from checks.vantage import Vantage

EACH: list[tuple[Outside[object], str]] = [
    (Page(), "page {URL}"),
    (Page("/lelang"), "page {URL}/lelang"),
    (Page("/x", root=True), "page {HOST}/x"),
    (Page("/", plain=True), "page http://{HOST}/"),
    (Page("", agent=BROWSER), f"page {{URL}} ({BROWSER})"),
    (Pages(("/.git/HEAD",), below=("/metrics",)), "pages {HOST}/.git/HEAD {URL}/metrics"),
    (Tls(), "tls {HOST}"),
    (Hello(0x0301, (1, 2)), "tls {HOST} offering 0x0301 with 2 cipher suites"),
    (Tcp((22, 80)), "tcp {HOST} 22,80"),
    (Dns(), "dns {HOST}"),
]


@pytest.mark.parametrize(("source", "line"), EACH, ids=lambda one: type(one).__name__)
def test_every_source_is_of_the_outside_says_itself_in_one_line_and_is_bounded(
    source: Outside[object], line: str
) -> None:
    assert source.describe() == line
    assert source.vantage is Vantage.OUTSIDE
    assert 0 < source.timeout <= 15
    assert 0 < source.max_bytes <= MEBIBYTE
    assert dataclasses.replace(source) == source
    assert hash(source) == hash(dataclasses.replace(source))


def test_the_prober_says_who_it_is() -> None:
    assert f"Pantau/{VERSION} (+LKPP surveillance)" == HONEST
    assert Page().agent == HONEST


def test_a_visit_without_an_answer_has_no_status() -> None:
    assert (Visit("http://x/", trouble="silent").status, Visit("http://x/").trouble) == (0, "")
