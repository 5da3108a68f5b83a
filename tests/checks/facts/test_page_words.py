from __future__ import annotations

import msgspec
import pytest

from checks.fact import Missing
from checks.facts.page_words import PageWords, words
from tests.checks.visits import FORBIDDEN, SILENT, URL, visit
from tests.public_site import NEWS, SPAM


def test_pages_that_were_read_and_not_read_are_counted_and_the_worst_comes_first() -> None:
    fact = words(visit(), (visit(NEWS), visit(SPAM, url=f"{URL}/x?session=s3cret"), FORBIDDEN, SILENT))
    assert (fact.read, fact.unread) == (3, 2)
    assert (fact.suspects[0].page, fact.suspects[0].links) == (f"{URL}/x", 1)
    assert fact.suspects[0].score >= 15
    assert msgspec.json.decode(msgspec.json.encode(fact), type=PageWords) == fact


def test_without_the_home_page_nothing_was_read() -> None:
    with pytest.raises(Missing):
        words(SILENT, (visit(),))


def test_the_fact_stays_small() -> None:
    assert len(msgspec.json.encode(words(visit(), tuple(visit(SPAM * 9, url=f"{URL}/{n}") for n in range(10))))) < 4096
