"""`pantau-collector rejudge`: build state and findings again from the ledger, and say whether anything differs."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("rejudge", help="rebuild state and findings from the ledger; stop `serve` first")
    parser.add_argument("--check", action="store_true", help="only compare: rebuild, say what differs, keep the old")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Rebuild; exit 0 if the result is the same as before, 1 if it differs."""
    from collector.surveillance.rebuild import rebuild
    from collector.worker import judging

    outcome = rebuild(judging(), now=datetime.now(UTC), keep=not options.check)
    print(json.dumps({"entries": outcome.entries, "findings": outcome.findings, "differences": outcome.differences}))
    return 1 if outcome.differences else 0
