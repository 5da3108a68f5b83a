from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.page_structure import structure
from tests.checks.visits import SILENT, visit
from tests.public_site import HOME


def test_the_structure_stays_when_words_change_and_changes_when_elements_do() -> None:
    before, news, put_in = (
        structure(visit(text))
        for text in (HOME, HOME.replace("Selamat datang", "Halo"), HOME.replace("<h1>", "<iframe></iframe><h1>"))
    )
    assert before.skeleton == news.skeleton != put_in.skeleton
    assert put_in.elements == before.elements + 1
    assert (before.title, before.size) == ("LPSE Kabupaten Contoh", len(HOME))


def test_no_page_has_no_structure() -> None:
    with pytest.raises(Missing):
        structure(SILENT)
