"""Files with the suffix of a script or program where there should be none. Found by name: no content is read.

Laws:
- In document stores only suffixes and times are printed by `find`, never a name.
- Every walk stays on its file system, is niced, and ends after some seconds; one that was cut short says so.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from checks.fact import After, Fact, Missing, reads
from checks.facts.privilege import ROOT_OUTSIDE
from checks.facts.script_folders import ScriptFolders, is_store
from checks.source import Command, FileText, Glob, Source
from checks.text import Text

SUFFIXES = (
    "php", "php3", "php4", "php5", "php7", "phtml", "phar", "jsp", "jspx", "jspf", "cgi", "pl", "py", "sh", "war", "class",
    "asp", "aspx", "exe",
)  # fmt: skip
OF_PLAY = frozenset({"py", "sh", "class"})  # suffixes that SPSE's own framework has too
SECONDS = 20.0  # of one walk
TOGETHER = 10  # files changed within an hour of each other: an update, not a plant
HOUR = 3600.0
MOST = 10
# Play keeps uploads on their way, compiled classes and logs there: their names can be those of bid documents.
PASSING = ("tmp", "precompiled", "logs", "log", "uploads", "upload", "attachments", "data")
NOTHING = Glob("/dev/null/none")
ROW = re.compile(r"([a-z0-9]{2,6}) (\d{1,11})(?:\.\d*)?(?: (/.*))?", re.DOTALL)


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: its path, and when its inode last changed (unlike its date, `touch` cannot set that back)."""

    path: str
    changed: datetime


class Walk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one walk over `folders` found: how many files of each suffix, and the ten that changed last, newest first
    (none named in document stores). `complete`: it came to its end. `newest`: when the youngest was changed.
    """

    folders: tuple[str, ...]
    complete: bool
    suffixes: dict[str, int] = {}
    newest: datetime | None = None
    latest: tuple[Script, ...] = ()

    @property
    def files(self) -> int:
        """How many files were found."""
        return sum(self.suffixes.values())


class Scripts(Fact, frozen=True):
    """Scripts and programs below SPSE, below what the web server serves and in the document stores; None: no such folder.

    `applications` are files below SPSE that Play's framework has no use for; `lone` those of its own kinds (py, sh,
    class) that were changed alone, not with ten other files within the hour as by an update. Absent: no folder of the three.
    """

    applications: Walk | None = None
    lone: Walk | None = None
    web: Walk | None = None
    stores: Walk | None = None


def find(
    folders: tuple[str, ...], *actions: str, skipped: tuple[str, ...] = (), entered: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The words of a `find` over `folders` that names each of them, does not enter folders for which one of the tests
    `skipped` holds, tells folders it may not read, does `actions` with what is no folder, and `entered` with each folder.

    Files come first: find tries tests of names before those of kinds, and there are many more files than folders.
    """
    files = ["!", "-type", "d", "(", *actions, "-o", "-true", ")", "-o"]
    itself = ["(", *_any("-path", folders), ")", "-printf", "in 0 %p\\0", "-false", "-o"]
    skip = ["(", *skipped, ")", "-prune", "-o"] if skipped else []
    closed = ["!", "-readable", "-printf", "closed 0\\0", "-prune"]
    last = ["-o", *entered] if entered else []
    return ("find", "-H", *folders, "/dev/null", "-xdev", *files, *itself, *skip, *closed, *last)


def _any(test: str, words: tuple[str, ...]) -> list[str]:
    return [part for word in words for part in ("-o", test, word)][1:]


def _walk(
    folders: tuple[str, ...], form: str, *others: str, passing: tuple[str, ...] = ()
) -> Source[str | tuple[FileText, ...]]:
    """A walk that prints `form` for each file with one of the suffixes, and does `others` with the other files."""
    if not folders:
        return NOTHING
    rows = [part for one in SUFFIXES for part in ("-iname", f"*.{one}", "-printf", f"{one} {form}\\0", "-o")]
    # /dev/null is the last place to be looked at
    end = ["-path", "/dev/null", "-printf", "end 0\\0", "-o"]
    argv = find(
        folders, *end, "-type", "f", "(", *rows, *(others or ("-false",)), ")", skipped=tuple(_any("-name", passing))
    )
    # find's code 1 is a file that vanished meanwhile; 124 is that of `timeout`, and what was found by then counts
    return Command(
        ("timeout", f"{SECONDS:g}", *argv), ok=(0, 1, 124), timeout=SECONDS + 10, max_bytes=16 << 20, heavy=True
    )


