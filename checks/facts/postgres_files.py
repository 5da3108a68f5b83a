"""Owner and mode of PostgreSQL's data directory and of pg_hba.conf."""

from __future__ import annotations

import msgspec

from checks.fact import After, Fact, Missing, reads
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_settings import PgSettings
from checks.source import FileStat, Stat
from checks.text import Text

MOST = 20


class PgFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data directory or a pg_hba.conf."""

    path: str
    directory: bool
    mode: int
    uid: int
    gid: int


class PgFiles(Fact, frozen=True):
    """The directories and files. Absent: no PostgreSQL server here, or its files are nowhere we look."""

    files: tuple[PgFile, ...]


@reads(
    After(
        PgSettings,
        "stat the paths in data_directory and hba_file",
        lambda settings: Stat((settings.option("data_directory") or "", settings.option("hba_file") or "")),
    ),
    root=True,
    given=PostgresInstalled,
)
def those_in_use(found: tuple[FileStat, ...]) -> PgFiles:
    return _files(found)


@reads(
    Stat(
        (
            "/var/lib/postgresql/*/*",
            "/etc/postgresql/*/*/pg_hba.conf",
            "/var/lib/pgsql/data",
            "/var/lib/pgsql/data/pg_hba.conf",
            "/var/lib/pgsql/*/data",
            "/var/lib/pgsql/*/data/pg_hba.conf",
        )
    ),
    root=True,
    given=PostgresInstalled,
)
def those_at_the_usual_places(found: tuple[FileStat, ...]) -> PgFiles:
    return _files(found)


def _files(found: tuple[FileStat, ...]) -> PgFiles:
    files = tuple(
        PgFile(one.path, one.kind == "directory", one.mode, one.uid, one.gid)
        for one in found
        if one.kind in ("directory", "file")
    )
    if {file.directory for file in files} != {True, False}:
        raise Missing(
            Text(
                "direktori data dan pg_hba.conf tidak terlihat keduanya",
                "data directory and pg_hba.conf could not both be seen",
            )
        )
    if len(files) > MOST:
        raise Missing(
            Text(
                f"lebih dari {MOST} direktori data dan pg_hba.conf",
                f"more than {MOST} data directories and pg_hba.conf",
            )
        )
    return PgFiles(files)
