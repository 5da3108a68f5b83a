from __future__ import annotations

from pathlib import Path

from checks.check import CODE
from checks.self_assessment import ITEMS, LINKED
from checks.standard import Kind, load

LISTED = set((Path(__file__).parent / "catalogue_codes.txt").read_text().split())
STANDARDS = load()


def test_the_items_are_those_of_the_standards() -> None:
    asked = {
        letter: sum(one.kind is Kind.SELF_ASSESSMENT for one in standard.requirements)
        for letter, standard in STANDARDS.items()
    }
    assert dict(ITEMS) == asked


def test_every_link_is_from_an_item_to_checks_of_the_list() -> None:
    items = {f"{letter}.{number}" for letter, count in ITEMS.items() for number in range(1, count + 1)}
    assert set(LINKED) <= items
    for codes in LINKED.values():
        assert codes
        assert len(set(codes)) == len(codes)
        assert set(codes) <= LISTED
        assert all(CODE.fullmatch(code) for code in codes)
        assert "Q-SLF-02" not in codes  # it cannot contradict itself
