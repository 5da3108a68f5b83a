"""`pantau-agent spool`: what waits for the collector; push it now."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from agent.cli.common import drain, moment, room, say
from agent.cli.kept import kept
from agent.collector_client import CollectorClient
from agent.identity import load
from agent.problem import Problem
from agent.push import Pusher
from agent.spools import INSTANCES
from checks.text import Text

SHOWN = 20


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("spool", help="laporan yang menunggu / reports that wait")
    parser.add_argument("--push", action="store_true", help="kirim sekarang yang menunggu / push what waits, now")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List, or push."""
    settings = options.settings
    held = kept(settings)
    if held is None:
        path = settings.path(INSTANCES if settings.prober else "spool.db")
        raise Problem(
            Text(
                f"{path} tidak ada: belum ada laporan yang disimpan; `pantau-agent status` menunjukkan apa yang kurang",
                f"{path} does not exist: nothing was spooled yet; `pantau-agent status` shows what is missing",
            )
        )
    spool = held.spool
    if options.push:
        identity = load(settings)
        client = CollectorClient(settings.collector or identity.collector, settings)
        done = drain(settings, Pusher(spool, client)).acknowledged
        say(Text(f"{done} terkirim", f"{done} pushed"), options.lang)
        return 0
    size = spool.size()
    waiting = Text(
        f"{size.reports} laporan menunggu ({room(size.bytes)}), yang tertua lebih dahulu",
        f"{size.reports} report{'s' * (size.reports > 1)} waiting ({room(size.bytes)}), the oldest first",
    )
    none = Text("Tidak ada laporan yang menunggu.", "No report is waiting.")
    say(waiting if size.reports else none, options.lang)
    if size.gaps:
        lost = Text(
            f"{size.gaps} celah: laporan yang hilang, akan dinyatakan dalam laporan berikutnya",
            f"{size.gaps} gap{'s' * (size.gaps > 1)}: reports that were lost, to be declared by the next report",
        )
        say(lost, options.lang)
    for report in spool.waiting(most=SHOWN, most_bytes=1 << 30):
        taken = datetime.fromtimestamp(report.taken_at, UTC)
        print(f"#{report.sequence}  {moment(taken)}  {room(len(report.envelope))}  {report.digest[:16]}")
    if (more := size.reports - SHOWN) > 0:
        say(Text(f"… dan {more} lagi", f"… and {more} more"), options.lang)
    if size.reports:
        say(Text("Kirim sekarang: pantau-agent spool --push", "Push now: pantau-agent spool --push"), options.lang)
    return 0
