"""`pantau-agent run`: the daemon. With `--once`: one survey of everything, pushed, then the end."""

from __future__ import annotations

import argparse
import logging
from datetime import UTC, datetime
from typing import Any

from agent.cli.common import boot_id, directory, drain, open_spool, say
from agent.cli.over_ssh import watching
from agent.collector_client import CollectorClient
from agent.daemon import Daemon, install_signals
from agent.hosts.local import LocalHost
from agent.identity import load
from agent.problem import Problem
from checks.catalogue import catalogue
from checks.check import HOUR
from checks.text import Text


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("run", help="awasi server ini terus-menerus / watch this server")
    parser.add_argument(
        "--once",
        action="store_true",
        help="periksa semua sekali, kirim, lalu selesai / survey everything once, push, and end",
    )
    parser.add_argument(
        "--root", metavar="DIR", default="/",
        help="periksa berkas di bawah DIR, bukan sistem ini / survey the files below DIR instead of this system",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run until told to stop."""
    settings = options.settings
    logging.getLogger("agent").setLevel(min(logging.getLogger().level, logging.INFO))
    if settings.prober or load(settings).prober:
        return _run_prober(options)
    identity, root = load(settings), directory(options.root)
    spool = open_spool(settings, repair=True)
    client = CollectorClient(settings.collector or identity.collector, settings)
    daemon = Daemon(settings, identity, watching(LocalHost(str(root)), settings), catalogue(), spool, client, boot_id())
    if not options.once:
        install_signals(daemon)
        if any(one.kind == "server" for one in settings.relay):
            _run_with_relays(daemon)
            return 0
        daemon.run()
        return 0
    daemon.refresh_policy()
    before = spool.chain()[1]
    daemon.survey(HOUR, daemon.catalogue.surveyed)
    if spool.chain()[1] == before:
        raise Problem(
            Text(
                "hasil pemeriksaan tidak dapat disimpan; lihat pesan di atas", "the survey could not be kept; see above"
            )
        )
    drain(settings, daemon.pusher)
    at, sequence = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", spool.chain()[1]
    say(Text(f"terkirim {at} urutan {sequence}", f"pushed {at} sequence {sequence}"), options.lang)
    return 0


def _run_prober(options: argparse.Namespace) -> int:
    from agent.prober import prober  # and with it TLS: only a prober pays for it

    found = prober(options.settings, load(options.settings), boot_id())
    if not options.once:
        install_signals(found)
        found.run(found.schedule)
        return 0
    found.refresh_policy()
    found.refresh_instances()
    read, kept = found.once(), found.spool.size().reports
    drain(options.settings, found.pusher)
    found.spool.close()
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    said = Text(
        f"{at}: {read} instans diperiksa, {kept} laporan terkirim",
        f"{at}: {read} instances read, {kept} reports pushed",
    )
    say(said, options.lang)
    return 0


def _run_with_relays(daemon: Daemon) -> None:
    from agent.relay import relays  # and with it paramiko: only an agent that has relays pays for it

    beside = relays(daemon.settings, daemon.catalogue)
    beside.show(daemon.metrics)
    try:
        daemon.run(beside.schedule)
    finally:
        beside.close()
