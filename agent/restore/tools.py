"""The PostgreSQL releases that are installed here with everything a restore test needs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.hosts.commands import ENVIRONMENT
from agent.problem import Problem
from checks.text import Text

FOLDERS = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/pgsql-*/bin",  # packages of the PostgreSQL project on EL
    "usr/bin",  # EL
    "usr/local/pgsql/bin",
)
NEEDED = ("initdb", "postgres", "psql", "pg_restore")
VERSION = re.compile(r"\(PostgreSQL\) ((\d+)[.\w]*)")
NONE = Text(
    "PostgreSQL (initdb, postgres, psql, pg_restore) tidak terpasang di server ini, jadi tidak ada tempat memulihkan; "
    "jalankan uji ini di server basis data, atau pasang paket PostgreSQL dengan versi utama yang sama",
    "PostgreSQL (initdb, postgres, psql, pg_restore) is not installed on this server, so there is nothing to restore into; run "
    "this test on the database server, or install PostgreSQL of the same major version",
)


@dataclass(frozen=True, order=True)
class Tools:
    """One installed release: its major number, the whole version, and the folder of its programs."""

    major: int
    version: str
    folder: Path

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


def installed(root: Path = Path("/")) -> tuple[Tools, ...]:
    """All complete releases below `root`, oldest first."""
    found = set()
    for pattern in FOLDERS:
        for folder in root.glob(pattern):
            if all((folder / name).exists() for name in NEEDED) and (tools := _tools(folder)):
                found.add(tools)
    return tuple(sorted(found))


def _tools(folder: Path) -> Tools | None:
    try:
        done = subprocess.run(
            [folder / "postgres", "--version"], env=ENVIRONMENT, cwd="/", capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = VERSION.search(done.stdout.decode("utf-8", "replace"))
    return Tools(int(match[2]), match[1], folder) if match else None


def fitting(among: Sequence[Tools], major: int | None) -> Tools:
    """The release of that major number, else the next newer one, else the newest. Raises Problem where there is none."""
    if not among:
        raise Problem(NONE)
    newer = [tools for tools in among if major is not None and tools.major >= major]
    return newer[0] if newer else among[-1]
