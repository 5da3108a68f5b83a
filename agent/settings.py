"""The agent's settings: /etc/pantau/agent.toml, drop-ins beside it, the environment. Everything has a default.

Precedence: command line > environment (`PANTAU_<KEY>`) > conf.d/*.toml (in order) > agent.toml > default.
Unknown keys and wrong types are errors that name the file and the key.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from agent.hosts.ssh_login import Route, login
from agent.problem import Problem, os_words
from checks.text import Text

FILE = Path("/etc/pantau/agent.toml")
PREFIX = "PANTAU_"


class Relay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A host that this agent surveys over SSH: `[[relay]]`. `name`: here and in `enrol --ssh NAME`. `ssh`: user@host[:port].

    `jump`: hosts in between, in order. `identity`, `known_hosts`, `sudo`: see `agent.hosts.ssh_login.Route`.
    `hostname`: as shown to the collector; empty for the host of `ssh`.
    `kind` device: a router or switch, reported with this server, asked in its `dialect`; `uplink`: its interfaces that must be up.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    ssh: str
    jump: tuple[str, ...] = ()
    identity: str = ""
    known_hosts: str = ""
    sudo: bool = False
    hostname: str = ""
    kind: Literal["server", "device"] = "server"
    dialect: Literal["", "routeros", "ios"] = ""
    uplink: tuple[str, ...] = ()

    def route(self) -> Route:
        """The way there. Raises ValueError with the word that is no user@host[:port]."""
        return Route(login(self.ssh), tuple(map(login, self.jump)), self.identity, self.known_hosts, self.sudo)


class Prober(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """This agent reads instances from outside, not this server: `[prober]`. `name`: as LKPP gave it with the token.

    `threads`: instances read at once each minute, and twice as many for what is due less often.
    `ca`: certificate authorities in the place of the system's.
    `inward`: also read instances whose address is not public; safe only where the collector's register is.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\Z")]
    threads: Annotated[int, msgspec.Meta(ge=1, le=500)] = 32
    ca: str = ""
    inward: bool = False


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`collector`: its URL. `ca`: PEM file of a private CA (default: the system's). `proxy`: URL of an HTTP proxy.

    `state`: directory for key, spool and history. `spool_bytes`, `spool_days`: bounds of the spool.
    `metrics`: address for the agent's own metrics, empty for none. `hostname`: as shown to the collector.
    `language`: id or en, empty for what the locale says. `timeout` in seconds. `history_days`: how long history is kept.
    `relay`: hosts that this agent surveys over SSH. `prober`: read instances from outside instead.
    """

    collector: str = ""
    ca: str = ""
    proxy: str = ""
    state: Annotated[str, msgspec.Meta(min_length=1)] = "/var/lib/pantau"
    spool_bytes: Annotated[int, msgspec.Meta(ge=1 << 20)] = 64 << 20
    spool_days: Annotated[float, msgspec.Meta(gt=0)] = 30.0
    metrics: str = "127.0.0.1:9776"
    hostname: Annotated[str, msgspec.Meta(min_length=1, max_length=255)] = platform.node() or "localhost"
    language: str = ""
    timeout: Annotated[float, msgspec.Meta(gt=0, le=600)] = 20.0
    history_days: Annotated[int, msgspec.Meta(ge=1)] = 400
    relay: tuple[Relay, ...] = ()
    prober: Prober | None = None

    def path(self, name: str) -> Path:
        """A file in the state directory."""
        return Path(self.state) / name

    def of(self, relay: Relay) -> Settings:
        """The settings under which `relay` is surveyed: its own state below ours, its own name, nothing else of its own."""
        state, shown = str(self.path("relay") / relay.name), relay.hostname or relay.route().login.host
        return msgspec.structs.replace(self, state=state, hostname=shown, metrics="", relay=(), prober=None)


class SettingsError(Problem, ValueError):
    """What is wrong in the settings, in which file, and what is allowed."""


def load(file: str | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. A `file` that was named must exist. Raises SettingsError."""
    environment = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for path in files(file, environment):
        values |= _read(path)
    for name in variables(environment):
        values[name.removeprefix(PREFIX).lower()] = environment[name]
    settings = _convert(values, ", ".join([*map(str, files(file, environment)), *variables(environment)]))
    if settings.collector and not settings.collector.startswith(("http://", "https://")):
        raise SettingsError(
            Text(
                f"collector harus berupa URL seperti https://pantau.lkpp.go.id, bukan {settings.collector!r}",
                f"collector must be a URL such as https://pantau.lkpp.go.id, is {settings.collector!r}",
            )
        )
    if settings.language not in {"", "id", "en"}:
        raise SettingsError(
            Text(
                f"language harus id atau en, bukan {settings.language!r}",
                f"language must be id or en, is {settings.language!r}",
            )
        )
    _check_relays(settings)
    if settings.prober and settings.relay:
        raise SettingsError(
            Text(
                "[prober] dan [[relay]] tidak dapat bersama: prober tidak memeriksa server; jalankan agen lain untuk itu",
                "[prober] and [[relay]] do not go together: a prober surveys no server; run another agent for that",
            )
        )
    port = settings.metrics.rpartition(":")[2]
    if settings.metrics and not (port.isdecimal() and int(port) < 1 << 16):
        raise SettingsError(
            Text(
                f"metrics harus host:port seperti 127.0.0.1:9776, atau kosong, bukan {settings.metrics!r}",
                f"metrics must be host:port such as 127.0.0.1:9776, or empty, is {settings.metrics!r}",
            )
        )
    return settings


def _check_relays(settings: Settings) -> None:
    names = [relay.name for relay in settings.relay]
    for relay in settings.relay:
        if names.count(relay.name) > 1:
            name = relay.name
            raise SettingsError(
                Text(f"[[relay]] {name} disebut dua kali", f"[[relay]] {name} stands there twice; each name once")
            )
        device = relay.kind == "device"
        if device != bool(relay.dialect) or (relay.sudo if device else relay.uplink):
            name = relay.name
            raise SettingsError(
                Text(
                    f'[[relay]] {name}: perangkat (kind = "device") memerlukan dialect dan tanpa sudo; server tanpa dialect '
                    "dan uplink",
                    f'[[relay]] {name}: a device (kind = "device") needs a dialect and has no sudo; a server has neither '
                    "dialect nor uplink",
                )
            )
        try:
            relay.route()
        except ValueError as error:
            raise SettingsError(
                Text(
                    f"[[relay]] {relay.name}: {str(error)!r} bukan user@host[:port]",
                    f"[[relay]] {relay.name}: {str(error)!r} is not user@host[:port]",
                )
            ) from error


def files(file: str | None, environment: Mapping[str, str]) -> tuple[Path, ...]:
    """The files that are read, in order. One that was named is read, and must exist; the usual one only where it exists."""
    named = file or environment.get(f"{PREFIX}CONFIG", "")
    main = Path(named or FILE)
    drop_ins = sorted((main.parent / "conf.d").glob("*.toml"))
    return (main, *drop_ins) if named or main.exists() else tuple(drop_ins)


def variables(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The variables of the environment that set something."""
    return tuple(name for key in Settings.__struct_fields__ if (name := PREFIX + key.upper()) in environment)


def _read(path: Path) -> dict[str, object]:
    try:
        values = msgspec.toml.decode(path.read_bytes(), type=dict)
    except OSError as error:
        raise SettingsError(os_words(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(
            Text(f"{path} bukan TOML yang benar: {error}", f"{path} is no valid TOML: {error}")
        ) from error
    _convert(values, str(path))
    return values


def _convert(values: dict[str, object], where: str) -> Settings:
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        known = ", ".join(Settings.__struct_fields__)
        raise SettingsError(
            Text(
                f"{where}: ada kunci atau nilai yang salah: {error} (kunci yang dikenal: {known})",
                f"{where}: {error} (known keys: {known})",
            )
        ) from error


def without_password(url: str) -> str:
    """`url` as it may be printed."""
    return re.sub(r"(?<=//)[^/@]*@", "***@", url)
