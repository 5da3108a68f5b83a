from __future__ import annotations

from checks.facts.list_page import tenders
from tests.checks.visits import FORBIDDEN, SILENT, visit
from tests.public_site import LIST


def test_the_table_of_tenders_is_seen_by_its_id() -> None:
    assert tenders(visit(LIST)).table
    assert not tenders(visit("<title>Cari Paket</title><p>tbllelang</p>")).table
    assert not tenders(visit(LIST, 500)).table


def test_silence_and_refusal_are_told() -> None:
    assert (tenders(SILENT).trouble, tenders(FORBIDDEN).refusal) == ("silent", "403")
