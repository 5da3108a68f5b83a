"""`pantau-agent spool`: what waits for the collector; push it now."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from agent.cli.common import drain, open_spool, say
from agent.collector_client import CollectorClient
from agent.identity import load
from agent.problem import Problem
from agent.push import Pusher
from checks.text import Text


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("spool", help="laporan yang menunggu / reports that wait")
    parser.add_argument("--push", action="store_true", help="kirim sekarang yang menunggu / push what waits, now")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List, or push."""
    settings = options.settings
    path = settings.path("spool.db")
    if not path.exists():
        raise Problem(
            Text(
                f"{path} tidak ada: belum ada laporan yang disimpan", f"{path} does not exist: nothing was spooled yet"
            )
        )
    spool = open_spool(settings)
    if options.push:
        identity = load(settings)
        client = CollectorClient(settings.collector or identity.collector, settings)
        done = drain(settings, Pusher(spool, client)).acknowledged
        say(Text(f"{done} terkirim", f"{done} pushed"), options.lang)
        return 0
    size = spool.size()
    said = Text(
        f"{size.reports} laporan, {size.bytes} byte, {size.gaps} celah yang belum dilaporkan",
        f"{size.reports} reports, {size.bytes} bytes, {size.gaps} gaps to declare",
    )
    say(said, options.lang)
    for report in spool.waiting(most=20, most_bytes=1 << 30):
        taken = datetime.fromtimestamp(report.taken_at, UTC)
        print(f"#{report.sequence}  {taken:%Y-%m-%dT%H:%M:%SZ}  {len(report.envelope)} B  {report.digest[:16]}")
    if size.reports > 20:
        print("…")
    return 0
