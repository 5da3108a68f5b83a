"""`pantau-collector judge`: judge what the ledger holds. `serve` starts it by itself, unless `judge = false`."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "judge", help="judge what the ledger holds, until told to stop (serve does so by itself, unless judge = false)"
    )
    parser.add_argument("--attached", action="store_true", help=argparse.SUPPRESS)  # stdin wakes it, and ends it
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge until told to stop."""
    from collector.worker import NICE, until_told, while_open, work

    os.nice(NICE)
    work(while_open(sys.stdin.fileno()) if options.attached else until_told())
    return 0
