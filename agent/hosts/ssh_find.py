"""Find on the far host: how it is run, and how what it prints and what it complains of are understood.

Laws:
- Names and numbers come back separated by NULs: nothing that a file is called can be taken for anything else.
- What find complains of, other than paths that are not there, is Missing: half an answer is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from agent.hosts.ssh_command import encoded
from agent.hosts.ssh_shell import Printed
from checks.fact import Missing
from checks.source import MEBIBYTE, Source
from checks.text import Text, Words

NOT_THERE = ("No such file or directory", "Not a directory")
NO_PATH = (*NOT_THERE, "Too many levels of symbolic links", "File name too long")  # as in `files`: such a path is none
COMPLAINTS = 256 * 1024  # bytes of stderr that are kept: one line for each path that is not there
LISTING = 4 * MEBIBYTE  # of one answer: names of the files in some directories


class Far(Protocol):
    """What runs commands on the far side (`ssh_connection.Connection`)."""

    def run(
        self, argv: Sequence[str], *, seconds: float, most: int, heavy: bool = False, user: str = "",
        kept: int = 0, name: str = "",
    ) -> Printed: ...  # fmt: skip


def find(far: Far, argv: Sequence[str], source: Source[object], most: int) -> Printed:
    """What GNU find prints, at most `most` bytes, within the time of `source`. Raises Missing."""
    printed = far.run(("find", *argv), seconds=source.timeout, most=most, kept=COMPLAINTS, name=source.describe())
    if printed.code not in {0, 1} or printed.cut:
        raise Missing(_strange(printed))
    return printed


def said(path: str) -> str:
    """`path` as text that can be encoded again."""
    return encoded(path).decode("utf-8", "replace")


def groups(printed: bytes, count: int) -> Iterable[tuple[bytes, ...]]:
    """What find printed, `count` fields at a time, each ended by a NUL."""
    fields = printed.split(b"\0")
    if fields.pop() != b"" or len(fields) % count:
        raise Missing(Text("find mencetak hal lain", "find printed something else"))
    return zip(*[iter(fields)] * count, strict=True)


def complain(printed: Printed, harmless: tuple[str, ...]) -> None:
    """Raises Missing where find complains of anything but paths that are `harmless`."""
    lines = printed.err.splitlines()
    for line in lines:
        if not (line.startswith("find: ") and line.endswith(harmless)):
            raise Missing(refusal("", line.removeprefix("find: ")))
    if printed.code and not lines:
        raise Missing(_strange(printed))


def refusal(path: str, line: str) -> Words:
    """Why find or base64 refused a path, with what to do."""
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


def check(parts: Iterable[str], start: str = "") -> None:
    """Raises Missing for what can be no part of a path, or no path from `start`."""
    for part in parts:
        try:
            if "\0" not in part and encoded(part).startswith(start.encode()):
                continue
        except ValueError:
            pass
        raise Missing(Text(f"{part!r} bukan nama berkas", f"{part!r} is no file name"))


def too_many(pattern: str, most: int, unit: str = "berkas", unit_en: str = "files") -> Text:
    """There is more than anybody reads."""
    return Text(
        f"lebih dari {most} {unit} cocok dengan {said(pattern)}", f"more than {most} {unit_en} match {said(pattern)}"
    )
