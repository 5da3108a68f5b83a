"""The last recorded run, and the page that is written of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from tests.lab.compare.judge import Said, concluded, disagreements, overlaps
from tests.lab.compare.page import page

RECORD = Path(__file__).with_name("recorded.json")
PAGE = Path(__file__).resolve().parents[3] / "docs" / "comparison.md"


def keep(said: Sequence[Said], others: Mapping[str, Any]) -> None:
    """Keep a run: what was said, and `others` (finished, machine, versions, costs)."""
    lines = ",\n".join(f"  {json.dumps(astuple(one))}" for one in said)
    rest = ",\n".join(f" {json.dumps(name)}: {json.dumps(value)}" for name, value in others.items())
    RECORD.write_text(f'{{\n{rest},\n "said": [\n{lines}\n ]\n}}\n', encoding="utf-8")


def recorded() -> tuple[tuple[Said, ...], Mapping[str, Any]]:
    """What was kept."""
    whole: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return tuple(Said(*one) for one in whole.pop("said")), whole


def current_page() -> str:
    """The page as the tables and the record have it."""
    said, others = recorded()
    return page(concluded(said, disagreements()), overlaps(), others)


def write_page() -> str:
    """Write it; a sentence for the one who asked."""
    PAGE.write_text(current_page(), encoding="utf-8")
    return f"docs/{PAGE.name} is written"


if __name__ == "__main__":
    print(write_page())
