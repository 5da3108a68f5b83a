"""`pantau-agent sources`: every file, command and address this agent will ever touch, with the checks that need it."""

from __future__ import annotations

import argparse
from collections import defaultdict
from itertools import groupby
from typing import Any

import msgspec

from agent.audit import readable
from checks.catalogue import catalogue
from checks.fact import Fact, name_of, recipes
from checks.text import Text


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
    """Print the list: by the fact that is read, with what it is read from."""
    codes: dict[type[Fact], list[str]] = defaultdict(list)
    for check in catalogue().surveyed:
        for fact in readable([check]):
            codes[fact].append(check.code)
    rows = [
        _Row(name_of(fact), source.describe(), recipe.root, tuple(sorted(codes[fact])))
        for fact in sorted(codes, key=name_of)
        for recipe in recipes(fact)
        for source in recipe.sources
    ]
    rows = list(dict.fromkeys(rows))  # two ways to one fact may begin alike
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(rows), indent=1).decode())
        return 0
    root = sum(row.root for row in rows)
    said = Text(
        f"# {len(rows)} sumber untuk {len(codes)} fakta; agen tidak membaca yang lain. [root]: hanya terbaca oleh root ({root}).",
        f"# {len(rows)} sources for {len(codes)} facts; the agent reads nothing else. [root]: only root can read it ({root}).",
    )
    print(said.in_(options.lang))
    for (name, needing), group in groupby(rows, key=lambda row: (row.fact, row.checks)):
        print(f"{name}: {', '.join(needing)}")
        for row in group:
            print(f"    {' '.join(row.source.split())}{' [root]' if row.root else ''}")
    return 0
