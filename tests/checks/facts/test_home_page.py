from __future__ import annotations

import msgspec
import pytest

from checks.facts.home_page import HomePage, home
from checks.outside import Visit
from tests.checks.visits import REFUSALS, SILENT, URL, visit


def test_a_home_page_tells_its_answer_and_where_it_leads() -> None:
    page = home(visit(hops=("https://lpse.example.go.id/?token=s3cret",)))
    assert (page.status, page.trouble, page.refusal, page.title) == (200, "", "", "LPSE Kabupaten Contoh")
    assert page.paths == ("/eproc4/lelang", "/eproc4/berita")  # neither the file nor the other site
    assert page.hops == ("https://lpse.example.go.id/",)
    assert msgspec.json.decode(msgspec.json.encode(page), type=HomePage) == page


def test_pages_that_do_something_are_not_among_the_paths_and_ten_are_enough() -> None:
    links = "".join(f"<a href='/eproc4/{name}'>x</a>" for name in ("logout", "keluar", "hapus/1", "a.zip", "login"))
    many = "".join(f"<a href='/eproc4/p{n}'>x</a>" for n in range(50))
    assert home(visit(links)).paths == ()
    assert len(home(visit(links + many)).paths) == 10
    assert (
        home(visit(f"<a href='{URL}'>itself</a><a href='https://lpse.example.go.id:8443/x'>other port</a>")).paths == ()
    )


@pytest.mark.parametrize("seen", REFUSALS)
def test_a_refusal_is_no_page(seen: Visit) -> None:
    page = home(seen)
    assert page.refusal
    assert (page.title, page.paths) == ("", ())


def test_silence_is_told_as_it_is() -> None:
    page = home(SILENT)
    assert (page.status, page.trouble, page.refusal, page.seconds) == (0, "silent", "", 15.0)
