from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.page_structure import structure
from tests.checks.visits import SILENT, visit
from tests.public_site import HOME


def made_of(html: str) -> set[str]:
    return set(structure(visit(html)).items)


def test_other_words_and_a_longer_list_change_nothing() -> None:
    rows = "<table><tr><td>Tender 1</td></tr></table>"
    more = "<table><tr><td>Tender 1</td></tr><tr><td>Tender 2</td></tr></table>"
    page = HOME.replace("</body>", f"{rows}</body>")
    assert made_of(page) == made_of(page.replace("Selamat datang", "Halo").replace(rows, more))


def test_what_is_put_into_a_page_shows() -> None:
    put_in = HOME.replace("<h1>", "<marquee></marquee><iframe src='https://slot.example/x'></iframe><h1>")
    put_in = put_in.replace("</body>", "<form action='https://login.example/'></form></body>")
    new = made_of(put_in) - made_of(HOME)
    assert {"frame slot.example", "form login.example"} <= new
    assert any(one.endswith("marquee") for one in new)


def test_another_title_shows() -> None:
    new = made_of(HOME.replace("LPSE Kabupaten Contoh</title>", "Hacked by nobody</title>")) - made_of(HOME)
    assert new == {"title Hacked by nobody"}


def test_no_page_has_no_structure() -> None:
    with pytest.raises(Missing):
        structure(SILENT)
