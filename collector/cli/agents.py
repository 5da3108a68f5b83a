"""`pantau-collector agents`: list agents, probers and providers, revoke an agent."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("agents", help="list agents and probers; revoke one")
    parser.add_argument("--providers", action="store_true", help="list providers instead")
    parser.add_argument("--revoke", metavar="KEY", help="revoke the agent whose key id begins so")
    parser.add_argument("--reason", default="", help="why (needed with --revoke)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List or revoke."""
    from collector.registry.models import Agent, Provider

    if options.providers:
        for provider in Provider.objects.select_related("institution"):
            print(f"{provider.slug}\t{provider.name}\t{provider.institution}\t{provider.kind}")
        return 0
    if options.revoke:
        return _revoke(options.revoke, options.reason)
    for agent in Agent.objects.at_the_door().select_related("server__provider"):
        state = f"revoked {agent.revoked_at:%Y-%m-%d}" if agent.revoked_at else "active"
        whose = f"{agent.provider.slug}\t{agent.server_id}" if agent.provider is not None else f"-\t{agent.role}"
        print(f"{agent.key_id[:16]}\t{whose}\t{agent.hostname}\t{agent.software}\t{state}")
    return 0


def _revoke(prefix: str, reason: str) -> int:
    from collector.registry.enrolment import revoke
    from collector.registry.models import Agent

    if not reason:
        print("say why with --reason", file=sys.stderr)
        return 2
    found = list(Agent.objects.at_the_door().filter(key_id__startswith=prefix).select_related("server__provider")[:2])
    if len(found) != 1:
        print(
            f"{'no agent has' if not found else 'several agents have'} a key id that begins with {prefix!r}",
            file=sys.stderr,
        )
        return 1
    changed = revoke(found[0], now=datetime.now(UTC), by=None, reason=reason)
    print(f"{found[0]}: {'revoked' if changed else 'was revoked before'}")
    return 0
