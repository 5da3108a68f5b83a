"""`pantau-agent spool`: what waits for the collector; push it now."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from agent.cli.common import fail, open_spool
from agent.collector_client import CollectorClient
from agent.identity import NotEnrolled, load
from agent.push import Pusher


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("spool", help="laporan yang menunggu / reports that wait")
    parser.add_argument("--push", action="store_true", help="push what waits, now")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List, or push."""
    settings = options.settings
    if not settings.path("spool.db").exists():
        return fail(f"{settings.path('spool.db')} does not exist: nothing was spooled yet")
    spool = open_spool(settings)
    if options.push:
        try:
            identity = load(settings)
        except NotEnrolled as error:
            return fail(str(error))
        pusher = Pusher(spool, CollectorClient(settings.collector or identity.collector, settings))
        drained = pusher.drain()
        if drained.problem:
            counts = f"{drained.acknowledged} pushed, {drained.refused} refused, {spool.size().reports} wait"
            return fail(f"{drained.problem} ({counts})")
        print(f"{drained.acknowledged} pushed")
        return 0
    size = spool.size()
    print(f"{size.reports} reports, {size.bytes} bytes, {size.gaps} gaps to declare")
    for report in spool.waiting(most=20, most_bytes=1 << 30):
        taken = datetime.fromtimestamp(report.taken_at, UTC)
        print(f"#{report.sequence}  {taken:%Y-%m-%dT%H:%M:%SZ}  {len(report.envelope)} B  {report.digest[:16]}")
    if size.reports > 20:
        print("…")
    return 0
