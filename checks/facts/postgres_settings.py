"""The settings of PostgreSQL that checks look at."""

from __future__ import annotations

import ipaddress

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import query, rows
from checks.text import Text

NAMES = (
    "config_file", "data_checksums", "data_directory", "hba_file", "listen_addresses", "log_connections",
    "log_destination", "log_disconnections", "log_line_prefix", "log_statement", "logging_collector",
    "password_encryption", "port", "server_version", "server_version_num", "shared_preload_libraries", "ssl",
)  # fmt: skip


class PgSettings(Fact, frozen=True):
    """Settings in force, by name. Those that the asking role may not see are not there. Absent: no PostgreSQL here."""

    options: dict[str, str]

    def option(self, name: str) -> str | None:
        """The value of `name`; None if the server has no such setting or does not show it to us."""
        return self.options.get(name)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The entries of listen_addresses; none where the server only has its socket."""
        return tuple(filter(None, (part.strip() for part in self.options.get("listen_addresses", "").split(","))))

    @property
    def on_network(self) -> bool:
        """Does it listen on anything but loopback?"""
        return not all(loopback(address) for address in self.addresses)


class Row(msgspec.Struct):
    name: str
    setting: str


@reads(
    query(
        f"SELECT name, setting FROM pg_settings WHERE name IN ({', '.join(map(repr, NAMES))}) ORDER BY name"  # noqa: S608
    ),
    root=True,
    given=PostgresInstalled,
)
def pg_settings(printed: str) -> PgSettings:
    options = {row.name: row.setting for row in rows(printed, Row) if row.name in NAMES}
    if not options.get("server_version_num", "").isdecimal() or "listen_addresses" not in options:
        raise Missing(
            Text("PostgreSQL tidak menyebut versi dan alamatnya", "PostgreSQL did not tell its version and addresses")
        )
    return PgSettings(options)


def loopback(address: str) -> bool:
    """Is `address`, as written in listen_addresses, this host only?"""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
