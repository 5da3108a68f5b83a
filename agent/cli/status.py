"""`pantau-agent status`: is this agent enrolled, is it reporting, what waits?"""

from __future__ import annotations

import argparse
import sqlite3
from datetime import UTC, datetime
from typing import Any

from agent.cli.common import fail, open_spool
from agent.identity import NotEnrolled, load
from checks.text import Text


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("status", help="keadaan agen / state of the agent")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the state; exit 1 if something needs a person."""
    try:
        identity = load(options.settings)
    except NotEnrolled as error:
        return fail(str(error))
    rows = [
        (Text("server", "server"), identity.server),
        (Text("penyedia", "provider"), identity.provider),
        (Text("collector", "collector"), options.settings.collector or identity.collector),
        (Text("kunci", "key"), identity.key.public.id),
    ]
    code = 0
    try:
        spool = open_spool(options.settings)
        size, (stream, sequence) = spool.size(), spool.chain()
        spool.close()
    except (OSError, sqlite3.Error) as error:
        return fail(f"the spool cannot be read: {error}")
    rows.append((Text("rantai", "chain"), f"{stream} #{sequence}"))
    rows.append((Text("menunggu", "waiting"), f"{size.reports} ({size.bytes} B)"))
    if size.oldest:
        waited = datetime.now(UTC) - datetime.fromtimestamp(size.oldest, UTC)
        rows.append((Text("tertua", "oldest"), str(waited).partition(".")[0]))
        if waited.total_seconds() > 900:
            code = 1
    if size.gaps:
        rows.append((Text("celah belum dilaporkan", "gaps not declared yet"), str(size.gaps)))
    for label, value in rows:
        print(f"{label.in_(options.lang):<24}{value}")
    if code:
        said = Text(
            "Laporan tertahan lebih dari 15 menit: lihat `journalctl -u pantau-agent`.",
            "Reports wait for more than 15 minutes: see `journalctl -u pantau-agent`.",
        )
        print(said.in_(options.lang))
    return code
