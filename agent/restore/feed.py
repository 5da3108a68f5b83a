"""Pours a dump into the program that restores it, and watches over both: errors, time, room on the disk.

Laws:
- It ends: at the first error that counts, at the deadline, or when the disk must be left to the others on this server.
- A packed dump is whole only if it unpacks to its end, and that is how a dump ends. Where it was cut off, that is the reason,
  whatever error followed from it.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from agent.restore.cluster import DATABASE, RESTORER, Cluster
from agent.restore.dump import TAIL, Dump
from agent.restore.errors import Ears, Failed
from agent.restore.processes import end
from agent.restore.tools import Tools
from checks.facts.restore_test import Reason

CHUNK, REST = 1 << 18, 64 << 20  # bytes
KEPT_SHARE, KEPT_MOST = 0.05, 2 << 30  # of a file system, for the others on this server


def room(folder: Path) -> tuple[int, int]:
    """Bytes that are free for us in the file system of `folder`, and how many of them must stay free."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize, int(min(found.f_blocks * found.f_frsize * KEPT_SHARE, KEPT_MOST))


@dataclass
class Watch:
    """Looks, at most once a second, whether a test may go on. `deadline` is monotonic; `progress(done, total)` in bytes."""

    folder: Path
    deadline: float
    progress: Callable[[int, int], None] = lambda done, total: None
    _next: float = field(default=0.0)

    def look(self, ears: Ears, dump: Dump) -> None:
        """Raises Failed if it may not."""
        if ears.reason:
            raise Failed(ears.reason)
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + 0.5
        if now > self.deadline:
            raise Failed("too_slow")
        free, kept = room(self.folder)
        if free < kept:
            raise Failed("no_space")
        self.progress(dump.position(), dump.size)


def pour(dump: Dump, cluster: Cluster, tools: Tools, watch: Watch, begins: int = 0) -> Ears:
    """Restore `dump` into the cluster with `tools`; what the program said. Raises Failed, with what it said as `__notes__`."""
    with dump.content(cluster.reader, cluster.folder) as (source, unpacking):
        client = cluster.reader.start(
            _command(dump, tools), cluster.folder, cluster.environment(RESTORER, DATABASE),
            stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        ears = Ears(client, begins)
        try:
            tail = _pump(source, client, watch, ears, dump)
            while client.poll() is None:
                watch.look(ears, dump)
                time.sleep(0.05)
            ears.hear_out()
            if ears.reason or not cluster.alive:
                raise Failed(ears.reason or "stopped")
            if client.returncode and not (client.returncode == 1 and dump.kind != "plain" and ears.left_out):
                raise Failed("refused" if client.returncode > 0 else "stopped")
            if _is_cut(source, unpacking, dump, tail):
                raise Failed("cut")
        except Failed as failed:
            end(client)
            ears.hear_out()
            if failed.reason in {"refused", "stopped"}:
                failed.reason = _better(failed.reason, cluster, _is_cut(source, unpacking, dump))
            for line in ears.lines:
                failed.add_note(line)
            raise
        finally:
            end(client)
    return ears


def _is_cut(source: int, unpacking: subprocess.Popen[bytes] | None, dump: Dump, tail: bytes = b"") -> bool:
    """Does a packed dump miss its end? The rest is read for that, as far as it is bearable. `tail`: what was read last."""
    if unpacking is None:
        return False
    for _ in range(REST // CHUNK):
        chunk = os.read(source, CHUNK)
        if not chunk:
            return unpacking.wait() != 0 or not dump.ends(tail)
        tail = (tail + chunk)[-TAIL:]
    return False


def _better(reason: Reason, cluster: Cluster, cut: bool) -> Reason:
    """What lies behind an error that only follows from something else."""
    free, kept = room(cluster.folder)
    return "no_space" if free < kept else "cut" if cut else reason


def _command(dump: Dump, tools: Tools) -> list[str]:
    if dump.kind == "plain":
        return [tools["psql"], "-X", "-q", "-v", "VERBOSITY=terse", "-f", "-"]
    newer = ["--no-comments"] if tools.major >= 11 else []
    return [
        tools["pg_restore"], f"--dbname={DATABASE}", "--no-owner", "--no-privileges", "--no-tablespaces",
        "--no-publications", "--no-subscriptions", "--no-security-labels", *newer,
    ]  # fmt: skip


def _pump(source: int, client: subprocess.Popen[bytes], watch: Watch, ears: Ears, dump: Dump) -> bytes:
    """Hand over `source`; the last bytes that were read. Whoever stops reading before its end has read enough, or says why."""
    assert client.stdin is not None  # noqa: S101 - whoever started it asked for the pipe
    sink, tail = client.stdin.fileno(), b""
    os.set_blocking(sink, False)
    try:
        with contextlib.suppress(BrokenPipeError), selectors.DefaultSelector() as writable:
            writable.register(sink, selectors.EVENT_WRITE)
            while chunk := _next_chunk(source, watch, ears, dump):
                tail = (tail + chunk)[-TAIL:]
                view = memoryview(chunk)
                while view:
                    watch.look(ears, dump)
                    if writable.select(0.5):
                        view = view[os.write(sink, view) :]
    finally:
        with contextlib.suppress(BrokenPipeError):
            client.stdin.close()
    return tail


def _next_chunk(source: int, watch: Watch, ears: Ears, dump: Dump) -> bytes:
    """The next bytes. A file always has them; a program may take its time."""
    if dump.packing:
        with selectors.DefaultSelector() as readable:
            readable.register(source, selectors.EVENT_READ)
            while not readable.select(0.5):
                watch.look(ears, dump)
    return os.read(source, CHUNK)
