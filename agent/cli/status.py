"""`pantau-agent status`: is this agent enrolled, is it reporting, what waits?"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import Any

from agent import last_push
from agent.cli.common import moment, room, say
from agent.cli.kept import kept
from agent.identity import load
from agent.present.plain import plain
from agent.problem import os_words
from agent.settings import Settings
from checks.text import Language, Text, Words, words

LATE = 900  # seconds: reports that wait longer, or an agent that kept none for longer, need a person


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("status", help="keadaan agen / state of the agent")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the state; exit 1 if something needs a person."""
    identity = load(options.settings)
    whose = [(Text("server", "server"), identity.server), (Text("penyedia", "provider"), identity.provider)]
    rows: list[tuple[Text, Words]] = [
        *([(Text("prober", "prober"), identity.prober)] if identity.prober else whose),
        (Text("collector", "collector"), options.settings.collector or identity.collector),
        (Text("kunci", "key"), identity.key.public.id),
    ]
    if identity.enrolled_at:
        rows.append((Text("terdaftar sejak", "enrolled since"), moment(identity.enrolled_at)))
    held = kept(options.settings)
    if held is None:
        _print(rows, options.lang)
        said = Text("Belum pernah berjalan: pantau-agent run", "It never ran yet: pantau-agent run")
        say(said, options.lang)
        return 1
    size, written = held.spool.size(), held.written
    held.spool.close()
    now = datetime.now(UTC)
    rows.append(held.what)
    rows.append((Text("terakhir bekerja", "last at work"), _since(written, now)))
    rows.append((Text("laporan menunggu", "reports waiting"), f"{size.reports} ({room(size.bytes)})"))
    alarms = []
    if size.oldest:
        oldest = datetime.fromtimestamp(size.oldest, UTC)
        rows.append((Text("yang tertua", "the oldest"), _since(oldest, now)))
        if (now - oldest).total_seconds() > LATE:
            alarms.append(
                Text(
                    "Laporan tertahan lebih dari 15 menit: lihat `journalctl -u pantau-agent`.",
                    "Reports wait for more than 15 minutes: see `journalctl -u pantau-agent`.",
                )
            )
    if size.gaps:
        rows.append((Text("celah belum dilaporkan", "gaps not declared yet"), str(size.gaps)))
    if problem := _problem(options.settings):
        rows.append((Text("pengiriman terakhir", "last push"), problem))
    if (now - written).total_seconds() > LATE:
        alarms.append(
            Text(
                "Agen tidak menyimpan laporan lebih dari 15 menit: apakah `pantau-agent run` masih berjalan?",
                "The agent has kept no report for more than 15 minutes: does `pantau-agent run` still run?",
            )
        )
    _print(rows, options.lang)
    for alarm in alarms:
        say(alarm, options.lang)
    if not alarms and not problem:
        say(
            Text(
                "Baik: agen bekerja, tidak ada yang tertahan lama.",
                "All is well: the agent works, nothing waits for long.",
            ),
            options.lang,
        )
    return 1 if alarms else 0


def _since(at: datetime, now: datetime) -> Text:
    """A moment and how long ago it was; never in the future, for clocks jump."""
    ago = str(max(timedelta(0), now - at)).partition(".")[0]
    return Text(f"{moment(at)} ({ago} yang lalu)", f"{moment(at)} ({ago} ago)")


def _problem(settings: Settings) -> Words:
    """Why the last push did not get everything through; empty if it did."""
    try:
        last = last_push.last(settings)
    except OSError as error:
        return os_words(error)
    if last is None:
        return ""
    at = moment(last.at)
    return Text(f"gagal {at}: {last.problem.id}", f"failed {at}: {last.problem.en}")


def _print(rows: list[tuple[Text, Words]], language: Language) -> None:
    for label, value in rows:
        print(f"{label.in_(language):<24}{plain(words(value, language))}")
