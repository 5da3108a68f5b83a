"""`pantau-agent`: the commands of a sysadmin. One module per command.

Exit codes: 0 well, 1 something fails, 2 wrong use or settings, 3 nothing fails but something could not be determined.
"""

from __future__ import annotations

import argparse
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
from checks.text import Text

USAGE = 2


class _Parser(argparse.ArgumentParser):
    """Says in both languages that something was wrong: it speaks before the language of the reader is known."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**said, add_help=False)
        self.add_argument("-h", "--help", action="help", help="tampilkan bantuan ini / show this help")

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: salah pakai / wrong use: {plain(message)} ({self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parser = _Parser(
        prog="pantau-agent",
        description="Pantau: apakah server ini memenuhi standar LPSE? / does this server meet the LPSE standards?",
    )
    parser.add_argument("--version", action="version", version=f"pantau-agent {VERSION}", help="versi / version")
    parser.add_argument("--config", metavar="FILE", help="berkas pengaturan / settings file (/etc/pantau/agent.toml)")
    parser.add_argument("--state", metavar="DIR", help="direktori keadaan / state directory (/var/lib/pantau)")
    parser.add_argument("--lang", choices=("id", "en"), default="", help="bahasa / language (id)")
    parser.add_argument(
        "--log-level",
        default="warning",
        choices=("debug", "info", "warning", "error"),
        help="rincian log / detail of the log (warning)",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    from agent.cli import check, config, enrol, history, run, sources, spool, status

    for command in (check, enrol, run, status, sources, spool, config, history):
        command.add(commands)
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=options.log_level.upper(), stream=sys.stderr, format="level=%(levelname)s logger=%(name)s %(message)s"
    )
    environment = {**os.environ, **({"PANTAU_STATE": options.state} if options.state else {})}
    try:
        options.settings = load(options.config, environment)
    except SettingsError as error:
        language = options.lang or language_of(environment.get("PANTAU_LANGUAGE", ""), environment)
        return fail(error.said, language, USAGE)
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
        return fail(error.said, options.lang, USAGE)
    except Problem as error:
        return fail(error.said, options.lang)
    except OSError as error:
        return fail(os_words(error), options.lang)
    except sqlite3.Error as error:
        state = options.settings.state
        said = Text(
            f"berkas data di {state} tidak dapat dibaca atau ditulis: {error}",
            f"a data file in {state} cannot be read or written: {error}",
        )
        return fail(said, options.lang)
    except KeyboardInterrupt:
        print(Text("dihentikan", "interrupted").in_(options.lang), file=sys.stderr)
        return 130
    return code
