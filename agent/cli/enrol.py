"""`pantau-agent enrol`: become an agent of a collector, with a one-time token."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import datetime
from typing import Any

from agent import last_push
from agent.cli.common import WrongUse, moment, say
from agent.cli.over_ssh import connected, relay_settings
from agent.enrol import enrol
from agent.hosts.ssh_login import Route
from agent.identity import BrokenIdentity, Identity, NotEnrolled, load
from agent.problem import Problem, os_words
from agent.spools import INSTANCES
from checks.fact import Unread
from checks.source import File
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
    parser.add_argument(
        "--ssh", metavar="NAME",
        help="daftarkan host [[relay]] ini, yang diperiksa dari sini / enrol this host of [[relay]], surveyed from here",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Enrol this server or a host of [[relay]], unless it is already: no error without a token, so that tools may ask again."""
    way = next((one.route() for one in options.settings.relay if one.name == options.ssh), None)
    settings = options.settings = relay_settings(options.settings, options.ssh) if options.ssh else options.settings
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
            if options.token is not None:
                raise Problem(joined([_already(identity), _instead(identity)], ". "))
            say(_already(identity), options.lang)
            return 0
    token = options.token if options.token not in {None, "-"} else sys.stdin.readline()
    if not token.strip():
        how = f"`pantau-collector token {f'--prober {settings.prober.name}' if settings.prober else 'PROVIDER'}`"
        raise WrongUse(
            Text(
                f"token kosong; minta di konsol, atau dengan {how}",
                f"the token is empty; ask for one in the console, or with {how}",
            )
        )
    far = _machine_id(way) if way else None
    try:
        identity = enrol(settings, url, token, far)
        if options.again:
            _set_aside(options)
    except OSError as error:
        mend = Text("jalankan sebagai root, atau pilih --state DIR", "run as root, or choose --state DIR")
        raise Problem(joined([os_words(error), mend])) from error
    if identity.prober:
        name = identity.prober
        said = Text(
            f"Terdaftar: prober {name}. Jalankan: pantau-agent run",
            f"Enrolled: prober {name}. Now run: pantau-agent run",
        )
    else:
        said = Text(
            f"Terdaftar: {settings.hostname} adalah {identity.server} milik {identity.provider}. Jalankan: pantau-agent run",
            f"Enrolled: {settings.hostname} is {identity.server} of {identity.provider}. Now run: pantau-agent run",
        )
    say(said, options.lang)
    return 0


def _machine_id(way: Route) -> str:
    """The machine id of a host over SSH. Before the token is spent, it is seen whether that host can be surveyed at all."""
    host = connected(way)
    try:
        said = host.read(File("/etc/machine-id")).strip()
        return said if re.fullmatch("[0-9a-f-]{1,64}", said) else ""
    except Unread:
        return ""
    finally:
        host.connection.close()


def _already(identity: Identity) -> Text:
    """That this agent is enrolled, as what, since when and where."""
    since = identity.enrolled_at
    who = Text(f"{identity.server} milik {identity.provider}", f"{identity.server} of {identity.provider}")
    if identity.prober:
        who = Text(f"prober {identity.prober}", f"prober {identity.prober}")
    return Text(
        f"agen ini sudah terdaftar sebagai {who.id} di {identity.collector}"
        + (f" sejak {moment(since)}" if since else ""),
        f"this agent is enrolled already, as {who.en} at {identity.collector}"
        + (f" since {moment(since)}" if since else ""),
    )


def _instead(identity: Identity) -> Text:
    """What became of the token, and how to go on with it."""
    key = identity.key.public.id[:16]
    token = f"`pantau-collector token PROVIDER --server {identity.server}`"
    if identity.prober:
        token = f"`pantau-collector token --prober {identity.prober}`"
    revoke = f"`pantau-collector agents --revoke {key} --reason ...`"
    return Text(
        f"Token tidak dipakai. Untuk mengganti identitas ini, ulangi dengan --again; agar tetap sama, "
        f"pakai token dari {token}. Kunci lama tetap berlaku di collector sampai dicabut: {revoke}",
        f"The token was not used. To replace this identity, repeat with --again; to stay the same, "
        f"use a token of {token}. The old key stays good at the collector until it is revoked: {revoke}",
    )


def _set_aside(options: argparse.Namespace) -> None:
    """Reports sealed with the old key can never be delivered under a new one: keep them, but out of the way."""
    before = f"before-{datetime.now():%Y%m%d%H%M%S}"
    for suffix in ("", "-journal"):
        old = options.settings.path(f"spool.db{suffix}")
        if old.exists():
            old.rename(options.settings.path(f"spool-{before}.db{suffix}"))
    if (old := options.settings.path(INSTANCES)).exists():  # a prober's, one for each instance
        old.rename(options.settings.path(f"{INSTANCES}-{before}"))
    options.settings.path(last_push.FILE).unlink(missing_ok=True)
