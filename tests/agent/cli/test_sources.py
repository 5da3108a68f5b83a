from __future__ import annotations

import json
from pathlib import Path

from agent.audit import readable
from checks.catalogue import catalogue
from checks.fact import name_of, recipes
from tests.agent.parts import agent


def test_sources_lists_every_source_of_every_check_a_host_can_answer_or_contribute_to(tmp_path: Path) -> None:
    rows = json.loads(agent("sources", "--json", state=tmp_path).stdout)
    listed = {(row["fact"], row["source"], row["root"]) for row in rows}
    checks = catalogue().surveyed
    assert listed == {
        (name_of(fact), source.describe(), recipe.root)
        for check in checks
        for fact in readable([check])
        for recipe in recipes(fact)
        for source in recipe.sources
    }
    assert {code for row in rows for code in row["checks"]} == {check.code for check in checks}
    assert len(rows) == len(listed), "each is said once"
    text = agent("sources", "--lang", "en", state=tmp_path).stdout
    assert all(" ".join(row["source"].split()) in text for row in rows)
    first, *rest = text.splitlines()
    facts = {row["fact"] for row in rows}
    assert first.startswith(f"# {len(rows)} sources for {len(facts)} facts; the agent reads nothing else.")
    assert sum(not line.startswith(" ") for line in rest) == len(facts)
    assert sum(line.startswith("    ") for line in rest) == len(rows)
