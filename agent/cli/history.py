"""`pantau-agent history`: when verdicts changed on this host."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from typing import Any

from agent.cli.common import known_code, moment, say
from agent.history import Change, History
from agent.present.plain import plain
from agent.problem import Problem
from checks.catalogue import Catalogue, catalogue
from checks.text import Language, Text, words
from checks.verdict import Status
from checks.words import STATUS_WORDS


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("history", help="riwayat hasil / when results changed")
    parser.add_argument("code", nargs="?", default="", metavar="CODE", help="hanya pemeriksaan ini / only this check")
    parser.add_argument("-n", type=_number, default=50, metavar="N", help="berapa perubahan / how many changes (50)")
    parser.set_defaults(run=run)


def _number(said: str) -> int:
    number = int(said)
    if number < 1:
        raise argparse.ArgumentTypeError(f"harus 1 atau lebih / must be 1 or more: {said}")
    return number


def run(options: argparse.Namespace) -> int:
    """Print the newest changes, the newest first."""
    history = History(options.settings.path("history.db"), options.settings.history_days)
    found, code = catalogue(), options.code.upper()
    try:
        changes = history.changes(code, options.n + 1)
    except sqlite3.Error as error:
        said = Text(f"riwayat tidak dapat dibaca: {error}", f"the history cannot be read: {error}")
        raise Problem(said) from error
    if not changes:
        if code:
            known_code(code, found)
        of = Text(f" untuk {code}", f" for {code}") if code else Text("", "")
        none = Text(f"Belum ada perubahan yang tercatat{of.id}.", f"No change was recorded yet{of.en}.")
        say(none, options.lang)
        return 0
    for change in changes[: options.n]:
        print(_line(change, found, options.lang))
    if len(changes) > options.n:
        more = Text(f"… ada yang lebih lama: -n {10 * options.n}", f"… there are older ones: -n {10 * options.n}")
        print(more.in_(options.lang), file=sys.stderr)
    return 0


def _line(change: Change, found: Catalogue, language: Language) -> str:
    """One change. A check that this release no longer has keeps its code alone."""
    status = Status(change.status)
    what = [change.code]
    if check := found.checks.get(change.code):
        what.append((check.breach if status is Status.FAIL else check.title).in_(language))
    said = ": ".join(filter(None, (change.subject, words(change.measured, language))))
    word = STATUS_WORDS[status].in_(language)
    return f"{moment(change.at)}  {word:<16}{plain('  '.join(what))}" + (f" · {plain(said)}" if said else "")
