"""The process table of this machine, read from /proc at once: what a survey of every minute costs is mostly this.

psutil opens a dozen files and asks for the user's name for each process; here it is three files, one for a kernel thread.

Laws:
- The meaning of each field is psutil's (its Process.name, cmdline, username, create_time), so that facts agree.
- A process that vanishes between two files was not there. One that is dead and not yet reaped has no command line, and
  is not told.
- What a process says of itself is bounded: a command line is read up to `MOST` bytes.
"""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Iterator
from pathlib import Path

from checks.facts.processes import Process

SERVICES = frozenset({"java", "postgres", "postmaster", "httpd", "apache2", "nginx"})  # whose open files are counted
KERNEL_THREAD = 0x00200000  # PF_KTHREAD, in the flags of proc(5) stat
TICKS = os.sysconf("SC_CLK_TCK")  # in a second
MOST = 1 << 20  # bytes of one file
SHORT = 15  # bytes of a name that the kernel keeps
REAL_USER = re.compile(rb"^Uid:\t(\d+)", re.MULTILINE)


def pids() -> list[int]:
    """The ids of all processes that can be seen, ascending."""
    return sorted(int(name) for name in os.listdir("/proc") if name.isdigit())


def table(boot: float) -> Iterator[Process]:
    """All processes. `boot`: when this machine was started, in seconds since the epoch. Raises OSError without /proc."""
    users: dict[int, str] = {}
    for pid in pids():
        try:
            found = _process(pid, boot, users)
        except (FileNotFoundError, ProcessLookupError, PermissionError):  # it ended, or is hidden (hidepid)
            continue
        if found is not None:
            yield found


def name(pid: int) -> str:
    """What a process is called; empty where it ended meanwhile or may not be seen."""
    try:
        short, _ = _stat(pid)
        return _whole(short, argv(_content(pid, "cmdline"))) if len(short) >= SHORT else text(short)
    except OSError:
        return ""


def text(raw: bytes) -> str:
    """A name of a process or a file as text that can be encoded again."""
    return raw.decode("utf-8", "replace")


def argv(cmdline: bytes) -> tuple[str, ...]:
    """The arguments. A process that renamed itself separates them by spaces."""
    if not cmdline:
        return ()
    separator = b"\0" if cmdline.endswith(b"\0") else b" "
    cmdline = cmdline.removesuffix(separator)
    words = cmdline.split(separator)
    if len(words) == 1 and b" " in cmdline:
        words = cmdline.split(b" ")
    return tuple(map(text, words))


def _process(pid: int, boot: float, users: dict[int, str]) -> Process | None:
    short, fields = _stat(pid)
    parent, started = int(fields[1]), boot + int(fields[19]) / TICKS
    if int(fields[6]) & KERNEL_THREAD:
        return Process(pid, parent, text(short), _user(0, users), "", False, (), started)
    cmdline = _content(pid, "cmdline")
    if not cmdline and fields[0] == b"Z":
        return None
    words = argv(cmdline)
    whole = _whole(short, words)
    owner = REAL_USER.search(_content(pid, "status"))
    try:
        exe = text(os.readlink(b"/proc/%d/exe" % pid))
    except OSError:
        exe = ""
    files, limit = _open_files(pid) if whole in SERVICES else (None, None)
    return Process(
        pid, parent, whole, _user(int(owner[1]), users) if owner else "",
        exe.removesuffix(" (deleted)"), exe.endswith(" (deleted)"), words, started, files, limit,
    )  # fmt: skip


def _stat(pid: int) -> tuple[bytes, list[bytes]]:
    """The kernel's name of a process, which may hold brackets and spaces, and the fields from its state on (proc(5))."""
    before, _, after = _content(pid, "stat").rpartition(b") ")
    if not before:
        raise ProcessLookupError(pid)
    return before.partition(b" (")[2], after.split()


def _content(pid: int, file: str) -> bytes:
    place = os.open(f"/proc/{pid}/{file}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        chunks = []
        left = MOST
        while left > 0 and (chunk := os.read(place, min(left, 65536))):
            chunks.append(chunk)
            left -= len(chunk)
        return b"".join(chunks)
    finally:
        os.close(place)


def _whole(short: bytes, words: tuple[str, ...]) -> str:
    """The kernel keeps 15 bytes of a name; where the command line begins alike it tells the whole."""
    said = text(short)
    if len(short) >= SHORT and words:
        base = words[0].rpartition("/")[2]
        return base if base.startswith(said) else said
    return said


def _user(uid: int, users: dict[int, str]) -> str:
    if uid not in users:
        try:
            users[uid] = pwd.getpwuid(uid).pw_name
        except KeyError:
            users[uid] = str(uid)
    return users[uid]


def _open_files(pid: int) -> tuple[int | None, int | None]:
    """Open files and their soft limit; counting them is dear, so it is done for the services only."""
    try:
        # not prlimit(2), which asks for a capability more
        limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
        opened = len(os.listdir(f"/proc/{pid}/fd"))
        return opened, next(int(line.split()[3]) for line in limits.splitlines() if "open files" in line)
    except (OSError, ValueError, IndexError, StopIteration):
        return None, None
