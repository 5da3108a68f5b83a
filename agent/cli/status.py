"""`pantau-agent status`: is this agent enrolled, is it reporting, what waits?"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import Any

from agent import last_push
from agent.cli.common import open_spool, say
from agent.identity import load
from agent.present.plain import plain
from agent.problem import os_words
from agent.settings import Settings
from checks.text import Language, Text, Words, words


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("status", help="keadaan agen / state of the agent")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the state; exit 1 if something needs a person."""
    identity = load(options.settings)
    rows: list[tuple[Text, Words]] = [
        (Text("server", "server"), identity.server),
        (Text("penyedia", "provider"), identity.provider),
        (Text("collector", "collector"), options.settings.collector or identity.collector),
        (Text("kunci", "key"), identity.key.public.id),
    ]
    code = 0
    if not options.settings.path("spool.db").exists():
        _print(rows, options.lang)
        said = Text("Belum pernah berjalan: pantau-agent run", "It never ran yet: pantau-agent run")
        say(said, options.lang)
        return 1
    spool = open_spool(options.settings)
    size, (stream, sequence) = spool.size(), spool.chain()
    spool.close()
    rows.append((Text("rantai", "chain"), f"{stream} #{sequence}"))
    rows.append((Text("menunggu", "waiting"), f"{size.reports} ({size.bytes} B)"))
    if size.oldest:
        waited = max(timedelta(0), datetime.now(UTC) - datetime.fromtimestamp(size.oldest, UTC))  # clocks jump
        rows.append((Text("tertua", "oldest"), str(waited).partition(".")[0]))
        if waited.total_seconds() > 900:
            code = 1
    if size.gaps:
        rows.append((Text("celah belum dilaporkan", "gaps not declared yet"), str(size.gaps)))
    if problem := _problem(options.settings):
        rows.append((Text("pengiriman terakhir", "last push"), problem))
    _print(rows, options.lang)
    if code:
        late = Text(
            "Laporan tertahan lebih dari 15 menit: lihat `journalctl -u pantau-agent`.",
            "Reports wait for more than 15 minutes: see `journalctl -u pantau-agent`.",
        )
        say(late, options.lang)
    return code


def _problem(settings: Settings) -> Words:
    """Why the last push did not get everything through; empty if it did."""
    try:
        last = last_push.last(settings)
    except OSError as error:
        return os_words(error)
    if last is None:
        return ""
    at = f"{last.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return Text(f"gagal {at}: {last.problem.id}", f"failed {at}: {last.problem.en}")


def _print(rows: list[tuple[Text, Words]], language: Language) -> None:
    for label, value in rows:
        print(f"{label.in_(language):<24}{plain(words(value, language))}")
