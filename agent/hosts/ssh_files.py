"""Files of a host over SSH, through GNU find and base64. The same readings as `files` gives locally.

Laws:
- Names and numbers come back separated by NULs, contents as base64: nothing that a file is called or holds can be taken for
  anything else.
- Only regular files are read, links followed; never more than `max_bytes` of one.
- Not there is Absent only where find itself ran and said so of that path. Anything else it complains of is Missing.
"""

from __future__ import annotations

import base64
import binascii
import fnmatch
import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from agent.hosts.files import MOST_FOLDERS, MOST_MATCHES, MOST_NAMES
from agent.hosts.ssh_command import batches, decoded, encoded
from agent.hosts.ssh_connection import Printed, TooMuch
from checks.fact import Absent, Missing
from checks.source import MEBIBYTE, File, FileStat, FileText, Glob, Source, Stat
from checks.text import Text, Words

NOT_THERE = ("No such file or directory", "Not a directory")
NO_PATH = (*NOT_THERE, "Too many levels of symbolic links", "File name too long")  # as in `files`: such a path is none
COMPLAINTS = 256 * 1024  # bytes of stderr that are kept: one line for each path that is not there
LISTING = 4 * MEBIBYTE  # of one answer: names of the files in some directories
CANDIDATES = 20_000  # paths of one pattern that may or may not be there
ALL_TEXTS = 64 * MEBIBYTE  # of all files of one pattern
KINDS = {"f": "file", "d": "directory", "l": "link"}
WILD = re.compile(r"\[[^\]]*\]|\?")


class Far(Protocol):
    """What runs commands on the far side (`ssh_connection.Connection`)."""

    def run(
        self, argv: Sequence[str], *, seconds: float, most: int, heavy: bool = False, user: str = "",
        kept: int = 0, name: str = "",
    ) -> Printed: ...  # fmt: skip


@dataclass(frozen=True)
class _Branch:
    """A path of the far host, what of its pattern is still to be found, and the number of that pattern."""

    root: int
    path: str
    rest: tuple[str, ...]


@dataclass(frozen=True)
class _Read:
    """What came of one file: its content, or why there is none."""

    content: bytes = b""
    refused: Words = ""
    directory: bool = False


