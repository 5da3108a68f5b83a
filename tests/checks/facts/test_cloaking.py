from __future__ import annotations

from collections import Counter

import pytest

from checks.fact import Missing
from checks.facts.cloaking import compared, similarity
from checks.outside import Visit
from tests.checks.visits import EMPTY, REFUSALS, SILENT, visit
from tests.public_site import HOME, SPAM


def test_the_same_page_with_other_numbers_is_the_same() -> None:
    assert (
        compared(
            visit(HOME + "<p>Pukul 10:11:12, pengunjung 1234</p>"),
            visit(HOME + "<p>Pukul 10:11:59, pengunjung 999</p>"),
        ).similarity
        == 1
    )


def test_what_only_the_search_engine_is_shown_is_named() -> None:
    seen = compared(visit(), visit(HOME + SPAM))
    assert "situs slot" in seen.hidden
    assert seen.similarity > 0.5
    assert compared(visit(HOME + SPAM), visit(HOME + SPAM)).hidden == ()


def test_another_page_is_not_similar() -> None:
    assert compared(visit(), visit(f"<title>x</title>{SPAM * 5}")).similarity < 0.3


@pytest.mark.parametrize("seen", [*REFUSALS, SILENT, EMPTY])
def test_where_one_of_both_is_not_shown_nothing_is_compared(seen: Visit) -> None:
    for one, other in ((visit(), seen), (seen, visit())):
        with pytest.raises(Missing, match=r"\w"):
            compared(one, other)


def test_two_empty_texts_are_alike_and_one_is_not() -> None:
    assert similarity(Counter(), Counter()) == 1
    assert similarity(Counter("a"), Counter()) == 0
