"""Files below a root directory: `/` for a running host, another directory for a mounted image or a test.

Laws:
- Nothing is opened that is not a regular file, and never for writing: no FIFO can block, no device can be touched.
- Symbolic links are resolved inside the root, so an image cannot point at the auditor's own files.
- At most `max_bytes` are read; a larger file is Missing, not half a truth.
- Names are bytes on a host and text in a reading: what is no UTF-8 in them is replaced, so that a file's name can never
  keep a report from being written.
"""

from __future__ import annotations

import errno
import fnmatch
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePosixPath

from checks.fact import Absent, Missing
from checks.source import File, FileStat, FileText, Glob, Stat
from checks.text import Text, Words

ALL_CAPABILITIES = (1 << 64) - 1
READS_ALL = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: capabilities(7)
WHOLE_MAP = ["0", "0", "4294967295"]  # of the first user namespace: user_namespaces(7)
MOST_LINKS = 40  # as Linux: more is a loop
MOST_MATCHES = 2000
MOST_FOLDERS = 50  # beside each other, of those that a `Stat` by folders asks for
MOST_NAMES = 20_000  # in one directory below such a folder


@dataclass(frozen=True)
class Files:
    """Reads files below `root`."""

    root: str = "/"

    def text(self, source: File) -> str:
        """The text of one file."""
        return self._read(source.path, source.max_bytes)

    def texts(self, source: Glob) -> tuple[FileText, ...]:
        """The texts of all files that match. Directories, and matches that vanished meanwhile, are left out."""
        found: list[FileText] = []
        for path in self._matches(source.pattern):
            try:
                found.append(FileText(_text(path), self._read(path, source.max_bytes)))
            except (Absent, _Directory):
                continue
        if not found and not source.may_be_empty:
            raise Absent(_no_file(source.pattern))
        return tuple(found)

    def stats(self, source: Stat) -> tuple[FileStat, ...]:
        """What `lstat` says of every match."""
        found = [one for pattern in source.patterns for path in self._matches(pattern) for one in self._stat(path)]
        for pattern in source.folders:
            found += self._by_folder(pattern, source.below)
        if not found:
            raise Absent(_no_file(", ".join((*source.patterns, *source.folders))))
        return tuple(found)

    def _stat(self, path: str) -> tuple[FileStat, ...]:
        """What `lstat` says of `path`; nothing where it vanished meanwhile."""
        try:
            return (_file_stat(_text(path), os.lstat(self._real(path, follow_last=False))),)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise Missing(_sentence(path, error)) from error

    def _by_folder(self, pattern: str, below: tuple[str, ...]) -> Iterator[FileStat]:
        """The folders that match `pattern` and what is below each, unless it is too much."""
        beside: Counter[str] = Counter()
        for folder in self._expand("/", _parts(pattern), pattern):
            parent = os.path.dirname(folder)
            beside[parent] += 1
            if beside[parent] > MOST_FOLDERS:
                if beside[parent] == MOST_FOLDERS + 1:
                    yield from (replace(one, kind="crowded") for one in self._stat(parent))
                continue
            itself = self._stat(folder)
            paths: list[str] = []
            try:
                for part in below:
                    matches = self._expand(folder, _parts(part), f"{folder}/{part}", most_names=MOST_NAMES)
                    paths += islice(matches, MOST_MATCHES + 1 - len(paths))
            except _Crowded:
                paths = [folder] * (MOST_MATCHES + 1)
            if len(paths) > MOST_MATCHES:
                yield from (replace(one, kind="crowded") for one in itself)
                continue
            yield from itself
            for path in paths:
                yield from self._stat(path)

    def _read(self, path: str, max_bytes: int) -> str:
        try:
            raw = _content(self._real(path), path, max_bytes + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise Absent(_no_file(path)) from None
        except OSError as error:
            raise Missing(_sentence(path, error)) from error
        except ValueError as error:  # a NUL in a path that came from the audited host
            raise Missing(f"{path!r}: {error}") from error
        if len(raw) > max_bytes:
            path = _text(path)
            raise Missing(Text(f"{path} lebih besar dari {max_bytes} byte", f"{path} is larger than {max_bytes} bytes"))
        return raw.decode("utf-8", errors="replace")

    def _real(self, path: str, *, follow_last: bool = True) -> str:
        """`path` below the root as a real path, with every link resolved inside the root."""
        if self.root == "/":
            return path
        done = PurePosixPath("/")
        rest = [part for part in PurePosixPath(path).parts if part != "/"]
        links = 0
        while rest:
            part = rest.pop(0)
            if part == "..":
                done = done.parent
                continue
            here = done / part
            real = self.root + str(here)
            if os.path.islink(real) and (rest or follow_last):
                links += 1
                if links > MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
                target = PurePosixPath(os.readlink(real))
                if target.is_absolute():
                    done = PurePosixPath("/")
                rest = [p for p in target.parts if p != "/"] + rest
            else:
                done = here
        return self.root.rstrip("/") + str(done)

    def _matches(self, pattern: str) -> Iterator[str]:
        """Paths on the audited host that match, in order. Every `*` stands for one path component or a part of it."""
        yielded = 0
        for path in self._expand("/", _parts(pattern), pattern):
            yielded += 1
            if yielded > MOST_MATCHES:
                raise Missing(
                    Text(
                        f"lebih dari {MOST_MATCHES} berkas cocok dengan {pattern}",
                        f"more than {MOST_MATCHES} files match {pattern}",
                    )
                )
            yield path

    def _expand(self, base: str, parts: list[str], pattern: str, most_names: int | None = None) -> Iterator[str]:
        if not parts:
            if self._exists(base):
                yield base
            return
        head, rest = parts[0], parts[1:]
        if not any(c in head for c in "*?["):
            yield from self._expand(os.path.join(base, head), rest, pattern, most_names)
            return
        try:
            with os.scandir(self._real(base)) as entries:
                names = sorted(entry.name for entry in islice(entries, most_names and most_names + 1))
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return
        except OSError as error:
            raise Missing(_sentence(base, error)) from error
        if most_names and len(names) > most_names:
            raise _Crowded(base)
        for name in names:
            if fnmatch.fnmatchcase(name, head) and not (name.startswith(".") and not head.startswith(".")):
                yield from self._expand(os.path.join(base, name), rest, pattern, most_names)

    def _exists(self, path: str) -> bool:
        """Is there anything at `path`? Where nobody may look that is Missing: not seeing is not absence."""
        try:
            os.lstat(self._real(path, follow_last=False))
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return False
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.ENAMETOOLONG}:
                return False
            raise Missing(_sentence(path, error)) from error
        return True


