"""The store of bid documents: how large it is, and how fast it grows. Names of documents are never read, printed or sent.

Law: until the agent's own history reaches far enough, growth is told by the days on which the documents were last written.
They are only ever added; what was deleted since is not counted, so that growth is an underestimate then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from checks.fact import Absent, After, Fact, Missing, reads
from checks.facts.clock import CLOCK, today
from checks.source import Command, FileStat, History, Samples, Stat
from checks.text import Text
from checks.trend import DAY, Basis, Trend, trend

PATHS = ("/home/file/file_prod", "/home/file_prod")
DAYS, FEWEST_DAYS = 90, 14
BEGUN = 0.1  # of a store: with less than that from before those days it began within them
BLOCK = 512  # bytes of the blocks that find counts
DATED = re.compile(r"(\d{1,12}) (\d{4}-\d\d-\d\d) (/\S+)\n", re.ASCII)


class DocumentFolders(Fact, frozen=True):
    """Where bid documents lie. Absent: no store in the places SPSE's install guides use."""

    paths: tuple[str, ...]


class Store(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One store and the file system it is on; sizes in bytes. `growth`: bytes a day, where it is known.

    `basis`: the agent's own samples of its size, or the dates of its files.
    """

    path: str
    used: int
    size: int
    free: int
    growth: Trend | None = None
    basis: Basis = "samples"


class DocumentStore(Fact, frozen=True):
    """Stores with their size, and the number of files in all. Absent: no store."""

    stores: tuple[Store, ...]
    files: int


# Exit code 1 counts as an answer: the reason of a failure would name documents. That nothing was left out is seen by `!`.
def _used(found: DocumentFolders) -> Command:
    argv = ("du", "-s", "-D", "--block-size=1", "--one-file-system", "--", *found.paths)
    return Command(argv, ok=(0, 1), timeout=120.0, heavy=True)


def _walk(found: DocumentFolders, *actions: str) -> Command:
    closed = ("(", "-type", "d", "!", "-readable", "-printf", "!", "-prune", ")")
    argv = ("find", "-H", *found.paths, "-xdev", *closed, "-o", "-type", "f", *actions)
    return Command(argv, ok=(0, 1), timeout=120.0, max_bytes=16 << 20, heavy=True)


def _files(found: DocumentFolders) -> Command:
    return _walk(found, "-printf", ".")


def _dates(found: DocumentFolders) -> Command:
    recent = ("-mtime", f"-{DAYS}", "-printf", r"%b %TY-%Tm-%Td %H\n")
    return _walk(found, "(", *recent, "-o", "-printf", ".", ")")


def _room(found: DocumentFolders) -> Command:
    return Command(("df", "--block-size=1", "--output=size,avail", "--", *found.paths), ok=(0, 1))


@reads(
    Stat(PATHS),
    absent=Text(
        f"penyimpanan dokumen SPSE tidak ada di sini ({', '.join(PATHS)})",
        f"there is no document store of SPSE here ({', '.join(PATHS)})",
    ),
)
def document_folders(found: tuple[FileStat, ...]) -> DocumentFolders:
    paths = tuple(dict.fromkeys(stat.path for stat in found if stat.kind in {"directory", "link"}))
    if not paths:
        raise Absent(Text(f"{' maupun '.join(PATHS)} bukan folder", f"neither {' nor '.join(PATHS)} is a folder"))
    return DocumentFolders(paths)


def _sizes(found: DocumentStore) -> dict[str, float]:
    return {one.path: one.used for one in found.stores}


DU = After(DocumentFolders, "command du -s STORE", _used)
DOTS = After(DocumentFolders, "command find STORE -type f -printf . (counts only)", _files)
DATES = After(
    DocumentFolders,
    f"command find STORE -type f -mtime -{DAYS} -printf '%b %TY-%Tm-%Td' (blocks and days only)",
    _dates,
)
DF = After(DocumentFolders, "command df STORE", _room)


# df comes first: where there is no store it says so; then the history: without it nobody walks twice
@reads(DF, History(DocumentStore, "used", _sizes, days=90.0), DU, DOTS, root=True)
def with_growth(df: str, remembered: tuple[Samples, ...], du: str, dots: str) -> DocumentStore:
    points = {one.subject: one.points for one in remembered}
    now = document_store(du, dots, df)
    stores = [msgspec.structs.replace(one, growth=trend(points.get(one.path, ()))) for one in now.stores]
    return DocumentStore(tuple(stores), now.files)


@reads(DF, DU, DATES, CLOCK, root=True)
def with_growth_by_dates(df: str, du: str, dates: str, clock: str) -> DocumentStore:
    now, day = document_store(du, DATED.sub(".", dates), df), today(clock)
    added: dict[str, dict[date, int]] = {one.path: {} for one in now.stores}
    for blocks, written, path in DATED.findall(dates):
        if path not in added:
            raise Missing(Text("find menyebut folder lain", "find named another folder"))
        on = _date(written)
        if on <= day:  # what bears a day to come was written nobody knows when
            added[path][on] = added[path].get(on, 0) + int(blocks) * BLOCK
    stores = [
        msgspec.structs.replace(
            one, growth=trend(sizes(one.used, added[one.path], day), least=FEWEST_DAYS), basis="files"
        )
        for one in now.stores
    ]
    return DocumentStore(tuple(one if one.growth else at_present(one) for one in stores), now.files)


def at_present(store: Store) -> Store:
    """`store` without a growth."""
    return Store(store.path, store.used, store.size, store.free)


def sizes(used: int, added: Mapping[date, int], day: date) -> list[tuple[float, float]]:
    """How large a store was at the end of each of the last 90 days until `day`, if it is `used` bytes now and on each day
    so many were added: (seconds, bytes), oldest first. It begins with the first day of which anything is known.
    """
    first = day.toordinal() - DAYS
    recent = {on.toordinal(): size for on, size in added.items() if first < on.toordinal() <= day.toordinal()}
    total = sum(recent.values())
    if total > used:  # names of one file in several places, or files that are written still
        return []
    if used - total <= BEGUN * used:
        first = min(recent, default=day.toordinal())
    held, points = used, []
    for number in range(day.toordinal(), first - 1, -1):
        points.append((number * DAY, float(held)))
        held -= recent.get(number, 0)
    return points[::-1]


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Missing(Text("find mencetak tanggal yang mustahil", "find printed an impossible date")) from error


@reads(DU, DOTS, DF, root=True)
def document_store(du: str, dots: str, df: str) -> DocumentStore:
    if set(dots) - {".", "!"}:
        raise Missing(
            Text(
                "find menghitung sesuatu yang bukan berkas maupun folder",
                "find counted something that is neither a file nor a folder",
            )
        )
    if "!" in dots:
        raise Missing(
            Text(
                "sebagian folder dokumen tidak dapat dibuka; jalankan sebagai root. Root pun ditolak pada NFS (root_squash)",
                "some folders of the document store cannot be opened; run as root. Root too is refused by NFS (root_squash)",
            )
        )
    used = re.findall(r"^(\d{1,18})\t(/\S+)$", du, flags=re.MULTILINE)
    rooms = re.findall(r"^ *(\d{1,18}) +(\d{1,18}) *$", df, flags=re.MULTILINE)
    if not used or len(used) != len(rooms):
        raise Missing(
            Text("du dan df tidak sepakat tentang penyimpanan dokumen", "du and df do not agree on the document stores")
        )
    stores = [
        Store(path, int(size), int(room), int(free)) for (size, path), (room, free) in zip(used, rooms, strict=True)
    ]
    if any(store.path not in PATHS for store in stores):
        raise Missing(
            Text(
                "du menampilkan sesuatu yang bukan penyimpanan dokumen",
                "du printed something that is no document store",
            )
        )
    if any(store.used == 0 for store in stores):  # even an empty folder takes a block, unless it is hidden by systemd
        raise Missing(
            Text(
                "penyimpanan dokumen disembunyikan dari proses ini (InaccessiblePaths)",
                "the document store is hidden from this process (InaccessiblePaths)",
            )
        )
    return DocumentStore(tuple(stores), len(dots))
