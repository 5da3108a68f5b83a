"""Is there a PostgreSQL server on this host at all?"""

from __future__ import annotations

from checks.fact import Absent, Fact, reads
from checks.source import FileStat, Stat
from checks.text import Text

MOST = 10


class PostgresInstalled(Fact, frozen=True):
    """Directories that hold or configure a cluster, or the socket of a running one. Absent: no PostgreSQL server here.

    A server whose data lies elsewhere and that is not running is not seen.
    """

    places: tuple[str, ...]


@reads(
    Stat(
        (
            "/etc/postgresql/*/*/postgresql.conf",  # Debian, Ubuntu
            "/var/lib/postgresql/*/*/PG_VERSION",
            "/var/lib/pgsql/data/PG_VERSION",  # EL
            "/var/lib/pgsql/*/data/PG_VERSION",  # EL with the packages of the PostgreSQL project
            "/usr/local/pgsql/data/PG_VERSION",
            "/run/postgresql/.s.PGSQL.*[0-9]",
        )
    )
)
def postgres_installed(found: tuple[FileStat, ...]) -> PostgresInstalled:
    places = tuple(dict.fromkeys(one.path.rpartition("/")[0] for one in found if "/" in one.path))
    if not places:
        raise Absent(Text("tidak ada klaster PostgreSQL di host ini", "there is no PostgreSQL cluster on this host"))
    return PostgresInstalled(places[:MOST])