class _Crowded(Exception):
    """A directory with more names than anybody keeps backups."""


class _Directory(Missing):
    """A directory where a file was expected."""


def _content(real: str, path: str, most: int) -> bytes:
    """Up to `most` bytes of a regular file. What it is is seen through O_PATH, which opens nothing."""
    said = _text(path)
    place = os.open(real, os.O_PATH | os.O_CLOEXEC)
    try:
        mode = os.fstat(place).st_mode
        if not stat.S_ISREG(mode):
            kind = _Directory if stat.S_ISDIR(mode) else Missing
            raise kind(Text(f"{said} bukan berkas biasa", f"{said} is not a regular file"))
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
        with os.fdopen(os.open(f"/proc/self/fd/{place}", flags), "rb") as file:
            raw: bytes | None = file.read(most)
    finally:
        os.close(place)
    if raw is None:  # /proc/kmsg and its like: regular files that make a reader wait
        raise Missing(Text(f"{said} tidak punya isi yang berakhir", f"{said} has no content that ends"))
    return raw


def _parts(pattern: str) -> list[str]:
    return [part for part in PurePosixPath(pattern).parts if part != "/"]


def _text(path: str) -> str:
    """`path` as text that can be encoded again."""
    return os.fsencode(path).decode("utf-8", "replace")


def _file_stat(path: str, seen: os.stat_result) -> FileStat:
    kind = "other"
    for test, name in ((stat.S_ISREG, "file"), (stat.S_ISDIR, "directory"), (stat.S_ISLNK, "link")):
        if test(seen.st_mode):
            kind = name
    return FileStat(
        path, kind, stat.S_IMODE(seen.st_mode), seen.st_uid, seen.st_gid, seen.st_size, round(seen.st_mtime, 3)
    )


def _sentence(path: str, error: OSError) -> Words:
    path = _text(path)
    if isinstance(error, PermissionError):
        why = _refusal(error.errno or errno.EACCES)
        return Text(f"{path}: izin ditolak; {why.id}", f"{path}: permission denied; {why.en}")
    return f"{path}: {error.strerror or error}"


def _refusal(code: int) -> Text:
    """Why this process may not read, and what would help: root is refused for other reasons than anybody else."""
    if os.geteuid() != 0:
        return Text("jalankan sebagai root untuk membacanya", "run as root to read it")
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            said = status.read()
        with open("/proc/self/uid_map", encoding="ascii") as users:
            whole = users.read().split() == WHOLE_MAP
    except OSError:
        said, whole = "", True
    return refusal_to_root(code, said, whole=whole)


def refusal_to_root(code: int, status: str, *, whole: bool) -> Text:
    """Why the kernel refuses root with error `code`. `status` is /proc/self/status; `whole`: root of all users there are."""
    effective = re.search(r"^CapEff:\s*([0-9a-f]+)$", status, re.MULTILINE)
    held = int(effective[1], 16) if effective else ALL_CAPABILITIES
    if code == errno.EACCES and not held & READS_ALL:
        return Text(
            "root ini tidak memiliki CAP_DAC_READ_SEARCH (kontainer, atau CapabilityBoundingSet pada unitnya)",
            "this root lacks CAP_DAC_READ_SEARCH (a container, or CapabilityBoundingSet in its unit)",
        )
    if not whole:
        return Text(
            "root ini hanya root di dalam kontainernya (user namespace); jalankan di luar kontainer",
            "this root is root inside its container only (a user namespace); run outside of it",
        )
    if code == errno.EACCES:
        return Text(
            "root pun ditolak: NFS dengan root_squash, FUSE milik pengguna lain, atau SELinux/AppArmor",
            "root is refused too: NFS with root_squash, FUSE of another user, or SELinux/AppArmor",
        )
    return Text(
        "root pun ditolak kernel: kapabilitas lain tidak dimiliki, atau dibatasi kontainer atau lockdown",
        "root is refused by the kernel: another capability is lacking, or a container or lockdown restricts it",
    )


def _no_file(path: str) -> Text:
    path = _text(path)
    return Text(f"tidak ada berkas {path}", f"there is no file {path}")
