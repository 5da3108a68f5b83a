"""Major versions of the PostgreSQL clusters on this host, whether they run or not."""

from __future__ import annotations

import re

from checks.fact import Fact, Missing, Recipe, reads
from checks.facts.postgres_installed import PostgresInstalled
from checks.source import FileStat, FileText, Glob, Stat
from checks.text import Text

PLACES = (
    "/var/lib/postgresql/*/*/PG_VERSION",
    "/var/lib/pgsql/data/PG_VERSION",
    "/var/lib/pgsql/*/data/PG_VERSION",
    "/usr/local/pgsql/data/PG_VERSION",
)
DEBIAN = re.compile(r"/etc/postgresql/(\d{1,2}|9\.\d)/[^/]+")


class PostgresMajors(Fact, frozen=True):
    """Each major version once ("9.6", "15"), sorted. Absent: PostgreSQL is not installed."""

    versions: tuple[str, ...]


def _clusters(*texts: tuple[FileText, ...]) -> PostgresMajors:
    return _all([file.text.strip() for group in texts for file in group])


of_clusters = Recipe(PostgresMajors, tuple(map(Glob, PLACES)), _clusters, root=True, given=PostgresInstalled)


@reads(Stat(("/", "/etc/postgresql/*/*")), given=PostgresInstalled)
def of_configurations(seen: tuple[FileStat, ...]) -> PostgresMajors:
    """Debian and Ubuntu name the version in the path of a cluster's configuration."""
    return _all([match[1] for one in seen if (match := DEBIAN.fullmatch(one.path)) and one.kind == "directory"])


def _all(versions: list[str]) -> PostgresMajors:
    if not versions or not all(re.fullmatch(r"\d{1,2}|[89]\.\d", version) for version in versions):
        raise Missing(
            Text(
                "versi PostgreSQL tidak ditemukan: tidak ada PG_VERSION di tempat biasa",
                "the version of PostgreSQL was not found: there is no PG_VERSION in the usual places",
            )
        )
    return PostgresMajors(tuple(sorted(set(versions), key=float)))
