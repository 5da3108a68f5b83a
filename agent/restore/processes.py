"""The accounts under which a restore test runs its programs, and what ends these programs.

Laws:
- Nothing of root's environment reaches a program, and nothing runs as root: the cluster as its account, whatever reads the
  dump as `nobody`. Without root everything runs as ourselves.
- Every program of a test works in the test's own folder. So what a killed test left running is found by its folder.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from agent.hosts.commands import PATH
from agent.problem import Problem
from checks.text import Text

PROGRAMS = frozenset(
    {"postgres", "initdb", "psql", "pg_restore", "gzip", "zstd", "xz", "bzip2", "lz4", "nice", "ionice", "dash", "bash"}
)
SERVERS = ("postgres", "pantau")


@dataclass(frozen=True)
class Account:
    """Who runs a program. No name: ourselves."""

    name: str = ""
    uid: int = -1
    gid: int = -1

    def start(
        self,
        argv: Sequence[str],
        folder: Path,
        environment: Mapping[str, str] | None = None,
        *,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        stdout: int | IO[bytes] = subprocess.DEVNULL,
        stderr: int | IO[bytes] = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """Start a program in `folder`, in a session of its own. Raises OSError."""
        return subprocess.Popen(
            list(argv),
            cwd=folder,
            env={"PATH": PATH, "LC_ALL": "C", "HOME": "/nonexistent", "TERM": "dumb", **(environment or {})},
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            umask=0o077,
            user=self.uid if self.name else None,
            group=self.gid if self.name else None,
            extra_groups=() if self.name else None,
        )


def accounts() -> tuple[Account, Account]:
    """The account of the scratch cluster, and the one that reads the dump. Raises Problem where root has none to use."""
    if os.geteuid() != 0:
        return Account(), Account()
    server = next(filter(None, map(_account, SERVERS)), None)
    reader = _account("nobody")
    if server is None or reader is None:
        raise Problem(
            Text(
                "PostgreSQL tidak mau berjalan sebagai root, dan pengguna postgres (atau pantau) serta nobody tidak ada di "
                "server ini; pasang PostgreSQL dari paket distribusi",
                "PostgreSQL refuses to run as root, and this server lacks the user postgres (or pantau), or nobody; install "
                "PostgreSQL from the packages of the distribution",
            )
        )
    return server, reader


def _account(name: str) -> Account | None:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, found.pw_uid, found.pw_gid)


def end(process: subprocess.Popen[bytes] | None) -> None:
    """Kill a program and what it started in its session, and reap it."""
    if process is None:
        return
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def end_all_in(folder: Path) -> int:
    """Kill every program of a restore test that works in `folder` or below; returns how many there were."""
    ended = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _is_ours(entry, folder):
            with contextlib.suppress(OSError):
                handle = os.pidfd_open(int(entry.name))
                try:
                    if _is_ours(entry, folder):  # still the same process: the number may have been given to another
                        signal.pidfd_send_signal(handle, signal.SIGKILL)
                        ended += 1
                finally:
                    os.close(handle)
    return ended


def _is_ours(entry: Path, folder: Path) -> bool:
    try:
        works_in = Path((entry / "cwd").readlink())
        program = (entry / "exe").readlink().name
    except OSError:
        return False
    return works_in.is_relative_to(folder) and program.removesuffix(" (deleted)") in PROGRAMS


def step_back() -> None:
    """Let everything else on this server go first: processor, disk, and memory when it runs out. What cannot be had is left."""
    with contextlib.suppress(OSError):
        os.nice(19)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")
    if ionice := shutil.which("ionice", path=PATH):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run([ionice, "-c", "3", "-p", str(os.getpid())], check=False, capture_output=True, timeout=10)
