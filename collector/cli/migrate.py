"""`pantau-collector migrate`: bring the database to this release."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("migrate", help="bring the database to this release")
    parser.add_argument("--plan", action="store_true", help="only show what would be done")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Migrate."""
    from collector.cli.schema import AnotherVersion, bring_up

    try:
        bring_up(plan=options.plan)
    except AnotherVersion as error:
        print(error, file=sys.stderr)
        return 1
    return 0
