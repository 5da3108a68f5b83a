"""The backup of configuration: how old the newest bundle is, and whether configuration was changed since. Never its content.

Laws:
- A bundle is an archive in the usual backup folders whose name says configuration: `conf-2026-11-22.tar.gz.age`, `etc.tgz`.
"""

from __future__ import annotations

import re

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.backups import FOLDERS, LOCKED, PACKED, Folders, ours
from checks.facts.spse_owners import OWNERS, PASSWD
from checks.source import FileStat, FileText, Stat
from checks.text import Text

NAMES = ("conf*", "etc*", "konfigurasi*", "setting*")
PLACES = Folders(("/", "/etc/.git/logs/HEAD"), folders=FOLDERS, below=("*", *(f"{name}/*" for name in NAMES)))
CONFIGURATION = re.compile(r"(^|[^a-z])(conf|configs?|configuration|konfigurasi|etc|settings?)([^a-z]|$)")
WATCHED = Stat((
    "/", "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/*.conf", "/etc/nftables.conf", "/etc/sysconfig/nftables.conf",
    "/etc/iptables/rules.v4", "/etc/sysconfig/iptables", "/etc/apache2/apache2.conf", "/etc/apache2/sites-enabled/*",
    "/etc/httpd/conf/httpd.conf", "/etc/httpd/conf.d/*.conf", "/etc/nginx/nginx.conf", "/etc/nginx/*.d/*.conf",
    "/etc/nginx/sites-enabled/*", "/etc/postgresql/*/*/*.conf", "/var/lib/pgsql/data/pg_hba.conf",
    "/var/lib/pgsql/*/data/pg_hba.conf", "/home/appserv/*/webapp/conf/application.conf",
))  # fmt: skip


class ConfigBackup(Fact, frozen=True):
    """When the newest bundle was written (seconds since the epoch), or None where only etckeeper keeps /etc, at `etckeeper`.

    `open`: others than its owner may read it and it is not encrypted. `changed`: when the watched files were last changed,
    and `path` which. Absent: neither a bundle nor etckeeper.
    """

    newest: float | None
    open: bool
    etckeeper: float | None
    changed: float | None
    path: str


@reads(PLACES, OWNERS, PASSWD, WATCHED, root=True)
def config_backup(
    found: tuple[FileStat, ...],
    installed: tuple[FileStat, ...],
    passwd: tuple[FileText, ...],
    watched: tuple[FileStat, ...],
) -> ConfigBackup:
    mine = ours({one.path: one for one in found}, installed, passwd).values()
    bundles = [one for one in mine if one.kind == "file" and one.size and is_configuration(one.path)]
    commits = [one.modified for one in found if one.path == "/etc/.git/logs/HEAD" and one.kind == "file"]
    crowded = [one.path for one in mine if one.kind == "crowded"]
    if not bundles and crowded:
        raise Missing(Text(f"terlalu banyak berkas: {crowded[0]}", f"too many files to be read: {crowded[0]}"))
    if not bundles and not commits:
        raise Absent(
            Text(
                "tidak ada arsip konfigurasi di folder cadangan yang lazim (/backup/conf-*.tar.gz), dan etckeeper tidak dipakai",
                "no usual backup folder holds an archive of configuration (/backup/conf-*.tar.gz), and no etckeeper keeps /etc",
            )
        )
    newest = max(bundles, key=lambda one: one.modified, default=None)
    last = max((one for one in watched if one.kind == "file"), key=lambda one: one.modified, default=None)
    return ConfigBackup(
        newest=newest.modified if newest else None,
        open=bool(newest and newest.mode & 0o044 and not LOCKED.search(newest.path.lower())),
        etckeeper=max(commits, default=None),
        changed=last.modified if last else None,
        path=last.path[:120] if last else "",
    )


def is_configuration(path: str) -> bool:
    """Does this look like a bundle of configuration, by its name or by that of its folder?"""
    folder, _, name = path.lower().rpartition("/")
    inside = folder.rpartition("/")[2]
    packed = PACKED.search(LOCKED.sub("", name))
    return bool(packed and (CONFIGURATION.search(name) or CONFIGURATION.search(inside)))