@reads(
    After(
        ScriptFolders,
        "command timeout 20 find SPSE (names of scripts)",
        lambda found: _walk(found.applications, "%C@ %p", "-printf", "any %C@\\0", passing=PASSING),
    ),
    After(ScriptFolders, "command timeout 20 find WEB (names of scripts)", lambda found: _walk(found.web, "%C@ %p")),
    After(
        ScriptFolders,
        "command timeout 20 find STORES (suffixes of scripts, no names)",
        lambda found: _walk(found.stores, "%C@"),
    ),
    root=True,
)
def scripts(
    applications: str | tuple[FileText, ...], web: str | tuple[FileText, ...], stores: str | tuple[FileText, ...]
) -> Scripts:
    below, served, documents = _rows(applications), _rows(web), _rows(stores)
    if below is None and served is None and documents is None:
        raise Missing(Text("tidak ada folder yang diperiksa", "no folder was looked at"))
    own = [row for row in below.files if row.suffix in OF_PLAY] if below else []
    foreign = [row for row in below.files if row.suffix not in OF_PLAY] if below else []
    times = sorted([*below.others, *(row.changed for row in below.files)]) if below else []
    lone = [
        row
        for row in own
        if bisect_right(times, row.changed + HOUR) - bisect_left(times, row.changed - HOUR) <= TOGETHER
    ]
    return Scripts(
        _found(below, foreign) if below else None,
        _found(below, lone) if below else None,
        _found(served, served.files) if served else None,
        _found(documents, documents.files) if documents else None,
    )


@dataclass(frozen=True)
class _Row:
    suffix: str
    changed: float
    path: str


@dataclass(frozen=True)
class _Rows:
    folders: tuple[str, ...]
    complete: bool
    files: list[_Row]
    others: list[float]


def _rows(printed: str | tuple[FileText, ...]) -> _Rows | None:
    if not isinstance(printed, str):
        return None
    folders, files, others, complete = [], [], [], False
    for word in printed.split("\0")[:-1]:  # what stands behind the last end was cut off
        row = ROW.fullmatch(word)
        kind = row[1] if row else ""
        if row is None or kind not in {"in", "end", "closed", "any", *SUFFIXES}:
            raise Missing(Text("find mencetak sesuatu yang tidak diminta", "find printed something nobody asked for"))
        if kind == "closed":
            raise Missing(
                Text(
                    f"sebagian folder tidak dapat dibuka; {ROOT_OUTSIDE.id}",
                    f"some folders cannot be opened; {ROOT_OUTSIDE.en}",
                )
            )
        if kind == "in":
            folders.append(said(row[3] or ""))
        elif kind == "any":
            others.append(float(row[2]))
        elif kind == "end":
            complete = True
        else:
            files.append(_Row(kind, float(row[2]), row[3] or ""))
    if not folders:
        raise Missing(Text("find tidak memasuki folder mana pun", "find entered no folder at all"))
    return _Rows(tuple(folders), complete, files, others)


def _found(rows: _Rows, files: list[_Row]) -> Walk:
    ordered = sorted(files, key=lambda row: (-row.changed, row.path))
    named = [row for row in ordered if row.path and not is_store(row.path)]
    return Walk(
        rows.folders,
        rows.complete,
        dict(sorted(Counter(row.suffix for row in files).items())),
        _at(ordered[0].changed) if ordered else None,
        tuple(Script(said(row.path), _at(row.changed)) for row in named[:MOST]),
    )


def said(path: str) -> str:
    """`path` as it can be shown: an intruder chose it."""
    return "".join(one if one.isprintable() else "?" for one in path)[:160]


def _at(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Missing(Text("find mencetak waktu yang mustahil", "find printed an impossible time")) from error
