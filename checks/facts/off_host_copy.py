"""What on this host says that backups left it: stamps of the job that copies them, and dumps on network storage."""

from __future__ import annotations

import re

from checks.fact import Fact, reads
from checks.facts.backups import PLACES, is_database, ours
from checks.facts.filesystems import Filesystems
from checks.facts.spse_owners import OWNERS, PASSWD
from checks.source import FileStat, FileText, Usage

STAMP = re.compile(r"\.(stamp|ok|done)$")
OFF_HOST = re.compile(r"off[-_.]?host|luar[-_.]?server|remote")
OFF_SITE = re.compile(r"off[-_.]?site|luar[-_.]?lokasi")
NETWORK = frozenset({"nfs", "nfs4", "cifs"})


class OffHostCopy(Fact, frozen=True):
    """When a copy last left this host, and this site (seconds since the epoch); None: nothing here says so. Never absent.

    `network`: the newest dump that counts lies on network storage. A copy off the site is off the host too.
    """

    host: float | None = None
    site: float | None = None
    network: bool = False


@reads(PLACES, OWNERS, PASSWD, Usage(Filesystems), root=True)
def off_host_copy(
    found: tuple[FileStat, ...],
    installed: tuple[FileStat, ...],
    passwd: tuple[FileText, ...],
    filesystems: Filesystems,
) -> OffHostCopy:
    mine = [one for one in ours({one.path: one for one in found}, installed, passwd).values() if one.kind == "file"]
    stamps = [(one.path.rpartition("/")[2].lower(), one.modified) for one in mine]
    stamps = [(name, modified) for name, modified in stamps if STAMP.search(name)]
    sites = [modified for name, modified in stamps if OFF_SITE.search(name)]
    hosts = [modified for name, modified in stamps if OFF_HOST.search(name)]
    away = [one.modified for one in mine if one.size and is_database(one.path) and _on_network(one.path, filesystems)]
    newest = max((*hosts, *sites, *away), default=None)
    return OffHostCopy(newest, max(sites, default=None), network=newest is not None and newest in away)


def _on_network(path: str, filesystems: Filesystems) -> bool:
    above = [one for one in filesystems.filesystems if path.startswith(one.mount.rstrip("/") + "/")]
    return bool(above) and max(above, key=lambda one: len(one.mount)).kind in NETWORK
