"""`pantau-collector policy`: show the policy in force, publish a new one."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("policy", help="show the policy in force, or publish a new one")
    parser.add_argument("--publish", metavar="FILE", help="JSON file with the new policy")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show or publish."""
    from checks.policy import PolicyError, read_policy
    from collector.surveillance.policies import in_force, publish

    now = datetime.now(UTC)
    if options.publish:
        try:
            row = publish(read_policy(Path(options.publish).read_bytes()), now=now, by=None)
        except OSError as error:
            print(f"{options.publish}: {error.strerror}", file=sys.stderr)
            return 1
        except PolicyError as error:
            print(f"{options.publish}: {error}", file=sys.stderr)
            return 1
        print(f"in force from {row.in_force_from:%Y-%m-%dT%H:%M:%SZ}: {row.digest}")
        return 0
    policy = in_force(now)
    print(policy.encode().decode())
    print(f"digest {policy.digest}")
    return 0
