"""Backup files in the usual folders: how many, how old, how large, who may read them. Never what is in them.

Names are kept only as patterns (digits and names of days become `#`), and that of the newest database dump, which another
fact opens to see whether it can be read.

Laws:
- What an ordinary user puts into a folder of their own is no backup: it makes no series, and keeps none from being read.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.spse_owners import OWNERS, PASSWD, numbers, uids
from checks.source import FileStat, FileText, Stat
from checks.text import Text

FOLDERS = (
    "/backup", "/backups", "/data/backup", "/home/backup", "/home/backups", "/home/*/backup", "/home/*/backups", "/opt/backup",
    "/root/backup", "/srv/backup", "/srv/backups", "/mnt/backup*", "/mnt/*/backup*", "/var/backups/postgresql",
    "/var/lib/pgsql/backups", "/var/lib/pgsql/*/backups", "/var/lib/postgresql/backup*",
)  # fmt: skip
INSIDE = ("db*", "database*", "postgres*", "pg*", "sql*", "daily*", "harian*", "weekly*", "monthly*", "bulanan*", "20*")
CATALOGUES = ("/var/lib/pgbackrest/backup/*/backup.info", "/var/lib/barman/*/base/*/backup.info")


@dataclass(frozen=True)
class Folders(Stat):
    """The usual places, told as a shell would write them: their full list has hundreds of patterns."""

    def describe(self) -> str:
        folders = f"{{{','.join(FOLDERS)}}}{{,/*,/{{{','.join(INSIDE)}}}/*}}"
        return f"stat {folders} /var/backups/* {' '.join(CATALOGUES)}"


# "/" is always there: so it is the parser that says, in one sentence, that nothing was found.
PLACES = Folders(
    ("/", "/var/backups/*", *CATALOGUES), folders=FOLDERS, below=("*", *(f"{inside}/*" for inside in INSIDE))
)
OF_USERS = re.compile(r"(/home/[^/]+/backups?)(/.*)?")
LOCKED = re.compile(r"\.(age|gpg|pgp|asc|enc)$")
PACKED = re.compile(r"\.(gz|tgz|bz2|xz|zst|lz4|zip|tar)$")
DUMP = re.compile(r"\.(dump|backup|sql|dmp|pgdump|custom)\b")
DATABASE = re.compile(r"(^|[^a-z])(pg|postgres\w*|pgsql|epns\w*|database|db|basebackup|base)([^a-z]|$)")
DOCUMENTS = re.compile(r"file_prod|file_latihan|dokumen|documents?([^a-z]|$)")
STAMP = re.compile(r"\.(stamp|ok|done|log|tar|tgz|tar\.\w+|zip|zst)(\.(age|gpg|enc))?$")
DAYS = re.compile(
    r"(?<![a-z])(mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|senin|selasa|rabu|kamis|jumat|"
    r"sabtu|minggu)(day|nesday|sday|urday|rsday)?(?![a-z])",
    re.IGNORECASE,
)
MOST_SERIES, RECENT, MOST_SKIPPED = 12, 14, 3


class Series(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Copies of one thing. `name` has `#` for digits; `median` is the size of up to 14 copies before the newest (0: none).

    `days` and `months`: on how many different days and in how many different months (UTC) a copy was made.
    """

    name: str
    count: int
    newest: float
    size: int
    median: int
    days: int
    months: int


