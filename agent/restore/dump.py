"""What a backup file is, told from its first bytes, and how its content is read.

Laws:
- The file is opened once; no program gets its name. Unpacking and reading is done by an account without rights.
- What Pantau cannot restore (encrypted, a tar of a data directory) is refused: that says nothing of the backup.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.hosts.commands import PATH
from agent.problem import Problem
from agent.restore.errors import Ears, Failed
from agent.restore.processes import Account, end
from agent.restore.tools import Tools
from checks.facts.backups import LOCKED
from checks.text import Text

HEAD, PREFACE, TAIL = 64 << 10, 1 << 20, 4096  # bytes
PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"\x04\x22\x4d\x18", "lz4"),
)
SEALED = (b"age-encryption.org/", b"-----BEGIN AGE", b"-----BEGIN PGP", b"Salted__")
PLAIN = re.compile(rb"^-- PostgreSQL database (cluster )?dump\r?$", re.MULTILINE)
COMPLETE = re.compile(rb"^-- PostgreSQL database (cluster )?dump complete\r?$", re.MULTILINE)
ENCODING = re.compile(r"^SET client_encoding = '(\w+)';", re.MULTILINE)
WRITTEN_BY = re.compile(r"^-- Dumped by pg_dump version (\d+)", re.MULTILINE)
CREATING = re.compile(r"^CREATE ", re.MULTILINE)
CAME_FROM = re.compile(r"^-- Dumped from database version (\d+)", re.MULTILINE)
EXTENSION = re.compile(
    r'^CREATE EXTENSION IF NOT EXISTS "?([A-Za-z0-9_-]{1,63})"?(?: WITH SCHEMA "?([A-Za-z_][A-Za-z0-9_]{0,62})"?)?;',
    re.MULTILINE,
)


@dataclass(frozen=True)
class Preface:
    """What a dump says of itself before its data. `extensions`: names with their schemas (`public` if none is named).

    `begins`: the line on which a plain dump creates something for the first time.
    """

    came_from: int | None
    written_by: int | None
    encoding: str
    extensions: tuple[tuple[str, str], ...]
    begins: int = 0


@dataclass(frozen=True)
class Dump:
    """An opened backup. `kind` is custom, tar or plain; `packing` the tool that unpacks it, or empty. `taken`: seconds."""

    path: Path
    handle: int
    size: int
    taken: float
    kind: str
    packing: str

    @property
    def form(self) -> str:
        """Kind and packing as a person says it."""
        return ", ".join(filter(None, (self.kind, self.packing)))

    @contextlib.contextmanager
    def content(self, reader: Account, folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes] | None]]:
        """The unpacked content from its beginning: a descriptor to read, and the program that unpacks if there is one."""
        with _content(self.handle, self.packing, reader, folder) as opened:
            yield opened

    def ends(self, tail: bytes) -> bool:
        """Is this how a whole dump ends? pg_restore itself is content with a tar that was cut off, and psql with plain SQL."""
        if self.kind == "plain":
            return COMPLETE.search(tail) is not None
        return self.kind != "tar" or tail.endswith(bytes(1024))

    def position(self) -> int:
        """How many bytes of the file were read, by whichever program."""
        return os.lseek(self.handle, 0, os.SEEK_CUR)


@contextlib.contextmanager
def opened(path: Path, reader: Account, folder: Path) -> Iterator[Dump]:
    """Open a backup and find out what it is. Raises Failed, Problem, OSError."""
    handle = os.open(path.resolve(strict=True), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise Problem(Text(f"{path} bukan berkas biasa", f"{path} is not a regular file"))
        head = os.read(handle, HEAD)
        if LOCKED.search(path.name.lower()) or head.startswith(SEALED):
            raise Problem(
                Text(
                    f"{path} terenkripsi: dekripsi dahulu ke folder tertutup, lalu `pantau-agent restore-test --backup BERKAS`",
                    f"{path} is encrypted: decrypt it into a closed folder, then `pantau-agent restore-test --backup FILE`",
                )
            )
        packing = next((tool for magic, tool in PACKED if head.startswith(magic)), "")
        if packing:
            head = _unpacked_head(handle, packing, reader, folder)
        dump = Dump(path, handle, found.st_size, found.st_mtime, _kind(path, head), packing)
        if not packing and not dump.ends(os.pread(handle, TAIL, max(0, found.st_size - TAIL))):
            raise Failed("cut")
        yield dump
    finally:
        os.close(handle)


def _kind(path: Path, head: bytes) -> str:
    if head.startswith(b"PGDMP"):
        return "custom"
    if head[257:262] == b"ustar":
        if head.startswith(b"toc.dat\0"):
            return "tar"
        raise Problem(
            Text(
                f"{path} adalah arsip tar, bukan dump pg_dump; Pantau hanya memulihkan hasil pg_dump dan pg_dumpall",
                f"{path} is a tar archive, no dump of pg_dump; Pantau restores what pg_dump and pg_dumpall made",
            )
        )
    if PLAIN.search(head) and b"\0" not in head:
        return "plain"
    raise Failed("not_a_dump" if head else "cut")


def _unpacked_head(handle: int, packing: str, reader: Account, folder: Path) -> bytes:
    head = b""
    with _content(handle, packing, reader, folder) as (descriptor, _):
        while len(head) < HEAD and (chunk := os.read(descriptor, HEAD - len(head))):
            head += chunk
    return head


@contextlib.contextmanager
def _content(
    handle: int, packing: str, reader: Account, folder: Path
) -> Iterator[tuple[int, subprocess.Popen[bytes] | None]]:
    os.lseek(handle, 0, os.SEEK_SET)
    if not packing:
        yield handle, None
        return
    program = shutil.which(packing, path=PATH)
    if program is None:
        raise Problem(
            Text(
                f"cadangan ini dimampatkan dengan {packing}, dan {packing} tidak terpasang di server ini; pasang dahulu",
                f"this backup is packed with {packing}, and {packing} is not installed on this server; install it first",
            )
        )
    process = reader.start([program, "-d", "-c"], folder, stdin=handle, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None  # noqa: S101 - asked for one line above
        yield process.stdout.fileno(), process
    finally:
        end(process)


def preface(dump: Dump, tools: Tools, reader: Account, folder: Path) -> Preface:
    """What the dump says of itself. `tools`: the newest there are. Raises Failed."""
    with dump.content(reader, folder) as (descriptor, _):
        if dump.kind == "plain":
            return _preface(_until_tables(descriptor))
        to_stdout = ["--file=-"] if tools.major >= 12 else []
        program = reader.start(
            [tools["pg_restore"], "--section=pre-data", *to_stdout], folder, stdin=descriptor,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            ears = Ears(program)
            assert program.stdout is not None  # noqa: S101 - asked for above
            text = _until_tables(program.stdout.fileno())
            if len(text) < PREFACE and b"CREATE TABLE" not in text:
                code = program.wait(timeout=60)
                ears.hear_out()
                if code or ears.reason:
                    raise Failed(ears.reason if ears.reason not in {"", "refused"} else "cut")
            return _preface(text)
        finally:
            end(program)


def _until_tables(descriptor: int) -> bytes:
    text = b""
    while len(text) < PREFACE and b"CREATE TABLE" not in text[-2 * HEAD :] and (chunk := os.read(descriptor, HEAD)):
        text += chunk
    return text


def _preface(raw: bytes) -> Preface:
    text = raw.decode("utf-8", "replace")
    numbers = [int(found[1]) if (found := pattern.search(text)) else None for pattern in (CAME_FROM, WRITTEN_BY)]
    encoding, creating = ENCODING.search(text), CREATING.search(text)
    begins = text.count("\n", 0, creating.start()) + 1 if creating else 0
    named = {name: schema or "public" for name, schema in EXTENSION.findall(text)}
    return Preface(numbers[0], numbers[1], encoding[1] if encoding else "UTF8", tuple(named.items()), begins)
