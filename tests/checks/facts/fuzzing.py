"""Whatever a host prints: a parser gives its fact, or says why not."""

from __future__ import annotations

from hypothesis import strategies as st

from checks.fact import Absent, Fact, Missing, Recipe

TEXT = st.text(max_size=200)
PATHS = st.text(alphabet="ab/._-", min_size=1, max_size=20).map(lambda path: f"/{path}")


def mixed(*words: str) -> st.SearchStrategy[str]:
    """Texts that are partly made of `words`, so that fuzzing gets past the first test of a parser."""
    return st.lists(st.one_of(st.sampled_from(words), st.text(max_size=8)), max_size=30).map("".join)


def gives_or_says_why(recipe: Recipe[Fact], *readings: object) -> Fact | None:
    """The fact, or None where the parser says Missing or Absent; anything else it raises is a failure."""
    try:
        return recipe.parse(*readings)
    except (Missing, Absent) as reason:
        if not str(reason):
            raise AssertionError("the parser does not say why") from reason
        return None
