"""`pantau-agent`: the commands of a sysadmin. One module per command.

Exit codes: 0 well, 1 something fails, 2 wrong use or settings, 3 nothing fails but something could not be determined.
With `--nagios` they are Nagios's, and whatever kept the audit from being made is UNKNOWN, said on stdout: that is what
a monitoring system reads.
"""

from __future__ import annotations

import argparse
import importlib
import io
import logging
import os
import sqlite3
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from agent.cli.common import WrongUse, fail, language_of
from agent.present.plain import plain
from agent.problem import Problem, os_words
from agent.settings import SettingsError, load
from checks import VERSION
from checks.text import Language, Text, Words, words

COMMANDS = (
    "check", "probe", "enrol", "run", "status", "sources", "spool", "config", "history", "restore-test",
)  # fmt: skip
USAGE = 2
UNKNOWN = 3


class _Parser(argparse.ArgumentParser):
    """Says in both languages that something was wrong: it speaks before the language of the reader is known."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**said, add_help=False)
        self.add_argument("-h", "--help", action="help", help="tampilkan bantuan ini / show this help")

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: salah pakai / wrong use: {plain(message)} ({self.prog} --help)\n")


class _Ended(Exception):
    """The command could not do its work, for a reason that a person must know."""

    def __init__(self, said: Words, language: Language, code: int = 1) -> None:
        super().__init__(words(said, "en"))
        self.said = said
        self.language = language
        self.code = code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parser = _Parser(
        prog="pantau-agent",
        description="Pantau: apakah server ini memenuhi standar LPSE? / does this server meet the LPSE standards?",
    )
    parser.add_argument("--version", action="version", version=f"pantau-agent {VERSION}", help="versi / version")
    _general(parser)
    parser.set_defaults(config=None, state=None, lang="", log_level="warning")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in _meant(sys.argv[1:] if arguments is None else arguments):
        importlib.import_module(f"agent.cli.{name.replace('-', '_')}").add(commands)
    for subparser in commands.choices.values():
        _general(subparser.add_argument_group("umum, juga di depan perintah / general, also before the command"))
    nagios = "--nagios" in (sys.argv[1:] if arguments is None else arguments)
    try:
        options = parser.parse_args(arguments)
    except SystemExit as ended:
        if not (nagios and ended.code == USAGE):
            raise
        print("PANTAU UNKNOWN - salah pakai / wrong use: pantau-agent check --help")
        return UNKNOWN
    try:
        return _run(options)
    except _Ended as ended:
        code = fail(ended.said, ended.language, ended.code)
        if not nagios:
            return code
        print(f"PANTAU UNKNOWN - {plain(words(ended.said, ended.language)).replace('|', '/')}")
        return UNKNOWN


def _meant(arguments: Sequence[str]) -> Sequence[str]:
    """The command that was said, so that the daemon does not hold what only the others need; all, where that is not clear."""
    for said in arguments:
        if said in COMMANDS:
            return (said,)
        if said in {"-h", "--help"}:
            break
    return COMMANDS


def _general(parser: argparse._ActionsContainer) -> None:
    """The options of all commands. They may stand before the command and after it; the later one counts."""
    silent = argparse.SUPPRESS  # what was not said after the command must not undo what was said before it
    parser.add_argument(
        "--config", metavar="FILE", default=silent, help="berkas pengaturan / settings file (/etc/pantau/agent.toml)"
    )
    parser.add_argument(
        "--state", metavar="DIR", default=silent, help="direktori keadaan / state directory (/var/lib/pantau)"
    )
    parser.add_argument("--lang", choices=("id", "en"), default=silent, help="bahasa / language (id)")
    parser.add_argument(
        "--log-level", default=silent, choices=("debug", "info", "warning", "error"),
        help="rincian log / detail of the log (warning)",
    )  # fmt: skip


def _run(options: argparse.Namespace) -> int:
    """Run the command that was chosen. Raises _Ended."""
    logging.basicConfig(
        level=options.log_level.upper(), stream=sys.stderr, format="level=%(levelname)s logger=%(name)s %(message)s"
    )
    environment = {**os.environ, **({"PANTAU_STATE": options.state} if options.state else {})}
    try:
        options.settings = load(options.config, environment)
    except SettingsError as error:
        language = options.lang or language_of(environment.get("PANTAU_LANGUAGE", ""), environment)
        raise _Ended(error.said, language, USAGE) from error
    options.lang = options.lang or language_of(options.settings.language, environment)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that knows no ✓ shows ?, and gets the rest
            stream.reconfigure(errors="replace")
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except WrongUse as error:
        raise _Ended(error.said, options.lang, USAGE) from error
    except Problem as error:
        raise _Ended(error.said, options.lang) from error
    except OSError as error:
        raise _Ended(os_words(error), options.lang) from error
    except sqlite3.Error as error:
        state = options.settings.state
        said = Text(
            f"berkas data di {state} tidak dapat dibaca atau ditulis: {error}",
            f"a data file in {state} cannot be read or written: {error}",
        )
        raise _Ended(said, options.lang) from error
    except KeyboardInterrupt:
        print(Text("dihentikan", "interrupted").in_(options.lang), file=sys.stderr)
        return 130
    return code
