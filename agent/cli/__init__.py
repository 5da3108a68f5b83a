"""`pantau-agent`: the commands of a sysadmin. One module per command.

Exit codes: 0 well, 1 something fails, 2 wrong use or settings, 3 nothing fails but something could not be determined.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from agent.cli.common import language_of
from agent.settings import SettingsError, load
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
        print(f"pantau-agent: {error}", file=sys.stderr)
        return USAGE
    options.lang = options.lang or language_of(options.settings.language, environment)
    try:
        code: int = options.run(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except KeyboardInterrupt:
        print(Text("dihentikan", "interrupted").in_(options.lang), file=sys.stderr)
        return 130
    return code
