"""What is sent to an account's shell over SSH: one line, from an argument vector.

Laws:
- sshd hands every command to the account's login shell. So each argument is quoted here, and nowhere else; nothing is left for
  the shell to interpret. That the shell at the other end reads the quoting alike is proven at each connection (`PROOF`).
- What the program says on stderr comes after `MARK`: without it the program was never reached (sudo refused, no coreutils), and
  what a ~/.bashrc prints before it is nobody's answer.
- The far environment is emptied, the locale is C, and what runs too long is killed there with its children, even if the
  connection is gone by then.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from agent.hosts.commands import ENVIRONMENT

PLAIN = re.compile(rb"[A-Za-z0-9_/-][A-Za-z0-9_/.:,@%+-]*")
BACKSTOP = 5  # seconds after its own time limit at which the far side kills a command that nobody waits for
MOST_ARGUMENTS = 60_000  # bytes: Linux takes at most 128 KiB in the one argument that a shell is given
MARK = "pantau-runs-the-command"
RUN = f'cd / && echo {MARK} >&2; exec "$@"'  # the one shell script; what it runs are its arguments
PROOF = "a'b\"c\\\\d\\'e!f$HOME`id`*~{x,y}#;&|<>(\t)\n\x01\udcff %s end\\"


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


def line(argv: Sequence[str], *, seconds: float, heavy: bool = False, sudo: bool = False, user: str = "") -> bytes:
    """The command line that runs `argv` for at most `seconds` with limits, as root (`sudo`) and then as `user` if asked for."""
    words: list[str] = ["exec"]
    if sudo:
        words += ["sudo", "-n", *(["-u", user] if user else []), "--"]
    elif user:
        words += ["runuser", "-u", user, "--"]
    words += ["env", "-i", *(f"{name}={value}" for name, value in ENVIRONMENT.items())]
    words += ["timeout", "-s", "KILL", str(math.ceil(seconds) + BACKSTOP)]
    words += ["sh", "-c", RUN, "sh"]
    words += ["nice", "-n", "19"] if heavy else []
    return b" ".join(map(quote, [*words, *argv]))


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
