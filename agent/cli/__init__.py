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

from agent.cli.common import fail, language_of
from agent.settings import SettingsError, load
from agent.spool_file import SpoolDamaged, SpoolFull
from checks import VERSION
from checks.text import Text

USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="pantau-agent",
        description="Pantau: apakah server ini memenuhi standar LPSE? / does this server meet the standards?",
    )
    parser.add_argument("--version", action="version", version=f"pantau-agent {VERSION}")
    parser.add_argument("--config", metavar="FILE", help="settings file (default: /etc/pantau/agent.toml)")
    parser.add_argument("--state", metavar="DIR", help="state directory (default: /var/lib/pantau)")
    parser.add_argument("--lang", choices=("id", "en"), default="", help="bahasa / language (default: id)")
    parser.add_argument("--log-level", default="warning", choices=("debug", "info", "warning", "error"))
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
        return fail(str(error), USAGE)
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
    except (SpoolDamaged, SpoolFull, sqlite3.Error, OSError) as error:
        return fail(f"{_where(error)}{getattr(error, 'strerror', None) or error}")
    except KeyboardInterrupt:
        print(Text("dihentikan", "interrupted").in_(options.lang), file=sys.stderr)
        return 130
    return code


def _where(error: Exception) -> str:
    name = getattr(error, "filename", None)
    return f"{name}: " if name else ""
