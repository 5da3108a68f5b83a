from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.page_text import absolute, host, read, site
from tests.checks.facts.fuzzing import mixed

BASE = "https://lpse.example.go.id/eproc4/home"
TAGS = mixed(
    "<a href='/x'>",
    "</a>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<",
    ">",
    "&amp;",
    "<title>",
    "<p",
    " src=",
    "'",
    '"',
)


def test_title_words_links_scripts_and_frames_are_read_hidden_ones_too() -> None:
    page = read(
        "<title> A\n B </title><meta name=description content='for engines'><p style='display:none'>hidden</p><script>no()</script>"
        "<a href='lelang#x'>Ten<b>der</b></a><script src=//cdn.example/x.js integrity=sha384-y></script><iframe src='/f'></iframe>",
        BASE,
    )
    assert page.title == "A B"
    assert "hidden" in page.text
    assert "for engines" in page.text
    assert "no()" not in page.text
    assert [(link.url, link.said) for link in page.links] == [("https://lpse.example.go.id/eproc4/lelang#x", "Ten der")]
    assert [(one.kind, one.url, one.integrity) for one in page.loaded] == [
        ("script", "https://cdn.example/x.js", True), ("frame", "https://lpse.example.go.id/f", False)
    ]  # fmt: skip


def test_a_refresh_to_elsewhere_is_a_link() -> None:
    assert (
        read("<meta http-equiv=refresh content='0; url=https://x.example/'>", BASE).links[0].url == "https://x.example/"
    )


def test_parts_are_where_elements_stand_each_once() -> None:
    page = read("<ul><li>satu<br><li>dua</ul><p>tiga</p>", BASE)
    assert page.parts == {"ul", "ul/li", "ul/li/br", "ul/li/li", "p"}
    assert read("<p class=x>dua</p>", BASE).parts == read("<p>satu</p><p>lagi</p>", BASE).parts


def test_a_form_goes_where_it_says_or_to_its_own_page() -> None:
    page = read("<form action=/login></form><form></form><form action='javascript:x()'></form>", BASE)
    assert len(page.forms) == 2
    assert all(host(url) == host(BASE) for url in page.forms)


@pytest.mark.parametrize(
    ("reference", "url"),
    [("javascript:x()", ""), ("mailto:a@b", ""), ("data:text/html,x", ""), ("http://[", ""), ("//x.example/y", "https://x.example/y"),
     ("", BASE), ("?q", f"{BASE}?q")],
)  # fmt: skip
def test_only_what_leads_somewhere_on_the_web_is_a_link(reference: str, url: str) -> None:
    assert absolute(BASE, reference) == url


@pytest.mark.parametrize(
    ("name", "together"),
    [("lpse.jabarprov.go.id", "jabarprov.go.id"), ("jabarprov.go.id", "jabarprov.go.id"), ("cdn.example.com", "example.com"),
     ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("localhost", "localhost"), ("", "")],
)  # fmt: skip
def test_what_belongs_to_one_site(name: str, together: str) -> None:
    assert site(name) == together
    assert host(f"https://{f'[{name}]' if ':' in name else name}/") == name


@given(st.one_of(st.text(max_size=300), TAGS))
def test_whatever_a_page_holds_it_is_read(text: str) -> None:
    page = read(text, BASE)
    assert len(page.parts) <= page.elements


@pytest.mark.parametrize(
    "unit", ["<a", "<!", "<!--", "<![CDATA[", "</", "<a b='", "<script>", "&#", "<", "<p>", "<a href=x>"]
)
def test_reading_takes_time_in_proportion_to_the_length(unit: str) -> None:
    start = time.process_time()
    read(unit * (400_000 // len(unit)), BASE)
    assert time.process_time() - start < 10  # quadratic would be minutes
