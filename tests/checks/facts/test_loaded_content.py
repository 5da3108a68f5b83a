from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.loaded_content import Origin, loaded
from tests.checks.visits import FORBIDDEN, visit

PAGE = """<p>x</p><script src="/a.js"></script><script src="https://cdn.example.go.id/b.js"></script>
<script src="https://code.jquery.com/j.js" integrity="sha384-x"></script><script src="https://code.jquery.com/k.js"></script>
<iframe src="https://judi.example/"></iframe><script>inline()</script><iframe src="about:blank"></iframe>"""


def test_scripts_and_frames_of_other_sites_are_told_by_host_and_the_own_ones_counted() -> None:
    found = loaded(visit(PAGE))
    assert found.own == 2
    assert found.origins == (Origin("frame", "judi.example", False), Origin("script", "code.jquery.com", False))


def test_many_are_counted_and_thirty_kept() -> None:
    found = loaded(
        visit("<p>x</p>" + "".join(f"<script src=https://s{n}.example{n}.com/></script>" for n in range(50)))
    )
    assert (len(found.origins), found.total) == (30, 50)


def test_a_refusal_shows_nothing() -> None:
    with pytest.raises(Missing):
        loaded(FORBIDDEN)
