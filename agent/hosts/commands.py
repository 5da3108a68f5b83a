"""Run one command with limits.

Laws:
- Never through a shell; never with the caller's environment; standard input is empty.
- A command that runs too long or prints too much is killed with all its children, and is Missing.
- Nothing of a command outlives its reading: what it left in its session is killed, however it ended.
- stdout and stderr are read together, so neither can fill its pipe and block.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import selectors
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO

from checks.fact import Absent, Missing
from checks.source import Command
from checks.text import Text

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENVIRONMENT = {"PATH": PATH, "LC_ALL": "C", "LANG": "C", "HOME": "/nonexistent", "TERM": "dumb", "PAGER": "cat"}
POSTGRESQL = frozenset({"psql", "pg_isready", "pg_restore"})
STDERR_KEPT = 4096  # bytes


def find(name: str) -> str | None:
    """Where a program is. On Debian `psql` is a Perl script that looks for the real one; the newest real one is asked at once."""
    if name in POSTGRESQL:
        folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/").glob("usr/pgsql-*/bin")]
        for folder in sorted(
            folders, key=lambda folder: int("".join(filter(str.isdigit, str(folder))) or 0), reverse=True
        ):
            if (folder / name).exists():
                return str(folder / name)
    return shutil.which(name, path=PATH)


def run(source: Command, user: str | None = None) -> str:
    """What the command printed on stdout. Raises Missing, or Absent where the command is the thing itself.

    `user`: who runs it, if not we ourselves (needs root); not through runuser, whose PAM session would cost as much as
    the command and stand in the log of logins each minute.
    """
    name = source.argv[0]
    program = find(source.argv[0])
    if program is None:
        if source.is_the_thing:
            raise Absent(Text(f"{name} tidak terpasang", f"{name} is not installed"))
        raise Missing(Text(f"perintah {name} tidak terpasang", f"the command {name} is not installed"))
    argv = [program, *source.argv[1:]]
    if source.heavy:
        argv = [*_modest(), *argv]
    try:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            cwd="/",
            start_new_session=True,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
        )
    except OSError as error:
        raise Missing(f"{name}: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in an argument that came from the audited host
        raise Missing(f"{name}: {error}") from error
    try:
        stdout, stderr = _drain(process, source, name)
    finally:
        _end(process)
    if process.returncode not in source.ok:
        code, said = process.returncode, stderr.decode("utf-8", "replace").strip().splitlines()
        reason = f": {_short(said[0], (f'{program}:', f'{name}:', 'error:'))[:200]}" if said else ""
        raise Missing(Text(f"{name} berakhir dengan kode {code}{reason}", f"{name} ended with code {code}{reason}"))
    return stdout.decode("utf-8", errors="replace")


def _modest() -> list[str]:
    """What lets a command work only with what others leave: of the processors, and of the disks where their scheduler knows
    priorities. `-t`: a kernel that refuses runs it all the same.
    """
    nice, ionice = shutil.which("nice", path=PATH), shutil.which("ionice", path=PATH)
    return [*([nice, "-n", "19"] if nice else []), *([ionice, "-c", "3", "-t"] if ionice else [])]


def _drain(process: subprocess.Popen[bytes], source: Command, name: str) -> tuple[bytes, bytes]:
    assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018 - Popen was given pipes
    out, err = bytearray(), bytearray()
    deadline = time.monotonic() + source.timeout
    with selectors.DefaultSelector() as selector:
        for pipe in (process.stdout, process.stderr):
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            left = deadline - time.monotonic()
            ready = selector.select(left) if left > 0 else []
            if not ready:
                raise Missing(_too_slow(name, source))
            for key, _ in ready:
                pipe_: IO[bytes] = key.fileobj  # type: ignore[assignment]
                chunk = os.read(pipe_.fileno(), 65536)
                if not chunk:
                    selector.unregister(pipe_)
                elif pipe_ is process.stdout:
                    out += chunk
                    if len(out) > source.max_bytes:
                        raise Missing(
                            Text(
                                f"{name} mencetak lebih dari {source.max_bytes} byte",
                                f"{name} printed more than {source.max_bytes} bytes",
                            )
                        )
                else:
                    err += chunk[: max(0, STDERR_KEPT - len(err))]
    pause = 0.0005
    while not _ended(process):  # it closed both pipes and works on
        if time.monotonic() > deadline:
            raise Missing(_too_slow(name, source))
        time.sleep(pause)
        pause = min(2 * pause, 0.05)
    return bytes(out), bytes(err)


def _ended(process: subprocess.Popen[bytes]) -> bool:
    """Has it ended? It is not reaped: until then its id, and that of its session, belongs to nobody else."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _short(said: str, prefixes: tuple[str, ...]) -> str:
    """`said` without what the sentence around it says already."""
    for prefix in prefixes:
        said = said.removeprefix(prefix).lstrip()
    return said


def _too_slow(name: str, source: Command) -> Text:
    return Text(
        f"{name} tidak selesai dalam {source.timeout:g} detik", f"{name} did not end within {source.timeout:g} s"
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the command's session, also below a command that has ended itself, and reap it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
