"""Only enforcement may let a certificate fall."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3] / "collector"
LADDER = "collector.assessment.acts.ladder"


def test_nobody_but_enforcement_calls_the_ladder() -> None:
    callers = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.ImportFrom) and (
                node.module == LADDER
                or (node.module == "collector.assessment.acts" and "ladder" in {one.name for one in node.names})
            )
            if named or (isinstance(node, ast.Import) and LADDER in {one.name for one in node.names}):
                callers.add(path.relative_to(ROOT).parts[0])
    assert callers <= {"enforcement"}


def test_the_pure_files_know_neither_django_nor_a_clock() -> None:
    pure = [
        "certificate_number", "competence", "corrective_machine", "file_types", "mentoring_machine", "standard_machine",
        "standard_words", "unlawful",
    ]  # fmt: skip
    for name in pure:
        source = (ROOT / "assessment" / f"{name}.py").read_text(encoding="utf-8")
        assert "django" not in source, name
        assert ".now(" not in source, name
        assert "timezone" not in source, name
