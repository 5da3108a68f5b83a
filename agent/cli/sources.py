"""`pantau-agent sources`: every file, command and address this agent will ever touch, with the checks that need it."""

from __future__ import annotations

import argparse
from collections import defaultdict
from typing import Any

import msgspec

from agent.audit import answerable
from checks.catalogue import catalogue
from checks.fact import Fact, name_of, recipes


class _Row(msgspec.Struct, frozen=True):
    """One source of one fact, and the codes of the checks that need it. `root`: only root can read it."""

    fact: str
    source: str
    root: bool
    checks: tuple[str, ...]


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("sources", help="semua yang akan dibaca agen / everything the agent will ever read")
    parser.add_argument("--json", action="store_true", help="sebagai JSON / as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the list."""
    codes: dict[type[Fact], list[str]] = defaultdict(list)
    for check in answerable(catalogue()):
        for fact in check.facts:
            codes[fact].append(check.code)
    rows = [
        _Row(name_of(fact), source.describe(), recipe.root, tuple(sorted(codes[fact])))
        for fact in sorted(codes, key=name_of)
        for recipe in recipes(fact)
        for source in recipe.sources
    ]
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(rows), indent=1).decode())
        return 0
    for row in rows:
        root = " [root]" if row.root else ""
        print(f"{row.source}{root}\n    {row.fact}: {', '.join(row.checks)}")
    return 0