class Guard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Protection of all backup files: how many, how many encrypted, and how many that others may read or change.

    `readable`: by every user; `writable`: by more than the owner; `login_owned`: the owner's number is 1000 or more.
    """

    files: int
    encrypted: int
    readable: int
    writable: int
    login_owned: int
    worst: int  # the loosest mode among those readable or writable, else among all


class Backups(Fact, frozen=True):
    """What lies in the usual backup folders. Absent: nothing that looks like a backup of a database or of documents.

    `newest` is the path of the newest database dump, in clear where it lies beside its encrypted copy; `catalogue` when
    pgBackRest or Barman last finished; `documents` when the newest archive or stamp of the document store was written;
    `mirror`: a folder looks like a copy of that store.
    `foreign`: how many files in folders of users belong to nobody who makes backups, and count for none of these.
    `skipped`: folders that hold too many files to be read.
    """

    database: tuple[Series, ...]
    guard: Guard
    newest: str = ""
    catalogue: float | None = None
    documents: float | None = None
    mirror: bool = False
    foreign: int = 0
    skipped: tuple[str, ...] = ()


@reads(PLACES, OWNERS, PASSWD, root=True)
def backups(found: tuple[FileStat, ...], installed: tuple[FileStat, ...], passwd: tuple[FileText, ...]) -> Backups:
    everything = {stat.path: stat for stat in found}
    unique = ours(everything, installed, passwd)
    crowded = sorted(path for path, stat in everything.items() if stat.kind == "crowded")
    folders = {path: stat.mode for path, stat in everything.items() if stat.kind == "directory"}
    foreign = [stat for path, stat in everything.items() if path not in unique and stat.kind == "file"]
    files = [stat for stat in unique.values() if stat.kind == "file"]
    catalogues = [stat.modified for stat in files if stat.path.endswith("/backup.info")]
    dumps = [stat for stat in files if is_database(stat.path)]
    documents = [stat for stat in files if _is_documents(stat.path)]
    mirror = any(DOCUMENTS.search(path.rpartition("/")[2].lower()) for path in folders if path in unique)
    strangers = [stat for stat in foreign if is_database(stat.path) or _is_documents(stat.path)]
    unread = [path for path in crowded if path in unique]
    if unread and not (dumps or catalogues):
        raise Missing(
            Text(f"terlalu banyak berkas untuk dibaca: {unread[0]}", f"too many files to be read: {unread[0]}")
        )
    if not (dumps or documents or catalogues or mirror or strangers):
        raise Absent(
            Text(
                "tidak ada dump basis data atau arsip dokumen di folder cadangan yang lazim",
                "no usual backup folder holds a database dump or an archive of documents",
            )
        )
    newest = max(dumps, key=lambda stat: (_production(stat.path), stat.modified), default=None)
    clear = next((stat for stat in dumps if newest and stat.path == LOCKED.sub("", newest.path)), newest)
    return Backups(
        database=_series(dumps),
        guard=_guard([*dumps, *documents, *strangers], folders),
        newest=clear.path if clear else "",
        catalogue=max(catalogues, default=None),
        documents=max((stat.modified for stat in documents), default=None),
        mirror=mirror,
        foreign=len(strangers),
        skipped=tuple(path[:120] for path in crowded[:MOST_SKIPPED]),
    )


def dump_sizes(
    found: tuple[FileStat, ...], installed: tuple[FileStat, ...], passwd: tuple[FileText, ...]
) -> tuple[tuple[float, float], ...]:
    """When each copy of the production database was made (seconds since the epoch), and its size: the series with most copies."""
    groups = copies(found, installed, passwd, is_database)
    return max(groups.items(), key=lambda item: (_production(item[0]), len(item[1]), item[0]), default=("", ()))[1]


def copies(
    found: tuple[FileStat, ...],
    installed: tuple[FileStat, ...],
    passwd: tuple[FileText, ...],
    wanted: Callable[[str], bool],
) -> dict[str, tuple[tuple[float, float], ...]]:
    """By series: when each copy whose path is `wanted` was made (seconds since the epoch), and its size; oldest first."""
    groups: dict[str, list[tuple[float, float]]] = {}
    for stat in ours({stat.path: stat for stat in found}, installed, passwd).values():
        if stat.kind == "file" and stat.size > 0 and wanted(stat.path):
            groups.setdefault(series_name(stat.path), []).append((stat.modified, float(stat.size)))
    return {name: tuple(sorted(points)) for name, points in groups.items()}


def ours(
    found: dict[str, FileStat], installed: tuple[FileStat, ...], passwd: tuple[FileText, ...]
) -> dict[str, FileStat]:
    """What of `found` is not foreign."""
    makers = uids(installed) | {uid for name, uid in numbers(passwd).items() if name == "postgres"}
    return {path: stat for path, stat in found.items() if not _is_foreign(stat, found, makers)}


def _is_foreign(stat: FileStat, found: dict[str, FileStat], makers: frozenset[int]) -> bool:
    """Is this in a folder of a user, and of somebody who makes no backups, or reached through a link of such a one?"""
    match = OF_USERS.fullmatch(stat.path)
    if match is None:
        return False
    parts = (match[2] or "").split("/")
    above = [found.get(match[1] + "/".join(parts[:depth])) for depth in range(1, len(parts))]
    return stat.uid not in makers or any(one.kind == "link" and one.uid not in makers for one in above if one)


def is_database(path: str) -> bool:
    """Does this look like a dump of a database? Packages leave other things in /var/backups (dpkg.status.1.gz)."""
    name = path.rpartition("/")[2].lower()
    if STAMP.search(name) and DOCUMENTS.search(name):
        return False
    plain = LOCKED.sub("", name)
    if DUMP.search(plain):
        return not plain.endswith((".log", ".txt", ".md5", ".sha256", ".tmp", ".part"))
    return bool(PACKED.search(plain) and DATABASE.search(plain))


def series_name(path: str) -> str:
    """`path` with what changes from copy to copy replaced by `#`."""
    return re.sub(r"#[#_.:T-]*#", "#", re.sub(r"\d+", "#", DAYS.sub("#", path)))


def production(series: tuple[Series, ...]) -> tuple[Series, ...]:
    """The series of the production database where one says so by its name, else all."""
    return tuple(one for one in series if _production(one.name)) or series


def _production(path: str) -> bool:
    return "prod" in path.lower()


def is_backup(path: str) -> bool:
    """Does this look like a copy of a database or of documents?"""
    return is_database(path) or _is_documents(path)


def _is_documents(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return bool(DOCUMENTS.search(name) and STAMP.search(name))


def _series(dumps: Iterable[FileStat]) -> tuple[Series, ...]:
    groups: dict[str, list[FileStat]] = {}
    for stat in dumps:
        groups.setdefault(series_name(stat.path), []).append(stat)
    made = []
    for name, copies in groups.items():
        copies.sort(key=lambda stat: stat.modified, reverse=True)
        before = [stat.size for stat in copies[1 : RECENT + 1]]
        dates = [_day(stat) for stat in copies]
        made.append(
            Series(
                name=name[:120],
                count=len(copies),
                newest=copies[0].modified,
                size=copies[0].size,
                median=int(statistics.median(before)) if before else 0,
                days=len({day.date() for day in dates}),
                months=len({(day.year, day.month) for day in dates}),
            )
        )
    made.sort(key=lambda one: (not _production(one.name), -one.newest, one.name))
    return tuple(made[:MOST_SERIES])


def _guard(files: list[FileStat], folders: dict[str, int]) -> Guard:
    readable = [stat for stat in files if stat.mode & 0o004 and _reachable(stat.path, folders)]
    writable = [stat for stat in files if stat.mode & 0o022 and _reachable(stat.path, folders)]
    return Guard(
        files=len(files),
        encrypted=sum(bool(LOCKED.search(stat.path.lower())) for stat in files),
        readable=len(readable),
        writable=len(writable),
        login_owned=sum(stat.uid >= 1000 for stat in files),
        worst=max((stat.mode for stat in readable + writable or files), key=int.bit_count, default=0),
    )


def _reachable(path: str, folders: dict[str, int]) -> bool:
    """May every user enter the folders above `path`, as far as they are known?"""
    parts = path.split("/")
    return all(folders.get("/".join(parts[:depth]), 0o001) & 0o001 for depth in range(2, len(parts)))


def _day(stat: FileStat) -> datetime:
    try:
        return datetime.fromtimestamp(stat.modified, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Missing(
            Text(f"waktu {stat.path[:80]} tidak masuk akal", f"{stat.path[:80]} has a time that makes no sense")
        ) from error
