"""The store of bid documents: how large it is. Names of documents are never read into memory, printed or sent."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Absent, After, Fact, Missing, reads
from checks.source import Command, FileStat, History, Samples, Stat
from checks.text import Text
from checks.trend import Trend, trend

PATHS = ("/home/file/file_prod", "/home/file_prod")


class DocumentFolders(Fact, frozen=True):
    """Where bid documents lie. Absent: no store in the places SPSE's install guides use."""

    paths: tuple[str, ...]


class Store(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One store and the file system it is on; sizes in bytes. `growth`: bytes a day, where the agent's history knows it."""

    path: str
    used: int
    size: int
    free: int
    growth: Trend | None = None


class DocumentStore(Fact, frozen=True):
    """Stores with their size, and the number of files in all. Absent: no store."""

    stores: tuple[Store, ...]
    files: int


# Exit code 1 counts as an answer: the reason of a failure would name documents. That nothing was left out is seen by `!`.
def _used(found: DocumentFolders) -> Command:
    argv = ("du", "-s", "-D", "--block-size=1", "--one-file-system", "--", *found.paths)
    return Command(argv, ok=(0, 1), timeout=120.0, heavy=True)


def _files(found: DocumentFolders) -> Command:
    closed = ("(", "-type", "d", "!", "-readable", "-printf", "!", "-prune", ")")
    argv = ("find", "-H", *found.paths, "-xdev", *closed, "-o", "-type", "f", "-printf", ".")
    return Command(argv, ok=(0, 1), timeout=120.0, max_bytes=16 << 20, heavy=True)


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
DF = After(DocumentFolders, "command df STORE", _room)


@reads(DU, DOTS, DF, History(DocumentStore, "used", _sizes, days=90.0), root=True)
def with_growth(du: str, dots: str, df: str, remembered: tuple[Samples, ...]) -> DocumentStore:
    points = {one.subject: one.points for one in remembered}
    now = document_store(du, dots, df)
    stores = [msgspec.structs.replace(one, growth=trend(points.get(one.path, ()))) for one in now.stores]
    return DocumentStore(tuple(stores), now.files)


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
