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
import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from agent.hosts.files import MOST_FOLDERS, MOST_MATCHES
from agent.hosts.ssh_command import batches, decoded, encoded
from agent.hosts.ssh_find import (
    LISTING,
    NO_PATH,
    NOT_THERE,
    Far,
    check,
    complain,
    find,
    groups,
    refusal,
    said,
    too_many,
)
from agent.hosts.ssh_names import Names
from agent.hosts.ssh_shell import TooMuch
from checks.fact import Absent, Missing
from checks.source import MEBIBYTE, File, FileStat, FileText, Glob, Source, Stat
from checks.text import Text, Words

ALL_TEXTS = 64 * MEBIBYTE  # of all files of one pattern
KINDS = {"f": "file", "d": "directory", "l": "link"}


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
        check((source.path,), start="/")  # what begins otherwise is an option of find
        found = self._contents([source.path], source)
        if source.path not in found:
            raise Absent(_no_file(source.path))
        read = found[source.path]
        if read.refused:
            raise Missing(read.refused)
        return read.content.decode("utf-8", errors="replace")

    def texts(self, source: Glob) -> tuple[FileText, ...]:
        """The texts of all files that match. Directories, and matches that vanished meanwhile, are left out."""
        (paths,) = Names(self.far, source).grow([("/", source.pattern)])
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
        grown = Names(self.far, source).grow([("/", pattern) for pattern in source.patterns])
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
        grown = Names(self.far, source).grow([("/", pattern) for pattern in patterns])
        return self.contents([path for paths in grown for path in paths], source)

    def _by_folder(self, pattern: str, source: Stat) -> Iterable[FileStat]:
        (folders,) = Names(self.far, source).grow([("/", pattern)])
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
        grown = Names(self.far, source).grow(starts, full)
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

    def _stats(self, paths: Sequence[str], source: Source[object]) -> dict[str, FileStat]:
        """What lstat says of each path that exists."""
        found = {}
        for batch in batches(list(dict.fromkeys(paths))):
            printed = find(
                self.far, [*batch, "-maxdepth", "0", "-printf", r"%p\0%y %m %U %G %s %T@\0"], source, LISTING
            )
            complain(printed, NO_PATH)
            for path, words in groups(printed.out, 2):
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
                printed = find(self.far,
                    ["-L", *batch, "-maxdepth", "0", "-printf", r"%p\0%y\0%s\0", "(", "-type", "f", *size,
                     "(", "-exec", "base64", "-w", "0", "{}", ";", "-printf", ".", "-o", "-printf", "!", ")",
                     "-o", "-printf", "-", ")", "-printf", r"\0"],
                    source, most,
                )  # fmt: skip
            except TooMuch as error:
                alone = len(paths) == 1
                raise Missing(_too_large(batch[0], source.max_bytes) if alone else error.reason) from error
            refusals = [line for line in printed.err.splitlines() if line.startswith("base64:")]
            complain(replace(printed, err=_without(printed.err, refusals)), NOT_THERE)
            for path, kind, length, data in groups(printed.out, 4):
                one = _read(decoded(path), kind.decode(), int(length), data, source.max_bytes, refusals)
                if one is not None:
                    found[decoded(path)] = one
                    left -= len(one.content)
        return found


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
        return _Read(refused=refusal(shown, why))
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


def _without(text: str, lines: Sequence[str]) -> str:
    return "\n".join(line for line in text.splitlines() if line not in lines)


def _bounded(paths: Sequence[str], pattern: str) -> None:
    if len(paths) > MOST_MATCHES:
        raise Missing(too_many(pattern, MOST_MATCHES))


def _too_large(path: str, most: int) -> Text:
    shown = said(path)
    return Text(f"{shown} lebih besar dari {most} byte", f"{shown} is larger than {most} bytes")


def _no_file(path: str) -> Text:
    return Text(f"tidak ada berkas {said(path)}", f"there is no file {said(path)}")