@dataclass(frozen=True)
class FarFiles:
    """Reads the files of a far host."""

    far: Far

    def text(self, source: File) -> str:
        """The text of one file."""
        _check((source.path,), start="/")  # what begins otherwise is an option of find
        found = self._contents([source.path], source)
        if source.path not in found:
            raise Absent(_no_file(source.path))
        read = found[source.path]
        if read.refused:
            raise Missing(read.refused)
        return read.content.decode("utf-8", errors="replace")

    def texts(self, source: Glob) -> tuple[FileText, ...]:
        """The texts of all files that match. Directories, and matches that vanished meanwhile, are left out."""
        (paths,) = self._grow([("/", source.pattern)], source)
        if len(paths) > MOST_MATCHES:  # those that exist count
            there = self._stats(paths, source)
            paths = [path for path in paths if path in there]
            _bounded(paths, source.pattern)
        read = self._contents(paths, source)
        found = []
        for path in paths:
            one = read.get(path)
            if one is None or one.directory:
                continue
            if one.refused:
                raise Missing(one.refused)
            found.append(FileText(said(path), one.content.decode("utf-8", errors="replace")))
        if not found and not source.may_be_empty:
            raise Absent(_no_file(source.pattern))
        return tuple(found)

    def stats(self, source: Stat) -> tuple[FileStat, ...]:
        """What lstat says of every match."""
        grown = self._grow([("/", pattern) for pattern in source.patterns], source)
        seen = self._stats([path for paths in grown for path in paths], source)
        found: list[FileStat] = []
        for pattern, paths in zip(source.patterns, grown, strict=True):
            there = [path for path in paths if path in seen]
            _bounded(there, pattern)
            found += [seen[path] for path in there]
        for pattern in source.folders:
            found += self._by_folder(pattern, source)
        if not found:
            raise Absent(_no_file(", ".join((*source.patterns, *source.folders))))
        return tuple(found)

    def contents(self, paths: Sequence[str], source: Source[object]) -> dict[str, bytes]:
        """The content of each regular file of `paths` that could be read."""
        return {path: read.content for path, read in self._contents(list(paths), source).items() if not read.refused}

    def matching(self, patterns: Sequence[str], source: Source[object]) -> dict[str, bytes]:
        """The content of each regular file that matches one of `patterns` and could be read."""
        grown = self._grow([("/", pattern) for pattern in patterns], source)
        return self.contents([path for paths in grown for path in paths], source)

    def _by_folder(self, pattern: str, source: Stat) -> Iterable[FileStat]:
        (folders,) = self._grow([("/", pattern)], source)
        existing = self._stats(folders, source)
        beside: Counter[str] = Counter()
        order: list[tuple[str, bool]] = []  # a folder, and whether it stands for too many in it
        for folder in (folder for folder in folders if folder in existing):
            parent = posixpath.dirname(folder)
            beside[parent] += 1
            if beside[parent] <= MOST_FOLDERS:
                order.append((folder, False))
            elif beside[parent] == MOST_FOLDERS + 1:
                order.append((parent, True))
        wanted = [folder for folder, crowded in order if not crowded]
        starts = [(folder, part) for folder in wanted for part in source.below]
        full: set[str] = set()
        grown = self._grow(starts, source, full)
        below: dict[str, list[str]] = defaultdict(list)
        for (folder, _), paths in zip(starts, grown, strict=True):
            below[folder] += islice(paths, MOST_MATCHES + 1 - len(below[folder]))
        seen = self._stats(
            [*(folder for folder, _ in order), *(path for paths in below.values() for path in paths)], source
        )
        for folder, crowded in order:
            if folder not in seen:  # it vanished meanwhile
                continue
            there = [path for path in below[folder] if path in seen]
            if crowded or folder in full or len(below[folder]) > MOST_MATCHES:
                yield replace(seen[folder], kind="crowded")
            else:
                yield seen[folder]
                yield from (seen[path] for path in there)

    def _grow(
        self, starts: Sequence[tuple[str, str]], source: Source[object], full: set[str] | None = None
    ) -> list[list[str]]:
        """For each (folder, pattern) the paths that may exist, in order; breadth first, so that one listing serves all.

        With `full`: a folder with too much below it is noted there instead of being an error.
        """
        _check(part for start in starts for part in start)
        grown: list[list[str]] = [[] for _ in starts]
        branches = [_Branch(number, start, _parts(pattern)) for number, (start, pattern) in enumerate(starts)]
        while branches:
            waiting: list[_Branch] = []
            for branch in branches:
                at, rest = branch.path, branch.rest
                while rest and not any(c in rest[0] for c in "*?["):
                    at, rest = posixpath.join(at, rest[0]), rest[1:]
                if rest:
                    waiting.append(_Branch(branch.root, at, rest))
                elif len(grown[branch.root]) < CANDIDATES:
                    grown[branch.root].append(at)
                else:
                    raise Missing(_too_many(starts[branch.root][1], CANDIDATES))
            names = self._names(
                {(one.path, "" if full is not None else _filter(one.rest[0])) for one in waiting}, source
            )
            branches = []
            for one in waiting:
                here = names.get((one.path, "" if full is not None else _filter(one.rest[0])))
                start = starts[one.root][0]
                if here is None or (full is not None and len(here) > MOST_NAMES):
                    if full is None:
                        raise Missing(_too_many(one.path, LISTING, "byte", "bytes"))
                    full.add(start)
                    continue
                head = one.rest[0]
                branches += [
                    _Branch(one.root, posixpath.join(one.path, name), one.rest[1:])
                    for name in here
                    if fnmatch.fnmatchcase(name, head) and not (name.startswith(".") and not head.startswith("."))
                ]
                if full is not None and len(branches) > CANDIDATES:
                    full.add(start)
        return [sorted(paths, key=lambda path: path.split("/")) for paths in grown]

    def _names(
        self, wanted: Iterable[tuple[str, str]], source: Source[object]
    ) -> dict[tuple[str, str], list[str] | None]:
        """The names in each (folder, filter), sorted; empty where there is no such folder, None where there are too many."""
        found: dict[tuple[str, str], list[str] | None] = {key: [] for key in wanted}
        by_filter: dict[str, list[str]] = defaultdict(list)
        for path, kept in found:
            by_filter[kept].append(path.rstrip("/") + "/")
        for kept, folders in by_filter.items():
            for batch in batches(sorted(folders)):
                for folder, names in self._listing(batch, kept, source).items():
                    found[folder.rstrip("/") or "/", kept] = names
        return found

    def _listing(self, folders: list[str], kept: str, source: Source[object]) -> dict[str, list[str] | None]:
        test = ("-name", kept) if kept else ()
        try:
            printed = self._find(
                [*folders, "-mindepth", "1", "-maxdepth", "1", *test, "-printf", r"%H\0%f\0"], source, LISTING
            )
        except TooMuch:
            if len(folders) == 1:
                return {folders[0]: None}
            return {one: names for folder in folders for one, names in self._listing([folder], kept, source).items()}
        _complain(printed, NOT_THERE)
        found: dict[str, list[str]] = defaultdict(list)
        for folder, name in _groups(printed.out, 2):
            found[decoded(folder)].append(decoded(name))
        return {folder: sorted(names) for folder, names in found.items()}

    def _stats(self, paths: Sequence[str], source: Source[object]) -> dict[str, FileStat]:
        """What lstat says of each path that exists."""
        found = {}
        for batch in batches(list(dict.fromkeys(paths))):
            printed = self._find([*batch, "-maxdepth", "0", "-printf", r"%p\0%y %m %U %G %s %T@\0"], source, LISTING)
            _complain(printed, NO_PATH)
            for path, words in _groups(printed.out, 2):
                found[decoded(path)] = _file_stat(decoded(path), words)
        return found

    def _contents(self, paths: Sequence[str], source: Source[object]) -> dict[str, _Read]:
        """What came of each path that exists."""
        found: dict[str, _Read] = {}
        left = ALL_TEXTS
        for batch in batches(list(dict.fromkeys(paths))):
            most = min(left, len(batch) * source.max_bytes) * 4 // 3 + 8192 + 2 * sum(map(len, map(encoded, batch)))
            size = ("-size", f"-{source.max_bytes + 1}c")
            try:
                printed = self._find(
                    ["-L", *batch, "-maxdepth", "0", "-printf", r"%p\0%y\0%s\0", "(", "-type", "f", *size,
                     "(", "-exec", "base64", "-w", "0", "{}", ";", "-printf", ".", "-o", "-printf", "!", ")",
                     "-o", "-printf", "-", ")", "-printf", r"\0"],
                    source, most,
                )  # fmt: skip
            except TooMuch as error:
                alone = len(paths) == 1
                raise Missing(_too_large(batch[0], source.max_bytes) if alone else error.reason) from error
            refusals = [line for line in printed.err.splitlines() if line.startswith("base64:")]
            _complain(replace(printed, err=_without(printed.err, refusals)), NOT_THERE)
            for path, kind, length, data in _groups(printed.out, 4):
                one = _read(decoded(path), kind.decode(), int(length), data, source.max_bytes, refusals)
                if one is not None:
                    found[decoded(path)] = one
                    left -= len(one.content)
        return found

    def _find(self, argv: Sequence[str], source: Source[object], most: int) -> Printed:
        printed = self.far.run(
            ("find", *argv), seconds=source.timeout, most=most, kept=COMPLAINTS, name=source.describe()
        )
        if printed.code not in {0, 1} or printed.cut:
            raise Missing(_strange(printed))
        return printed


