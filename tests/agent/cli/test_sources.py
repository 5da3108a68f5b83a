from __future__ import annotations

import json
from pathlib import Path

from agent.audit import answerable
from checks.catalogue import catalogue
from checks.fact import name_of, recipes
from tests.agent.parts import agent


def test_sources_lists_every_source_of_every_check_a_host_can_answer(tmp_path: Path) -> None:
    rows = json.loads(agent("sources", "--json", state=tmp_path).stdout)
    listed = {(row["fact"], row["source"], row["root"]) for row in rows}
    checks = answerable(catalogue())
    assert listed == {
        (name_of(fact), source.describe(), recipe.root)
        for check in checks
        for fact in check.facts
        for recipe in recipes(fact)
        for source in recipe.sources
    }
    assert {code for row in rows for code in row["checks"]} == {check.code for check in checks}
    text = agent("sources", state=tmp_path).stdout
    assert all(row["source"] in text for row in rows)
