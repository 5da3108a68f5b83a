"""`pantau-collector verify`: check every signature and chain in the ledger, and the chain of human acts."""

from __future__ import annotations

import argparse
import json
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("verify", help="verify the ledger and the trail of acts")
    parser.add_argument(
        "--acts-head",
        metavar="SEQUENCE:DIGEST",
        default="",
        help="a head told before, which must still be in the chain of acts",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Verify; exit 0 if everything holds, 1 with the list of what does not."""
    from collector.accounts.audit import verify_acts
    from collector.ledger.verification import verify_ledger

    found = verify_ledger()
    trail = verify_acts(options.acts_head)
    problems = [*found.problems, *trail.problems]
    for problem in problems[:100]:
        print(problem)
    told = {
        "entries": found.entries, "streams": found.streams, "gaps": found.gaps,
        "acts": trail.acts, "acts_head": trail.head, "problems": len(problems),
    }  # fmt: skip
    print(json.dumps(told))
    return 1 if problems else 0
