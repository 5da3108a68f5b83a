"""`pantau-agent enrol`: become an agent of a collector, with a one-time token."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Any

from agent.cli.common import fail
from agent.collector_client import RefusedByCollector, Unreachable
from agent.enrol import enrol
from agent.identity import NotEnrolled, load
from agent.policy import PolicyNotTrusted
from checks.text import Text


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("enrol", help="daftarkan agen ke collector / enrol with a collector")
    parser.add_argument("--collector", metavar="URL", help="address of the collector (default: from the settings)")
    parser.add_argument("--token", metavar="TOKEN", help="one-time token; - or nothing reads it from standard input")
    parser.add_argument("--again", action="store_true", help="replace an identity that is there already")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Enrol, unless this agent is enrolled already (that is no error: enrolment may be repeated by tools)."""
    settings = options.settings
    url = options.collector or settings.collector
    if not url or not url.startswith(("https://", "http://")):
        return fail("say where the collector is: --collector https://…", 2)
    if not options.again:
        try:
            identity = load(settings)
        except NotEnrolled as error:
            if "damaged" in str(error):
                return fail(str(error))
        else:
            said = Text(
                f"sudah terdaftar sebagai {identity.server} di {identity.collector}; pakai --again untuk mengganti",
                f"already enrolled as {identity.server} at {identity.collector}; use --again to replace it",
            )
            print(said.in_(options.lang))
            return 0
    token = options.token if options.token not in {None, "-"} else sys.stdin.readline()
    if not token.strip():
        return fail("the token is empty; ask for one in the console, or `pantau-collector token PROVIDER`", 2)
    try:
        identity = enrol(settings, url, token)
        if options.again:
            _set_aside(options)
    except (Unreachable, RefusedByCollector, PolicyNotTrusted) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename or settings.state}: {error.strerror}; run as root, or choose --state DIR")
    said = Text(
        f"Terdaftar: {settings.hostname} adalah {identity.server} milik {identity.provider}. Jalankan: pantau-agent run",
        f"Enrolled: {settings.hostname} is {identity.server} of {identity.provider}. Now run: pantau-agent run",
    )
    print(said.in_(options.lang))
    return 0


def _set_aside(options: argparse.Namespace) -> None:
    """Reports sealed with the old key can never be delivered under a new one: keep them, but out of the way."""
    for suffix in ("", "-journal"):
        old = options.settings.path(f"spool.db{suffix}")
        if old.exists():
            old.rename(options.settings.path(f"spool-before-{datetime.now():%Y%m%d%H%M%S}.db{suffix}"))
