"""The collector's configuration: one TOML file, every key with a default, overridden by environment variables.

Precedence: command line > environment (`PANTAU_COLLECTOR_<KEY>`) > file > default. Unknown keys are errors.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

import msgspec

FILE = "PANTAU_COLLECTOR_CONFIG"
PREFIX = "PANTAU_COLLECTOR_"


Count: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]
Seconds: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`state` holds the SQLite database and the secret files (mode 0700).

    `database`: empty for SQLite in `state`, else a PostgreSQL URL (postgresql://user@host/name?options).
    `listen`: host:port. `tls_certificate`/`tls_key`: PEM files; without them the collector speaks plain HTTP (loopback, or
    behind a reverse proxy). `public_url`: how agents and people reach it. Limits in bytes and seconds.
    `agent_burst`/`agent_per_minute`: reports one agent may send at once (60 days of minutes are 86,400), and in the long run.
    `clock_ahead`/`clock_behind`: reports taken further than this in the future or the past are refused.
    `worker_threads`: threads for the console. `judge`: `serve` starts the judge too; else run `pantau-collector judge`.
    """

    state: str = "/var/lib/pantau-collector"
    database: str = ""
    listen: str = "127.0.0.1:8443"
    public_url: str = ""
    allowed_hosts: list[str] = []
    tls_certificate: str = ""
    tls_key: str = ""
    behind_proxy: bool = False
    max_body: Count = 1 << 20
    max_decoded: Count = 8 << 20
    max_batch: Count = 1000
    agent_burst: Count = 120_000
    agent_per_minute: Count = 10
    request_timeout: Annotated[float, msgspec.Meta(gt=0)] = 20.0
    clock_ahead: Seconds = 3600
    clock_behind: Seconds = 60 * 86400
    worker_threads: Count = 8
    judge: bool = True
    debug: bool = False

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of `listen`."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def url(self) -> str:
        """The address to print and to put into mails."""
        return self.public_url or f"{'https' if self.tls_certificate else 'http'}://{self.listen}"

    def path(self, name: str) -> Path:
        """A file in the state directory."""
        return Path(self.state) / name


class ConfigError(ValueError):
    """What is wrong in the configuration, where, and what is allowed."""


def load(environment: Mapping[str, str] | None = None) -> Config:
    """The configuration of this process. Raises ConfigError."""
    environment = os.environ if environment is None else environment
    path = environment.get(FILE, "")
    values: dict[str, object] = {}
    if path:
        try:
            values = msgspec.toml.decode(Path(path).read_bytes(), type=dict)
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: {error}") from error
    config = _convert(values, path)
    for name in Config.__struct_fields__:
        if (said := environment.get(PREFIX + name.upper())) is not None:
            value = [host for host in said.split(",") if host] if name == "allowed_hosts" else said
            config = _convert({**msgspec.to_builtins(config), name: value}, f"environment, {PREFIX}{name.upper()}")
    for wrong in _problems(config):
        raise ConfigError(f"{path or 'environment'}: {wrong}")
    return config


def _convert(values: dict[str, object], where: str) -> Config:
    try:
        return msgspec.convert(values, Config, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {error}") from error


def _problems(config: Config) -> Iterator[str]:
    """What is wrong although each value by itself is right."""
    try:
        host, port = config.address
    except ValueError:
        host, port = "", 0
    if not host or not 0 < port < 65536:
        yield f"listen must be host:port, is {config.listen!r}"
    if config.database and urlsplit(config.database).scheme not in {"postgresql", "postgres"}:
        yield "database must be empty (SQLite) or a postgresql:// URL"
    if bool(config.tls_certificate) != bool(config.tls_key):
        yield "tls_certificate and tls_key belong together; one of them is missing"
