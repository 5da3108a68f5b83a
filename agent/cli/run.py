"""`pantau-agent run`: the daemon. With `--once`: one survey of everything, pushed, then the end."""

from __future__ import annotations

import argparse
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.audit import answerable
from agent.cli.common import boot_id, fail, open_spool
from agent.collector_client import CollectorClient
from agent.daemon import Daemon, install_signals
from agent.hosts.local import LocalHost
from agent.identity import NotEnrolled, load
from checks.catalogue import catalogue
from checks.check import HOUR
from checks.text import Text


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("run", help="awasi server ini terus-menerus / watch this server")
    parser.add_argument("--once", action="store_true", help="survey everything once, push, and end")
    parser.add_argument("--root", metavar="DIR", default="/", help="survey the files below DIR instead of this system")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run until told to stop."""
    settings = options.settings
    logging.getLogger("agent").setLevel(min(logging.getLogger().level, logging.INFO))
    try:
        identity = load(settings)
    except NotEnrolled as error:
        return fail(str(error))
    root = Path(options.root).resolve()
    if not root.is_dir():
        return fail(Text(f"{root} bukan direktori", f"{root} is not a directory").in_(options.lang), 2)
    spool = open_spool(settings, repair=True)
    client = CollectorClient(settings.collector or identity.collector, settings)
    daemon = Daemon(settings, identity, LocalHost(str(root)), catalogue(), spool, client, boot_id())
    if not options.once:
        install_signals(daemon)
        daemon.run()
        return 0
    daemon.refresh_policy()
    before = spool.chain()[1]
    daemon.survey(HOUR, answerable(daemon.catalogue))
    if spool.chain()[1] == before:
        return fail("the survey could not be kept; see the messages above")
    drained = daemon.pusher.drain()
    if drained.problem:
        return fail(f"{drained.problem} ({spool.size().reports} reports wait in the spool)")
    print(f"pushed {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} sequence {spool.chain()[1]}")
    return 0
