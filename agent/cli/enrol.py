"""`pantau-agent enrol`: become an agent of a collector, with a one-time token."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Any

from agent import last_push
from agent.cli.common import WrongUse, say
from agent.enrol import enrol
from agent.identity import BrokenIdentity, NotEnrolled, load
from agent.problem import Problem, os_words
from checks.text import Text, joined


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("enrol", help="daftarkan agen ke collector / enrol with a collector")
    parser.add_argument(
        "--collector",
        metavar="URL",
        help="alamat collector, bila tidak ada di pengaturan / its address, if not in the settings",
    )
    parser.add_argument(
        "--token", metavar="TOKEN",
        help="token sekali pakai; - atau kosong: dari masukan standar / one-time token; - or none: from standard input",
    )  # fmt: skip
    parser.add_argument(
        "--again", action="store_true", help="ganti identitas yang sudah ada / replace the present identity"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Enrol, unless this agent is enrolled already (that is no error: enrolment may be repeated by tools)."""
    settings = options.settings
    url = options.collector or settings.collector
    if not url or not url.startswith(("https://", "http://")):
        raise WrongUse(
            Text(
                "sebutkan di mana collector: --collector https://…", "say where the collector is: --collector https://…"
            )
        )
    if not options.again:
        try:
            identity = load(settings)
        except BrokenIdentity:
            raise
        except NotEnrolled:
            pass
        else:
            said = Text(
                f"sudah terdaftar sebagai {identity.server} di {identity.collector}; pakai --again untuk mengganti",
                f"already enrolled as {identity.server} at {identity.collector}; use --again to replace it",
            )
            say(said, options.lang)
            return 0
    token = options.token if options.token not in {None, "-"} else sys.stdin.readline()
    if not token.strip():
        how = "`pantau-collector token PROVIDER`"
        raise WrongUse(
            Text(
                f"token kosong; minta di konsol, atau dengan {how}",
                f"the token is empty; ask for one in the console, or with {how}",
            )
        )
    try:
        identity = enrol(settings, url, token)
        if options.again:
            _set_aside(options)
    except OSError as error:
        mend = Text("jalankan sebagai root, atau pilih --state DIR", "run as root, or choose --state DIR")
        raise Problem(joined([os_words(error), mend])) from error
    said = Text(
        f"Terdaftar: {settings.hostname} adalah {identity.server} milik {identity.provider}. Jalankan: pantau-agent run",
        f"Enrolled: {settings.hostname} is {identity.server} of {identity.provider}. Now run: pantau-agent run",
    )
    say(said, options.lang)
    return 0


def _set_aside(options: argparse.Namespace) -> None:
    """Reports sealed with the old key can never be delivered under a new one: keep them, but out of the way."""
    for suffix in ("", "-journal"):
        old = options.settings.path(f"spool.db{suffix}")
        if old.exists():
            old.rename(options.settings.path(f"spool-before-{datetime.now():%Y%m%d%H%M%S}.db{suffix}"))
    options.settings.path(last_push.FILE).unlink(missing_ok=True)
