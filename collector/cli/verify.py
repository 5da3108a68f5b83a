"""`pantau-collector verify`: check every signature and chain in the ledger."""

from __future__ import annotations

import argparse
import json
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("verify", help="verify every signature and chain in the ledger")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Verify; exit 0 if everything holds, 1 with the list of what does not."""
    from collector.ledger.verification import verify_ledger

    found = verify_ledger()
    for problem in found.problems[:100]:
        print(problem)
    print(
        json.dumps(
            {"entries": found.entries, "streams": found.streams, "gaps": found.gaps, "problems": len(found.problems)}
        )
    )
    return 1 if found.problems else 0
