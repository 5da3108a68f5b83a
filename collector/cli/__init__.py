"""`pantau-collector`: the commands of those who run a collector. One module per command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import collector
from collector.config import FILE, PREFIX, ConfigError, load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Usage and configuration errors give 2."""
    parser = argparse.ArgumentParser(prog="pantau-collector", description="Collector of Pantau.")
    parser.add_argument("--version", action="version", version=f"pantau-collector {collector.VERSION}")
    parser.add_argument("--config", metavar="FILE", help="configuration file (TOML)")
    parser.add_argument("--state", metavar="DIR", help="state directory (overrides the configuration)")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    from collector.cli import (
        account,
        agents,
        demo,
        init,
        instances,
        judge,
        migrate,
        policy,
        provider,
        rejudge,
        serve,
        servers,
        token,
        verify,
    )

    people = (provider, account, token, agents, servers, instances)
    for command in (init, demo, migrate, serve, judge, *people, policy, rejudge, verify):
        command.add(commands)
    options = parser.parse_args(arguments)
    if options.config:
        os.environ[FILE] = options.config
    if options.state:
        os.environ[f"{PREFIX}STATE"] = options.state
    try:
        load()
    except ConfigError as error:
        print(f"pantau-collector: {error}", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collector.settings")
    import django
    from django.db import Error

    django.setup()
    try:
        code: int = options.run(options)
    except Error as error:
        print(f"pantau-collector: the database says: {str(error).strip()}", file=sys.stderr)
        print("Was `pantau-collector init` (or `migrate`) run with this configuration?", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    return code
