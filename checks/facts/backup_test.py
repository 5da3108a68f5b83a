"""Can the newest database dump be read from its first to its last byte? Asked of the tool that would restore it.

Of an encrypted one only what shows without its key (`checks/facts/sealed.py`).

Laws:
- No tool of root reads a file that an ordinary user owns or could have exchanged: tools have holes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from checks.fact import Absent, After, Fact, Missing, reads
from checks.facts import sealed
from checks.facts.backups import LOCKED, Backups
from checks.source import Command, File, Source
from checks.text import Text

COMPLETE = "-- PostgreSQL database (cluster )?dump complete"
GREP = ("grep", "-q", "-a", "-E", "-e", COMPLETE, "{}")
ZGREP = ("zgrep", *GREP[1:])
KEEPERS = ("root", "postgres")
PART = re.compile(r" *([dlbcps-])([r-][w-][xsS-])([r-])([w-])([xsS-])([r-])([w-])([xtT-]) +(\S+) +(\S+) .*")
ANYONE = Text("tidak diuji: siapa pun dapat menaruhnya di sana", "not tested: anyone could have put it there")

TAR_END = "\0" * 1024
VANISHED = Text("dump terbaru sudah hilang sementara itu", "the newest dump vanished meanwhile")
CUSTOM = (".dump", ".backup", ".dmp", ".pgdump", ".custom")


def _run(*argv: str) -> tuple[str, ...]:
    return ("-exec", *argv, ";")


# Suffixes: the tool, and the expression of find that holds if the file is whole. pg_restore writing to /dev/null reads
# everything; its --list reads only the table of contents and is content with a dump that was cut off after it. A dump called
# .dump may also be plain SQL, which ends with a line of its own.
TESTS: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    ((".sql.gz",), "gzip", (*_run("gzip", "-t", "{}"), *_run(*ZGREP))),
    ((".gz", ".tgz"), "gzip", _run("gzip", "-t", "{}")),
    ((".xz",), "xz", _run("xz", "-t", "{}")),
    ((".zst",), "zstd", _run("zstd", "-t", "-q", "{}")),
    ((".bz2",), "bzip2", _run("bzip2", "-t", "{}")),
    ((".lz4",), "lz4", _run("lz4", "-t", "-q", "{}")),
    ((".tar",), "tar", _run("tar", "-tf", "{}")),
    ((".sql",), "grep", _run(*GREP)),
    (
        CUSTOM, "pg_restore",
        ("(", *_run("pg_restore", "--file=/dev/null", "{}"), "-o", *_run(*GREP), ")"),
    ),
)  # fmt: skip


class BackupOrigin(Fact, frozen=True):
    """The newest dump, where only root and postgres could have put it there. Absent: no dump."""

    path: str


class BackupTest(Fact, frozen=True):
    """What came of testing the newest dump. Absent: no dump.

    `whole`: every byte was read; otherwise, if `readable`, only its table of contents (a large dump takes too long).
    `tool` is empty where it is encrypted, and `container` says how ("age", "OpenPGP", ...; empty: not known). Then `readable`
    is what the `proof` says, without the key: its first bytes, its end, or a SHA-256 beside it; empty: nothing proves it.
    """

    path: str
    tool: str
    readable: bool = False
    whole: bool = True
    container: str = ""
    proof: sealed.Proof = ""


def command(path: str) -> Command:
    """Print `open` if the file may be read, `tool` if the tool is there, `whole` if the test succeeded."""
    for suffixes, tool, test in TESTS:
        if path.lower().endswith(suffixes):
            argv = ("-readable", "-printf", r"open\n", *_run(tool, "--version"), "-printf", r"tool\n", *test)
            return Command(
                ("find", path, "-maxdepth", "0", *argv, "-printf", r"whole\n"), ok=(0, 1), timeout=120.0, heavy=True
            )
    return Command(("find", path, "-maxdepth", "0", "-printf", r"strange\n"), ok=(0, 1))


def _chain(found: Backups) -> Command:
    if not found.newest and found.foreign:
        raise Missing(ANYONE)
    if not found.newest:
        raise Missing(
            Text(
                "tidak ada dump untuk diuji (pgBackRest dan Barman menguji sendiri: pgbackrest verify, barman check)",
                "there is no dump to test (pgBackRest and Barman test their own: pgbackrest verify, barman check)",
            )
        )
    if not found.newest.startswith("/") or not found.newest.isprintable():
        raise Missing(Text("alamat dump terbaru tidak dapat dipakai", "the newest dump has no usable path"))
    return Command(("namei", "-l", "--", found.newest))


@reads(After(Backups, "command namei -l -- NEWEST", _chain), root=True)
def backup_origin(printed: str) -> BackupOrigin:
    """From what namei prints: "f: PATH", then each folder and link on the way to it, and the file, with mode and owner."""
    first, *rest = printed.splitlines() or [""]
    parts = [PART.fullmatch(line) for line in rest]
    path = first.removeprefix("f: ")
    if not path.startswith("/") or len(parts) < 2 or None in parts:
        raise Missing(Text("namei tidak menyebut pemilik dump terbaru", "namei did not tell who owns the newest dump"))
    for part in filter(None, parts):
        kind, owner, group = part[1], part[9], part[10]
        written = kind != "l" and (part[7] == "w" or (part[4] == "w" and group not in KEEPERS))
        if owner not in KEEPERS or written:
            raise Missing(Text(f"{path}: {ANYONE.id}", f"{path}: {ANYONE.en}"))
    return BackupOrigin(path)


def _where(holds: Callable[[str], bool], said: str, make: Callable[[str], Source[str]]) -> After[BackupOrigin, str]:
    """A source of the newest dump; Absent where its path is of another kind."""

    def made(found: BackupOrigin) -> Source[str]:
        if not holds(found.path.lower()):
            raise Absent(Text(f"{found.path}: jenis lain", f"{found.path}: another kind"))
        return make(found.path)

    return After(BackupOrigin, said, made)


def _is_sealed(path: str) -> bool:
    return LOCKED.search(path) is not None


def _is_tar(path: str) -> bool:
    return path.endswith(".tar")


def _is_clear(path: str) -> bool:
    return not (_is_sealed(path) or _is_tar(path))


def _has_contents(path: str) -> bool:
    return path.endswith((*CUSTOM, ".tar"))


def _path(found: BackupOrigin) -> Command:
    return Command(("find", found.path, "-maxdepth", "0", "-print"), ok=(0, 1))


@reads(
    After(BackupOrigin, "command find NEWEST -maxdepth 0 -print", _path),
    _where(
        _is_clear, "command find NEWEST -exec pg_restore --file=/dev/null | gzip -t | xz -t | zstd -t | grep", command
    ),
    root=True,
)
def backup_test(path: str, printed: str) -> BackupTest:
    lines = printed.splitlines()
    name = path.strip()
    if not name:
        raise Missing(VANISHED)
    if "strange" in lines:
        raise Missing(
            Text(
                f"{name}: Pantau tidak tahu cara menguji jenis berkas ini",
                f"{name}: Pantau does not know how to test this kind of file",
            )
        )
    if "open" not in lines:
        raise Missing(
            Text(
                f"{name}: akses ditolak; jalankan sebagai root. Root pun ditolak pada NFS (root_squash) dan oleh SELinux",
                f"{name}: permission denied; run as root. Root too is refused by NFS (root_squash) and by SELinux",
            )
        )
    if "tool" not in lines:
        raise Missing(
            Text(
                f"{name}: alat pembaca jenis berkas ini tidak terpasang",
                f"{name}: the tool that reads this kind of file is not installed",
            )
        )
    tool = next((tool for suffixes, tool, _ in TESTS if name.lower().endswith(suffixes)), "")
    return BackupTest(name, tool, "whole" in lines)


def _tail(path: str) -> Command:
    return Command(("tail", "-c", str(len(TAR_END)), path))


@reads(
    After(BackupOrigin, "command find NEWEST -maxdepth 0 -print", _path),
    _where(_is_tar, "command find NEWEST -exec tar -tf", command),
    _where(_is_tar, "command tail -c 1024 NEWEST", _tail),
    root=True,
)
def tarred(path: str, printed: str, tail: str) -> BackupTest:
    """Tar is content with an archive that was cut between two members; a whole one ends with two empty blocks."""
    test = backup_test.parse(path, printed)
    return msgspec.structs.replace(test, readable=test.readable and tail == TAR_END)


def _list(path: str) -> Command:
    return Command(("pg_restore", "--list", path), timeout=30.0, max_bytes=8 << 20, heavy=True)


@reads(
    After(BackupOrigin, "command find NEWEST -maxdepth 0 -print", _path),
    _where(_has_contents, "command pg_restore --list NEWEST", _list),
    root=True,
)
def contents(path: str, printed: str) -> BackupTest:
    if "; Archive created at" not in printed or "TOC Entries:" not in printed:
        raise Missing(
            Text("pg_restore --list tidak menampilkan daftar isi", "pg_restore --list printed no table of contents")
        )
    return BackupTest(path.strip(), "pg_restore --list", readable=True, whole=False)


def _sized(path: str) -> Source[str]:
    return Command(("find", path, "-maxdepth", "0", "-printf", r"%s %p\n"), ok=(0, 1))


def _name_and_size(found: str) -> tuple[str, int]:
    size, _, name = found.strip().partition(" ")
    if not size.isdecimal() or not name:
        raise Missing(VANISHED)
    return name, int(size)


def _beside(path: str) -> Source[str]:
    return File(f"{path}.sha256", max_bytes=4096)


@reads(
    _where(_is_sealed, "file NEWEST.sha256", _beside),
    _where(_is_sealed, "command find NEWEST -maxdepth 0 -printf '%s %p'", _sized),
    _where(_is_sealed, "command od -An -v -tx1 -N64 NEWEST", sealed.head),
    _where(_is_sealed, "command sha256sum NEWEST", sealed.checksum),
    root=True,
)
def checksum(beside: str, found: str, head: str, computed: str) -> BackupTest:
    """An encrypted dump with its checksum beside it."""
    name, _ = _name_and_size(found)
    kind, right = sealed.kind(name, head)
    if not right:
        return BackupTest(name, "", container=kind, proof="head")
    return BackupTest(name, "", sealed.matches(computed, beside), container=kind, proof="sha256")


@reads(
    _where(_is_sealed, "command find NEWEST -maxdepth 0 -printf '%s %p'", _sized),
    _where(_is_sealed, "command od -An -v -tx1 -N64 NEWEST", sealed.head),
    _where(_is_sealed, "command gpg --list-only --list-packets NEWEST | tail -c 64 NEWEST", sealed.end),
    root=True,
)
def ending(found: str, head: str, end: str) -> BackupTest:
    """An encrypted dump by itself."""
    name, size = _name_and_size(found)
    kind, right = sealed.kind(name, head)
    if not right:
        return BackupTest(name, "", container=kind, proof="head")
    whole = sealed.whole(name, size, head, end)
    return BackupTest(name, "", bool(whole), container=kind, proof="" if whole is None else "end")
