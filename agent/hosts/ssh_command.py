"""What is sent over SSH: one line that starts a shell, then one script for each command that this shell shall run.

Laws:
- Each argument is quoted here, and nowhere else; nothing is left for a shell to interpret. That the shell at the other end reads
  the quoting alike is proven in each shell (`PROOF`). The account's login shell is handed nothing but the opening line.
- What a command prints stands between marks that nobody can know before: random, new for each command, never an argument of a
  program. So neither a file nor a name nor what a ~/.bashrc prints can be taken for a mark.
- The far environment is emptied, the locale is C, standard input is empty. More than `most` bytes never leave the far host, and
  what runs too long is killed there with its children, even if the connection is gone by then.
- sh is dash, bash or busybox; timeout, nice and head are those of coreutils 8.22 (EL 7) and later, or busybox's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from agent.hosts.commands import ENVIRONMENT

PLAIN = re.compile(rb"[A-Za-z0-9_/-][A-Za-z0-9_/.:,@%+-]*")
BACKSTOP = 5  # seconds after its own time limit at which the far side kills a command that nobody waits for
MOST_ARGUMENTS = 60_000  # bytes of one command: more than any other ever needs, far below what Linux takes
TRAILER = 64  # bytes that suffice for what follows an answer
PROOF = "a'b\"c\\\\d\\'e!f$HOME`id`*~{x,y}#;&|<>(\t)\n\x01\udcff %s end\\"
EMPTY = ("env", "-i", *(f"{name}={value}" for name, value in ENVIRONMENT.items()))


def encoded(path: str) -> bytes:
    """A name of the far host as its bytes. Raises ValueError where there is no such name."""
    return path.encode("utf-8", "surrogateescape")


def decoded(path: bytes) -> str:
    """Bytes of a name as a string that `encoded` turns back."""
    return path.decode("utf-8", "surrogateescape")


def quote(argument: str) -> bytes:
    """`argument` as one word of a POSIX shell that stands for itself. Raises ValueError for a NUL or no encodable text."""
    raw = encoded(argument)
    if b"\0" in raw:
        raise ValueError("an argument cannot hold a NUL")
    if PLAIN.fullmatch(raw):
        return raw
    return b"'" + raw.replace(b"'", b"'\\''") + b"'"


def opening(*, sudo: bool = False) -> bytes:
    """The line that makes of a login shell, whichever it is, a POSIX shell that reads commands; as root with `sudo`."""
    return _words(["exec", *(("sudo", "-n", "--") if sudo else ()), *EMPTY, "sh"])


def script(argv: Sequence[str], mark: str, *, seconds: float, most: int, heavy: bool = False, user: str = "") -> bytes:
    """What makes an open shell run `argv` for at most `seconds` with limits, as `user` if one is named (for which it must be root).

    Both streams begin with `began(mark)` and end with `ended(mark)`; before the end of stdout stands what `code` reads.
    """
    words = ["runuser", "-u", user, "--", *EMPTY] if user else []
    words += ["timeout", "-s", "KILL", str(math.ceil(seconds) + BACKSTOP)]
    words += ["nice", "-n", "19"] if heavy else []
    said = _words([*words, *argv])
    return (
        b"cd /; echo %(mark)b; echo %(mark)b >&2; { %(said)b </dev/null; x=$?; echo; echo %(mark)b $x; } | head -c %(most)d; "
        b"echo %(mark)b.; echo %(mark)b. >&2\n"
    ) % {b"mark": mark.encode("ascii"), b"said": said, b"most": most + TRAILER}


def began(mark: str) -> bytes:
    """What stands before an answer."""
    return f"{mark}\n".encode("ascii")


def ended(mark: str) -> bytes:
    """What stands behind it."""
    return f"{mark}.\n".encode("ascii")


def code(answer: bytes, mark: str) -> tuple[bytes, int] | None:
    """What the program printed and its exit code, from what stands between the marks of stdout; None where it was cut short."""
    found = re.search(rb"\n%b (\d{1,3})\n\Z" % mark.encode("ascii"), answer[-TRAILER:])
    return (answer[: len(answer) - len(found[0])], int(found[1])) if found else None


def batches(paths: Sequence[str]) -> Iterator[list[str]]:
    """`paths` in groups that fit on one command line."""
    group: list[str] = []
    size = 0
    for path in paths:
        length = len(quote(path)) + 1
        if group and size + length > MOST_ARGUMENTS:
            yield group
            group, size = [], 0
        group.append(path)
        size += length
    if group:
        yield group


def _words(words: Sequence[str]) -> bytes:
    return b" ".join(map(quote, words))