def said(path: str) -> str:
    """`path` as text that can be encoded again."""
    return encoded(path).decode("utf-8", "replace")


def _read(path: str, kind: str, length: int, data: bytes, most: int, refusals: Sequence[str]) -> _Read | None:
    shown = said(path)
    if kind in {"l", "N", "L"}:  # a link to nothing
        return None
    if kind != "f":
        return _Read(
            refused=Text(f"{shown} bukan berkas biasa", f"{shown} is not a regular file"), directory=kind == "d"
        )
    if data == b"-" or length > most:
        return _Read(refused=_too_large(path, most))
    if not data.endswith(b"."):
        why = next((line for line in refusals if shown in line), refusals[0] if refusals else "")
        return _Read(refused=_refusal(shown, why))
    try:
        content = base64.b64decode(data[:-1], validate=True)
    except (binascii.Error, ValueError):
        return _Read(refused=Text(f"{shown} terbaca sebagian", f"{shown} was read in part"))
    return _Read(content) if len(content) <= most else _Read(refused=_too_large(path, most))


def _file_stat(path: str, words: bytes) -> FileStat:
    try:
        kind, mode, uid, gid, size, modified = words.decode("ascii").split(" ")
        return FileStat(
            said(path), KINDS.get(kind, "other"), int(mode, 8), int(uid), int(gid), int(size),
            round(float(modified), 3),
        )  # fmt: skip
    except ValueError as error:
        raise Missing(Text("find mencetak hal lain", "find printed something else")) from error


