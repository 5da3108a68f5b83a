"""The options of commands that reach another host over SSH, and the connection that comes of them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from agent.cli.common import WrongUse
from agent.hosts.base import Host
from agent.hosts.ssh_login import Login, Route, login
from agent.settings import Relay, Settings
from checks.fact import Missing
from checks.text import Text

if TYPE_CHECKING:
    from agent.hosts.ssh import SshHost


def options(parser: argparse.ArgumentParser) -> None:
    """Add `--ssh` and what belongs to it."""
    group = parser.add_argument_group("lewat SSH / over SSH")
    group.add_argument(
        "--ssh", metavar="USER@HOST[:PORT]",
        help="periksa host itu, tanpa memasang apa pun; atau nama [[relay]] / audit that host, nothing is installed; or the "
        "name of a [[relay]]",
    )  # fmt: skip
    group.add_argument(
        "--jump", metavar="USER@HOST[:PORT]", action="append", default=[],
        help="lewat host ini; boleh diulang / through this host; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--identity", metavar="FILE", default="", help="kunci pribadi / private key (ssh-agent, ~/.ssh/id_*)"
    )
    group.add_argument(
        "--known-hosts", metavar="FILE", default="",
        help="kunci host yang dikenal / known host keys (~/.ssh/known_hosts, /etc/ssh/ssh_known_hosts)",
    )  # fmt: skip
    group.add_argument(
        "--sudo", action="store_true", help="baca sebagai root dengan sudo -n / read as root with sudo -n"
    )


def route(options: argparse.Namespace) -> Route | None:
    """The way that was asked for, None without `--ssh`. Raises WrongUse."""
    said = [
        f"--{name.replace('_', '-')}" for name in ("jump", "identity", "known_hosts", "sudo") if getattr(options, name)
    ]
    if not options.ssh:
        if said:
            raise WrongUse(Text(f"{said[0]} hanya bersama --ssh", f"{said[0]} goes with --ssh only"))
        return None
    relay = named(options)
    if relay is None:
        jumps = tuple(_login(jump) for part in options.jump for jump in part.split(","))
        return Route(_login(options.ssh), jumps, options.identity, options.known_hosts, options.sudo)
    _server(relay)
    if said:
        name = relay.name
        raise WrongUse(
            Text(f"{said[0]}: untuk {name} sudah ada di pengaturan", f"{said[0]}: the settings say it for {name}")
        )
    return relay.route()


def named(options: argparse.Namespace) -> Relay | None:
    """The [[relay]] that `--ssh` names, if it names one."""
    settings: Settings = options.settings
    return next((one for one in settings.relay if one.name == options.ssh), None)


def connected(way: Route) -> SshHost:
    """The host at the end of `way`. Raises WrongUse where it cannot be reached, with what to do."""
    from agent.hosts.ssh import SshHost
    from agent.hosts.ssh_connection import Connection

    connection = Connection(way)
    try:
        connection.connect()
    except Missing as error:
        connection.close()
        raise WrongUse(error.reason) from error
    return SshHost(connection)


def relay_settings(settings: Settings, name: str) -> Settings:
    """The settings of the relay called `name`. Raises WrongUse naming those there are."""
    relay = next((one for one in settings.relay if one.name == name), None)
    if relay is None:
        names = ", ".join(one.name for one in settings.relay) or "-"
        raise WrongUse(
            Text(
                f"tidak ada [[relay]] bernama {name!r} di pengaturan; yang ada: {names}",
                f"the settings have no [[relay]] named {name!r}; there are: {names}",
            )
        )
    _server(relay)
    return settings.of(relay)


def watching(host: Host, settings: Settings) -> Host:
    """`host`, which also answers for the devices of the settings, if there are any."""
    declared = [one for one in settings.relay if one.kind == "device"]
    if not declared:
        return host
    from agent.hosts.ssh_devices import Device, WatchingHost  # and with it paramiko

    return WatchingHost(host, [Device(one.name, one.dialect, one.route(), one.uplink) for one in declared])


def _server(relay: Relay) -> None:
    if relay.kind == "device":
        name = relay.name
        raise WrongUse(
            Text(
                f"{name} adalah perangkat jaringan: ia dilaporkan bersama server ini; pakai `pantau-agent check`",
                f"{name} is a network device: it is reported with this server; use `pantau-agent check`",
            )
        )


def _login(said: str) -> Login:
    try:
        return login(said)
    except ValueError as error:
        raise WrongUse(
            Text(f"{said!r} bukan user@host[:port]", f"{said!r} is not user@host[:port], nor the name of a [[relay]]")
        ) from error
