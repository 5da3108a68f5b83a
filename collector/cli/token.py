"""`pantau-collector token`: a one-time token to enrol one agent, or a prober."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

MOST_HOURS = 720


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("token", help="make a one-time enrolment token; prints it once")
    parser.add_argument("provider", nargs="?", help="slug of the provider (see `pantau-collector agents --providers`)")
    parser.add_argument(
        "--prober", metavar="NAME", help="for the prober of this name instead, LKPP's, such as jakarta-1"
    )
    parser.add_argument("--server", metavar="ID", help="enrol again for this server instead of a new one")
    parser.add_argument("--hours", type=_hours, default=24.0, help="how long it is good (default: 24, at most 720)")
    parser.add_argument("--note", default="", help="what it is for")
    parser.set_defaults(run=run)


def _hours(said: str) -> float:
    hours = float(said)
    if not 0 < hours <= MOST_HOURS:
        raise argparse.ArgumentTypeError(f"must be more than 0 and at most {MOST_HOURS}, is {said}")
    return hours


def run(options: argparse.Namespace) -> int:
    """Make and print a token."""
    from collector.registry.enrolment import create_token
    from collector.registry.models import Provider, Server

    if options.prober is not None:
        return _for_prober(options)
    if options.provider is None:
        print("say of which provider, or which --prober", file=sys.stderr)
        return 2
    provider = Provider.objects.filter(slug=options.provider).first()
    if provider is None:
        known = ", ".join(Provider.objects.values_list("slug", flat=True)[:20]) or "none yet"
        print(f"there is no provider {options.provider!r}; known: {known}", file=sys.stderr)
        return 1
    server = None
    if options.server:
        server = Server.objects.filter(pk=options.server, provider=provider).first()
        if server is None:
            print(f"{provider} has no server {options.server!r}", file=sys.stderr)
            return 1
        if server.retired_at is not None:
            print(f"{server} is retired; make a token without --server: it is enrolled as a new one", file=sys.stderr)
            return 1
    lifetime = timedelta(hours=options.hours)
    print(create_token(provider, now=datetime.now(UTC), server=server, note=options.note, lifetime=lifetime))
    return 0


def _for_prober(options: argparse.Namespace) -> int:
    from collector.registry.enrolment import create_prober_token

    if options.provider is not None or options.server:
        print("a prober is of no provider: --prober goes with neither PROVIDER nor --server", file=sys.stderr)
        return 2
    try:
        lifetime = timedelta(hours=options.hours)
        print(create_prober_token(options.prober, now=datetime.now(UTC), note=options.note, lifetime=lifetime))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