def _groups(printed: bytes, count: int) -> Iterable[tuple[bytes, ...]]:
    """What find printed, `count` fields at a time, each ended by a NUL."""
    fields = printed.split(b"\0")
    if fields.pop() != b"" or len(fields) % count:
        raise Missing(Text("find mencetak hal lain", "find printed something else"))
    return zip(*[iter(fields)] * count, strict=True)


def _complain(printed: Printed, harmless: tuple[str, ...]) -> None:
    """Raises Missing where find complains of anything but paths that are `harmless`."""
    lines = printed.err.splitlines()
    for line in lines:
        if not (line.startswith("find: ") and line.endswith(harmless)):
            raise Missing(_refusal("", line.removeprefix("find: ")))
    if printed.code and not lines:
        raise Missing(_strange(printed))


def _refusal(path: str, line: str) -> Words:
    if line.endswith("Permission denied"):
        where = path or line.removesuffix(": Permission denied").strip("'\"‘’")
        return Text(
            f"{where}: izin ditolak; masuk sebagai root atau pakai --sudo untuk membacanya",
            f"{where}: permission denied; log in as root or use --sudo to read it",
        )
    return f"{path}: {line}" if path else line or Text("find gagal", "find failed")


def _strange(printed: Printed) -> Words:
    lines = printed.err.strip().splitlines()
    code, why = printed.code, f": {lines[0][:200]}" if lines else ""
    return Text(f"find berakhir dengan kode {code}{why}", f"find ended with code {code}{why}")


def _without(text: str, lines: Sequence[str]) -> str:
    return "\n".join(line for line in text.splitlines() if line not in lines)


def _check(parts: Iterable[str], start: str = "") -> None:
    for part in parts:
        try:
            if "\0" not in part and encoded(part).startswith(start.encode()):
                continue
        except ValueError:
            pass
        raise Missing(Text(f"{part!r} bukan nama berkas", f"{part!r} is no file name"))


def _bounded(paths: Sequence[str], pattern: str) -> None:
    if len(paths) > MOST_MATCHES:
        raise Missing(_too_many(pattern, MOST_MATCHES))


def _too_many(pattern: str, most: int, unit: str = "berkas", unit_en: str = "files") -> Text:
    return Text(
        f"lebih dari {most} {unit} cocok dengan {said(pattern)}", f"more than {most} {unit_en} match {said(pattern)}"
    )


def _too_large(path: str, most: int) -> Text:
    shown = said(path)
    return Text(f"{shown} lebih besar dari {most} byte", f"{shown} is larger than {most} bytes")


def _parts(pattern: str) -> tuple[str, ...]:
    return tuple(part for part in pattern.split("/") if part not in {"", "."})


def _filter(head: str) -> str:
    """What find shall leave out already: a pattern of bytes that everything matching `head` matches."""
    return "" if "\\" in head else WILD.sub("*", head)


def _no_file(path: str) -> Text:
    return Text(f"tidak ada berkas {said(path)}", f"there is no file {said(path)}")
