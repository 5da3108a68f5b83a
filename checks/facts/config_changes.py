"""When the configuration files that matter on an SPSE server were last changed. Paths and times, never content."""

from __future__ import annotations

from datetime import datetime

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.file_dates import changed
from checks.source import FileStat, Stat
from checks.text import Text

MOST = 20
WATCHED = (
    "/etc/ssh/*", "/etc/ssh/sshd_config.d/*",
    "/etc/apache2/*", "/etc/apache2/*/*", "/etc/httpd/*/*",
    "/etc/nginx/*", "/etc/nginx/*/*",
    "/etc/postgresql/*/*/*.conf",
    "/etc/nftables.conf", "/etc/sysconfig/nftables.conf", "/etc/nftables/*", "/etc/ufw/*",
    "/etc/sysctl.conf", "/etc/sysctl.d/*",
    "/home/appserv/*/conf/application.conf", "/home/appserv/*/webapp/conf/application.conf",
)  # fmt: skip
ROOT_ONLY = ("/var/lib/pgsql/data/*.conf", "/var/lib/pgsql/*/data/*.conf", "/etc/firewalld/*", "/etc/firewalld/*/*")


class ChangedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One configuration file and its last change."""

    path: str
    at: datetime


class ConfigChanges(Fact, frozen=True):
    """Configuration files of SSH, web servers, PostgreSQL, firewall, kernel and SPSE: how many, and the 20 changed last.

    Absent: this host has none of them.
    """

    watched: int
    newest: tuple[ChangedFile, ...]


@reads(Stat((*WATCHED, *ROOT_ONLY)), root=True)
def config_changes(seen: tuple[FileStat, ...]) -> ConfigChanges:
    return _changes(seen)


@reads(Stat(WATCHED))
def config_changes_without_root(seen: tuple[FileStat, ...]) -> ConfigChanges:
    return _changes(seen)


def _changes(seen: tuple[FileStat, ...]) -> ConfigChanges:
    files = [one for one in {one.path: one for one in seen}.values() if one.kind in ("file", "link")]
    if not files:
        raise Missing(
            Text(
                "hanya ada folder, tanpa berkas konfigurasi",
                "there are only folders where configuration files should be",
            )
        )
    files.sort(key=lambda one: (-one.modified, one.path))
    newest = tuple(ChangedFile(one.path, changed(one)) for one in files[:MOST])
    return ConfigChanges(len(files), newest)
