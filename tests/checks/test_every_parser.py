"""Every parser of the catalogue, given what a broken, strange or hostile host might print: it gives its fact or says why not."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checks.catalogue import catalogue
from checks.fact import Fact, Recipe, Unread, recipes
from tests.checks.hostile import readings

EXAMPLES = 25
MOST_BYTES = 128 * 1024  # of a fact, made of a few kilobytes of text
PARSERS = tuple(
    pytest.param(recipe, possible, id=f"{name}-{recipe.parse.__name__}")
    for name, fact in catalogue().facts.items()
    for recipe in recipes(fact)
    if (possible := readings(recipe)) is not None  # what a host makes itself, or a person entered, is typed already
)


@pytest.mark.parametrize(("recipe", "possible"), PARSERS)
@settings(
    max_examples=EXAMPLES, phases=(Phase.generate,), suppress_health_check=list(HealthCheck), database=None
)  # fmt: skip
@given(data=st.data())
def test_a_parser_gives_its_fact_or_a_reason_and_nothing_else(
    recipe: Recipe[Fact], possible: st.SearchStrategy[tuple[object, ...]], data: st.DataObject
) -> None:
    shown = data.draw(possible)
    try:
        fact = recipe.parse(*shown)
    except Unread:
        return
    assert type(fact) is recipe.fact
    raw = msgspec.json.encode(fact)
    assert msgspec.json.decode(raw, type=recipe.fact) == fact
    assert len(raw) <= MOST_BYTES


def test_nearly_all_parsers_are_among_them() -> None:
    assert len(PARSERS) > 200
