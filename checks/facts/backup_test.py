"""Can the newest database dump be read from its first to its last byte? Asked of the tool that would restore it."""

from __future__ import annotations

from checks.fact import After, Fact, Missing, reads
from checks.facts.backups import LOCKED, Backups
from checks.source import Command
from checks.text import Text

COMPLETE = "-- PostgreSQL database (cluster )?dump complete"
GREP = ("grep", "-q", "-a", "-E", "-e", COMPLETE, "{}")
ZGREP = ("zgrep", *GREP[1:])


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
    ((".sql",), "grep", _run(*GREP)),
    (
        (".dump", ".backup", ".dmp", ".pgdump", ".custom"), "pg_restore",
        ("(", *_run("pg_restore", "--file=/dev/null", "{}"), "-o", *_run(*GREP), ")"),
    ),
)  # fmt: skip


class BackupTest(Fact, frozen=True):
    """What came of testing the newest dump. `tool` is empty where it is encrypted: only its key could tell. Absent: no dump.

    `whole`: every byte was read; otherwise, if `readable`, only its table of contents (a large dump takes too long).
    """

    path: str
    tool: str
    readable: bool = False
    whole: bool = True


def command(path: str) -> Command:
    """Print `open` if the file may be read, `tool` if the tool is there, `whole` if the test succeeded."""
    for suffixes, tool, test in TESTS:
        if path.lower().endswith(suffixes):
            argv = ("-readable", "-printf", r"open\n", *_run(tool, "--version"), "-printf", r"tool\n", *test)
            return Command(
                ("find", path, "-maxdepth", "0", *argv, "-printf", r"whole\n"), ok=(0, 1), timeout=120.0, heavy=True
            )
    if LOCKED.search(path.lower()):
        return Command(("find", path, "-maxdepth", "0", "-readable", "-printf", r"open\nlocked\n"), ok=(0, 1))
    return Command(("find", path, "-maxdepth", "0", "-printf", r"strange\n"), ok=(0, 1))


def _make(found: Backups) -> Command:
    if not found.newest:
        raise Missing(
            Text(
                "tidak ada dump untuk diuji (pgBackRest dan Barman menguji sendiri: pgbackrest verify, barman check)",
                "there is no dump to test (pgBackRest and Barman test their own: pgbackrest verify, barman check)",
            )
        )
    if not found.newest.startswith("/") or "\0" in found.newest:
        raise Missing(Text("alamat dump terbaru tidak dapat dipakai", "the newest dump has no usable path"))
    return command(found.newest)


def _path(found: Backups) -> Command:
    return Command(("find", found.newest or "/nonexistent", "-maxdepth", "0", "-print"), ok=(0, 1))


@reads(
    After(Backups, "command find NEWEST -maxdepth 0 -print", _path),
    After(Backups, "command find NEWEST -exec pg_restore --file=/dev/null | gzip -t | xz -t | zstd -t | grep", _make),
    root=True,
)
def backup_test(path: str, printed: str) -> BackupTest:
    lines = printed.splitlines()
    name = path.strip()
    if not name:
        raise Missing(Text("dump terbaru sudah hilang sementara itu", "the newest dump vanished meanwhile"))
    if "strange" in lines:
        raise Missing(
            Text(
                f"{name}: Pantau tidak tahu cara menguji jenis berkas ini",
                f"{name}: Pantau does not know how to test this kind of file",
            )
        )
    if "open" not in lines:
        raise Missing(
            Text(f"{name}: akses ditolak; jalankan sebagai root", f"{name}: permission denied; run as root to read it")
        )
    if "locked" in lines:
        return BackupTest(name, "")
    if "tool" not in lines:
        raise Missing(
            Text(
                f"{name}: alat pembaca jenis berkas ini tidak terpasang",
                f"{name}: the tool that reads this kind of file is not installed",
            )
        )
    tool = next((tool for suffixes, tool, _ in TESTS if name.lower().endswith(suffixes)), "")
    return BackupTest(name, tool, "whole" in lines)


def _list(found: Backups) -> Command:
    _make(found)
    return Command(("pg_restore", "--list", found.newest), timeout=30.0, max_bytes=8 << 20, heavy=True)


@reads(
    After(Backups, "command find NEWEST -maxdepth 0 -print", _path),
    After(Backups, "command pg_restore --list NEWEST", _list),
    root=True,
)
def contents(path: str, printed: str) -> BackupTest:
    if "; Archive created at" not in printed or "TOC Entries:" not in printed:
        raise Missing(
            Text("pg_restore --list tidak menampilkan daftar isi", "pg_restore --list printed no table of contents")
        )
    return BackupTest(path.strip(), "pg_restore --list", readable=True, whole=False)
