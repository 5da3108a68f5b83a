"""`pantau-agent history`: when verdicts changed on this host."""

from __future__ import annotations

import argparse
import sqlite3
from typing import Any

from agent.history import History
from agent.present.plain import plain
from agent.problem import Problem
from checks.text import Text


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("history", help="riwayat hasil / when results changed")
    parser.add_argument("code", nargs="?", default="", metavar="CODE", help="hanya pemeriksaan ini / only this check")
    parser.add_argument("-n", type=int, default=50, metavar="N", help="berapa perubahan / how many changes (50)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the newest changes."""
    history = History(options.settings.path("history.db"), options.settings.history_days)
    try:
        changes = history.changes(options.code.upper(), options.n)
    except sqlite3.Error as error:
        said = Text(f"riwayat tidak dapat dibaca: {error}", f"the history cannot be read: {error}")
        raise Problem(said) from error
    for change in changes:
        at = change.at.astimezone()
        what = "  ".join(filter(None, (change.code, plain(change.subject), plain(change.measured))))
        print(f"{at:%Y-%m-%d %H:%M:%S %Z}  {change.status:<15}{what}")
    return 0
