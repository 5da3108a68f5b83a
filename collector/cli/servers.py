"""`pantau-collector servers`: list servers, retire one."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("servers", help="list servers; retire one that is no longer used")
    parser.add_argument("--retired", action="store_true", help="list those that are retired")
    parser.add_argument("--retire", metavar="ID", help="take this server out of use and refuse its agents, for good")
    parser.add_argument("--reason", default="", help="why (needed with --retire)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List or retire."""
    from collector.registry.models import Server

    if options.retire:
        return _retire(options.retire, options.reason.strip())
    for one in Server.objects.filter(retired_at__isnull=not options.retired).select_related("provider"):
        state = f"retired {one.retired_at:%Y-%m-%d}: {one.retired_reason}" if one.retired_at else "in use"
        print(f"{one.pk}\t{one.provider.slug}\t{one.name}\t{state}")
    return 0


def _retire(key: str, reason: str) -> int:
    from checks.standard import load
    from collector.registry.models import Server
    from collector.registry.retirement import retire
    from collector.surveillance.standards import roll_up

    if not reason:
        print("say why with --reason", file=sys.stderr)
        return 2
    server = Server.objects.filter(pk=key).select_related("provider").first()
    if server is None:
        print(f"there is no server {key!r}; see `pantau-collector servers`", file=sys.stderr)
        return 1
    standards = load()

    def count(provider: int, now: datetime) -> None:
        roll_up({provider}, standards, now)

    changed = retire(server, now=datetime.now(UTC), by=None, reason=reason, count=count)
    print(f"{server.pk} {server.name}: {'retired' if changed else 'was retired before'}")
    return 0
